import type { BenchJob } from './contenders.ts';

/** Jobs that are due once a day, half a day from now: nothing is to be done for them meanwhile. */
export function idleJobs(count: number): BenchJob[] {
  const hour = (new Date().getHours() + 12) % 24;
  return Array.from({ length: count }, (_, index) => ({
    name: `job-${index}`,
    pattern: `${index % 60} ${Math.floor(index / 60) % 60} ${hour} * * *`,
    command: `echo job ${index}`,
  }));
}
