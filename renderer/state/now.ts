import { signal } from '@preact/signals';

/** The time in milliseconds since 1970, by the second; it stands still while the window is hidden, which wakes nobody. */
export const now = signal(Date.now());

let timer: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
  clearTimeout(timer);
  if (document.hidden) return;
  now.value = Date.now();
  timer = setTimeout(tick, 1_000 - (now.value % 1_000) + 5);
}

document.addEventListener('visibilitychange', tick);
tick();
