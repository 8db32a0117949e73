import { signal } from '@preact/signals';
import { call, on } from '../state/calls.ts';
import type { Recent } from './bars.ts';

/** How many runs a strip shows. */
export const STRIP_RUNS = 20;

/** The last runs of the jobs that are seen, by the job's name. */
export const recent = signal<ReadonlyMap<string, Recent>>(new Map());

/** Runs that end together are read together, in milliseconds. */
const SOON_MS = 60;
/** The most jobs that are asked for at one time. */
const MOST_JOBS = 200;

let seen: readonly string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** These jobs are seen now: their last runs are read where they are not known. */
export function seeJobs(names: readonly string[]): void {
  seen = names.slice(0, MOST_JOBS);
  if (seen.some((name) => !recent.value.has(name))) readSoon();
}

function readSoon(): void {
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    timer = undefined;
    void read();
  }, SOON_MS);
}

async function read(): Promise<void> {
  const names = seen;
  if (names.length === 0 || document.hidden) return;
  try {
    const { jobs } = await call('recent', { jobs: [...names], limit: STRIP_RUNS });
    const known = new Map(jobs.map(({ job, runs }) => [job, runs]));
    recent.value = new Map(names.map((name) => [name, known.get(name) ?? []]));
  } catch {
    // Without a daemon that runs there are no runs to be shown; its state says so.
    recent.value = new Map();
  }
}

on('run', (run) => {
  if (run.state !== 'ended') return;
  if (seen.includes(run.job)) readSoon();
  else recent.value = new Map([...recent.value].filter(([job]) => job !== run.job));
});
on('jobs', readSoon);
document.addEventListener('visibilitychange', readSoon);
