import { computed, effect, signal } from '@preact/signals';
import { answering } from './app.ts';
import { call, on } from './calls.ts';
import type { JobView } from './views.ts';

/** The jobs as they were told last. */
export const jobs = signal<readonly JobView[]>([]);
export const jobNames = computed(() => jobs.value.map(({ name }) => name));
/** Why they are not known; undefined if they are. */
export const jobsError = signal<Error | undefined>(undefined);

/** However much happens, they are not read more often, in milliseconds. */
const REFRESH_MS = 100;

async function read(): Promise<void> {
  if (document.hidden) return;
  try {
    jobs.value = (await call('jobs')).jobs;
    jobsError.value = undefined;
  } catch (error) {
    jobsError.value = error as Error;
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;
const soon = (): void => {
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    timer = undefined;
    void read();
  }, REFRESH_MS);
};
on('jobs', soon);
on('run', soon);
document.addEventListener('visibilitychange', soon);
effect(() => {
  void answering.value;
  void read();
});
