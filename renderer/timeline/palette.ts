import type { Palette } from './draw.ts';

/** Reads the colours of the theme in force from the page's style, where they are set once. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    marks: {
      succeeded: color('succeeded'),
      failed: color('failed'),
      'timed-out': color('timed-out'),
      cancelled: color('cancelled'),
      skipped: color('skipped'),
      lost: color('lost'),
      running: color('running'),
      queued: color('queued'),
    },
    upcoming: color('upcoming'),
    grid: color('grid'),
    day: color('grid-day'),
    now: color('now'),
    asleep: color('asleep'),
    down: color('down'),
    ring: color('accent'),
    ground: color('background'),
  };
}
