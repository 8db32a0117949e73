import type { RunId } from './run.ts';

/** Fixed width until the year 2059, so that ids sort as text too. */
const WIDTH = 8;

/** The text that names the run with this number (a safe integer, not negative). */
export function formatRunId(number: number): RunId {
  return number.toString(36).padStart(WIDTH, '0');
}

/** The number behind a run's id, or undefined if no run can have this text as its id. */
export function parseRunId(text: string): number | undefined {
  if (!/^[0-9a-z]{8,11}$/i.test(text)) return undefined;
  const number = Number.parseInt(text, 36);
  // 'zzzzzzzzzzz' has more digits than a JavaScript number holds exactly.
  return Number.isSafeInteger(number) ? number : undefined;
}

/**
 * The number of the next run: the time in milliseconds, or one more than the last number where that is taken
 * (many runs in one millisecond, or a clock that was set back).
 */
export function nextRunNumber(last: number | undefined, at: number): number {
  return last === undefined ? at : Math.max(last + 1, at);
}
