import type { RunView } from '../../../main/daemon/jobs/views.ts';

export const at = (ms: number): string => new Date(ms).toISOString();

/** A run that was queued at this time in milliseconds, with an id that sorts by it. */
export function runAt(ms: number, change: Partial<RunView> = {}): RunView {
  return {
    id: ms.toString(36).padStart(8, '0'),
    job: 'backup',
    trigger: 'cron',
    due: at(ms),
    attempt: 1,
    state: 'ended',
    queuedAt: at(ms),
    startedAt: at(ms),
    endedAt: at(ms + 1_000),
    outcome: { kind: 'succeeded', exitCode: 0 },
    pid: 4242,
    usage: null,
    output: null,
    ...change,
  };
}

/** A history of these runs, oldest first, that is read as the daemon's: newest first, by cursor. */
export function historyOf(runs: RunView[]) {
  const asked: { cursor: string | undefined; limit: number }[] = [];
  return {
    runs,
    asked,
    load: async (cursor: string | undefined, limit: number) => {
      asked.push({ cursor, limit });
      const newestFirst = runs.toReversed().filter(({ id }) => cursor === undefined || id < cursor);
      const page = newestFirst.slice(0, limit);
      return { runs: page, next: newestFirst.length > limit ? (page.at(-1)?.id ?? null) : null };
    },
  };
}
