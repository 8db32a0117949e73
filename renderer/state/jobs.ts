import { computed, effect, signal } from '@preact/signals';
import type { JobView } from '../../main/control/views.ts';
import { answering } from './app.ts';
import { applyRun } from './apply-run.ts';
import { call, on } from './calls.ts';

/** The jobs as they were told last. */
export const jobs = signal<readonly JobView[]>([]);
/** Whether the list has been read, so that none in it means that there are none. */
export const haveJobsBeenRead = signal(false);
export const jobNames = computed(() => jobs.value.map(({ name }) => name));
/** Why they are not known; undefined if they are. */
export const jobsError = signal<Error | undefined>(undefined);

async function read(): Promise<void> {
  if (document.hidden) return;
  try {
    jobs.value = (await call('jobs')).jobs;
    jobsError.value = undefined;
  } catch (error) {
    jobsError.value = error as Error;
  }
  haveJobsBeenRead.value = true;
}

/** What changes together is read together, in milliseconds. */
const SOON_MS = 100;

let timer: ReturnType<typeof setTimeout> | undefined;
const soon = (): void => {
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    timer = undefined;
    void read();
  }, SOON_MS);
};
on('jobs', soon);
on('run', (run) => {
  jobs.value = applyRun(jobs.value, run);
  // It is due at another time now.
  soon();
});
document.addEventListener('visibilitychange', soon);
effect(() => {
  void answering.value;
  void read();
});
