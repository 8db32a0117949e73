import { ableContenders, startContender } from './contenders.ts';
import { aheadLine, figuresLine, median } from './figures.ts';
import { idleJobs } from './idle-jobs.ts';

/** From the spawn of a daemon, or of a script, until it answers or says that it runs; by turns. */
export async function benchStart(jobs: number, runs: number): Promise<void> {
  const what = `start with ${jobs.toLocaleString('en')} jobs`;
  const able = ableContenders(what, false);
  const times = new Map<string, number[]>(able.map(({ name }) => [name, []]));
  for (let index = -1; index < runs; index++)
    for (const contender of able) {
      const started = await startContender(contender, idleJobs(jobs));
      await started.stop();
      // The first ones fill the system's caches.
      if (index >= 0) times.get(contender.name)?.push(started.startMs);
    }
  for (const [name, values] of times)
    console.log(figuresLine({ name: `${what}, ${name}`, unit: 'ms', values }));
  console.log(aheadLine('median', times, median, 'ms'));
}
