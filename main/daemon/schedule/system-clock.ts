import { LONGEST_SLEEP_MS, type TimerClock } from './timer.ts';

/** How much earlier than asked for a timer of Node is set that is to end on the millisecond. */
const EARLIER_MS = 2;

/**
 * The clocks and timers of this computer. Whether `monotonic` goes on during sleep differs between systems.
 */
export const systemClock: TimerClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(delayMs, callback) {
    // A look at the clock once a minute has time.
    if (delayMs >= LONGEST_SLEEP_MS) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    }
    // Node's timers come up to two milliseconds late: the last of them are waited for turn by turn.
    const atMs = Date.now() + delayMs;
    const latest = performance.now() + delayMs + EARLIER_MS;
    let turn: NodeJS.Immediate | undefined;
    const wait = (): void => {
      if (Date.now() >= atMs || performance.now() >= latest) callback();
      else turn = setImmediate(wait);
    };
    const timer = setTimeout(wait, Math.max(1, delayMs - EARLIER_MS));
    return () => {
      clearTimeout(timer);
      clearImmediate(turn);
    };
  },
};
