import type { TimerClock } from './timer.ts';

/**
 * The clocks and timers of this computer. Whether `monotonic` goes on during sleep differs between systems.
 */
export const systemClock: TimerClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
