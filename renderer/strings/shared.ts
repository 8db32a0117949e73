/** Of a stop that waits for runs, for so many seconds at most. */
export const stoppingRuns = (runs: number, seconds: number): string =>
  `Stopping: waiting for ${runs} ${runs === 1 ? 'run' : 'runs'}, ${seconds} s left`;
