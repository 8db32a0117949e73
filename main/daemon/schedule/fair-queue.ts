/** A run that waits for its turn. Times are epoch milliseconds, or any one clock that does not go back. */
export interface WaitingRun {
  readonly runId: string;
  readonly job: string;
  readonly dueMs: number;
  /** When it began to wait. */
  readonly waitingSinceMs: number;
  /** How many runs of its job may go at once (`mostAtOnce`). */
  readonly mostAtOnce: number;
  /**
   * A service is always running by nature: it takes no place, so that services never keep jobs from running.
   */
  readonly service: boolean;
}

/** A run that is going, or being ended. */
export interface RunningRun {
  readonly job: string;
  readonly service: boolean;
}

/**
 * Which waiting runs may start now, in the order in which to start them, so that no more than `maxConcurrent`
 * runs go at once (services apart) and no job exceeds its own limit. `lastStartedMs` tells when a run of a
 * job was last started.
 *
 * The turn of a run comes by the time since which it or its job has been left waiting: when it began to wait
 * or when its job last got a place, whichever is later. At the same time, who has had no place goes first,
 * then the oldest due time. So the longest-waiting goes first, a job with many waiting runs takes turns with
 * the others, and whatever waits is passed at most once by each other job.
 */
export function pickToStart(
  waiting: readonly WaitingRun[],
  running: readonly RunningRun[],
  maxConcurrent: number,
  lastStartedMs: ReadonlyMap<string, number>,
): readonly string[] {
  const going = new Map<string, number>();
  for (const { job } of running) going.set(job, (going.get(job) ?? 0) + 1);
  let places = maxConcurrent - running.filter(({ service }) => !service).length;

  const turnOf = (run: WaitingRun) => {
    const startedMs = lastStartedMs.get(run.job) ?? Number.NEGATIVE_INFINITY;
    return {
      run,
      ms: Math.max(run.waitingSinceMs, startedMs),
      hadOne: startedMs >= run.waitingSinceMs ? 1 : 0,
    };
  };
  let left = waiting
    .map(turnOf)
    .sort(
      (one, other) =>
        one.ms - other.ms ||
        one.hadOne - other.hadOne ||
        one.run.dueMs - other.run.dueMs ||
        (one.run.runId < other.run.runId ? -1 : 1),
    )
    .map(({ run }) => run);
  const picked: string[] = [];
  // In each round every job gets at most one more place, as it would had the places become free one by one.
  for (;;) {
    const started = new Set<string>();
    const stillLeft: WaitingRun[] = [];
    for (const run of left) {
      const { job, runId, service, mostAtOnce } = run;
      const jobGoing = going.get(job) ?? 0;
      if (started.has(job) || jobGoing >= mostAtOnce || (!service && places <= 0)) {
        stillLeft.push(run);
        continue;
      }
      picked.push(runId);
      started.add(job);
      going.set(job, jobGoing + 1);
      if (!service) places -= 1;
    }
    if (started.size === 0) return picked;
    left = stillLeft;
  }
}
