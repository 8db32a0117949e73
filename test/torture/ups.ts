import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, ownerOf, processesNaming, soloist } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { Tally, type TortureResult } from './result.ts';

/** Many `soloist up` at once, in half of the rounds after the last daemon was killed: one daemon, one success. */
export async function raceUps(count: number, rounds: number): Promise<TortureResult> {
  const tally = new Tally(`${count} soloist up at once`);
  const folder = temporaryFolder();
  let home = join(folder, 'home-0');
  for (let index = 0; index < rounds; index++) {
    tally.round();
    const afterCrash = index % 2 === 1;
    if (!afterCrash) home = join(folder, `home-${index}`);
    const outputs = await Promise.all(
      Array.from({ length: count }, () => soloist(home, ['up', '--wait', '60s'])),
    );
    const succeeded = outputs.filter(({ exitCode }) => exitCode === 0);
    tally.expect(succeeded.length === 1, `${succeeded.length} exit codes 0`);
    for (const { exitCode, stderr } of outputs) {
      if (exitCode === 0) continue;
      const clear = exitCode === 1 && stderr.startsWith('Daemon already running');
      tally.expect(clear, `exit code ${exitCode}: ${stderr}`);
      tally.count('refusals');
    }
    const daemons = await processesNaming(home);
    tally.expect(daemons.length === 1, `${daemons.length} daemon processes`);
    tally.expect(
      ownerOf(home)?.pid === daemons[0],
      `the record names ${ownerOf(home)?.pid}, not ${daemons[0]}`,
    );
    if (afterCrash || index === rounds - 1) {
      const { exitCode } = await soloist(home, ['down']);
      tally.expect(exitCode === 0 && (await processesNaming(home)).length === 0, 'down did not end it');
      rmSync(home, { recursive: true, force: true });
    } else {
      for (const pid of daemons) process.kill(pid, 'SIGKILL');
      await eventually('the killed daemon is gone', async () => (await processesNaming(home)).length === 0);
      tally.count('rounds after a SIGKILL');
    }
  }
  return tally.result();
}
