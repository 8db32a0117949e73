import { effect, signal, untracked } from '@preact/signals';
import type { HealthReport } from '../health/report.ts';
import { answering } from './app.ts';
import { CallError, call, on } from './calls.ts';

/** What is known of the health. */
type Health =
  | { readonly state: 'loading' }
  | { readonly state: 'known'; readonly report: HealthReport }
  /** The daemon is of a version that does not tell it. */
  | { readonly state: 'older' }
  | { readonly state: 'refused'; readonly error: Error };

export const health = signal<Health>({ state: 'loading' });
/** Whether it is being looked at now; what was known stays until that is done. */
export const isLooking = signal(false);

/** The daemon looks at everything each time: however often it is told that much changes, not more often, in milliseconds. */
const APART_MS = 2_000;

let watchers = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let lookedMs = Number.NEGATIVE_INFINITY;
let isWantedAgain = false;

const isSeen = (): boolean => watchers > 0 && !document.hidden && answering.value !== undefined;

/** Has the daemon look now. Does not reject. */
export async function lookAtHealth(): Promise<void> {
  if (isLooking.value || !isSeen()) return;
  clearTimeout(timer);
  timer = undefined;
  isLooking.value = true;
  isWantedAgain = false;
  const asked = answering.value;
  let found: Health;
  try {
    found = { state: 'known', report: await call('health') };
  } catch (error) {
    found =
      error instanceof CallError && error.code === 'unknown-path'
        ? { state: 'older' }
        : { state: 'refused', error: error as Error };
  }
  isLooking.value = false;
  lookedMs = performance.now();
  if (asked === answering.value) health.value = found;
  else void lookAtHealth();
  if (isWantedAgain) lookSoon();
}

/** Looks as soon as that is due again. */
function lookSoon(): void {
  isWantedAgain = true;
  if (timer !== undefined || isLooking.value || !isSeen()) return;
  timer = setTimeout(
    () => {
      timer = undefined;
      void lookAtHealth();
    },
    Math.max(0, lookedMs + APART_MS - performance.now()),
  );
}

/** Keeps the health as it is for as long as somebody sees it; returns how to end that. */
export function watchHealth(): () => void {
  watchers++;
  void lookAtHealth();
  return () => {
    watchers--;
  };
}

on('health', () => {
  // What is told during a look is what the look itself has found.
  if (!isLooking.value) lookSoon();
});
on('alerts', lookSoon);
document.addEventListener('visibilitychange', () => void lookAtHealth());
effect(() => {
  void answering.value;
  // What is known is of another daemon.
  health.value = { state: 'loading' };
  untracked(() => void lookAtHealth());
});
