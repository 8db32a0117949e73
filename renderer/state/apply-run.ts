import type { JobView, RunView } from '../../main/control/views.ts';

/** The jobs after a run is told of as it is now. A run of no job of these, or older news of an ended one, changes nothing. */
export function applyRun(jobs: readonly JobView[], run: RunView): readonly JobView[] {
  return jobs.map((job) => {
    if (job.name !== run.job || (run.state !== 'ended' && job.last?.id === run.id)) return job;
    const others = (runs: readonly RunView[]): readonly RunView[] => runs.filter(({ id }) => id !== run.id);
    const isNewest = job.last === null || (job.last.endedAt ?? '') <= (run.endedAt ?? '');
    return {
      ...job,
      running: run.state === 'running' ? [...others(job.running), run] : others(job.running),
      queued: run.state === 'queued' ? [...others(job.queued), run] : others(job.queued),
      last: run.state === 'ended' && isNewest ? run : job.last,
    };
  });
}
