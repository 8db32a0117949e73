import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { LoadedRuns, MOST_HELD } from '../../../renderer/timeline/loaded-runs.ts';
import { markAt, marksOf, NARROWEST } from '../../../renderer/timeline/marks.ts';
import {
  LENGTHS,
  panned,
  spanAround,
  ticksOf,
  timeOf,
  xOf,
  zoomed,
} from '../../../renderer/timeline/span.ts';
import { at, runAt } from './run-view.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 29, 12);

describe('the span', () => {
  test('keeps the time under the pointer where it is while zooming', () => {
    const span = spanAround(NOW, LENGTHS.day);
    const about = timeOf(300, span, 1_000);
    expect(xOf(about, zoomed(span, 0.3, about), 1_000)).toBeCloseTo(300, 0);
  });

  test('has a shortest and a longest length', () => {
    let span = spanAround(NOW, LENGTHS.day);
    for (let step = 0; step < 50; step++) span = zoomed(span, 0.5, NOW);
    expect(span.until - span.from).toBe(120_000);
    for (let step = 0; step < 50; step++) span = zoomed(span, 2, NOW);
    expect(span.until - span.from).toBe(31 * 24 * HOUR);
  });

  test('is moved at most until what comes next begins at its left edge', () => {
    expect(panned(spanAround(NOW, LENGTHS.day), 1e12, NOW).from).toBeLessThan(NOW + LENGTHS.day);
  });

  test('has ticks at round times of the local clock, each with its room', () => {
    for (const length of [120_000, HOUR, LENGTHS.day, LENGTHS.week, 31 * 24 * HOUR]) {
      const span = spanAround(NOW, length);
      const ticks = ticksOf(span, 1_000, 80);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThanOrEqual(13);
      for (const tick of ticks) expect(new Date(tick.at).getSeconds() % 15).toBe(0);
    }
  });
});

describe('marks of a lane', () => {
  const span = { from: NOW - 24 * HOUR, until: NOW };

  test('are as wide as the run is long, and never invisible', () => {
    const long = runAt(NOW - 12 * HOUR, { endedAt: at(NOW - 6 * HOUR) });
    const short = runAt(NOW - HOUR);
    const marks = marksOf([long, short], span, 960, NOW);
    expect(marks).toMatchObject([
      { x: 480, width: 240 },
      { x: 920, width: NARROWEST },
    ]);
  });

  test('reach from a running run to now, and put one that never ran where it was due', () => {
    const running = runAt(NOW - 6 * HOUR, { state: 'running', endedAt: null, outcome: null });
    const skipped = runAt(NOW - 3 * HOUR, {
      startedAt: null,
      due: at(NOW - 12 * HOUR),
      outcome: { kind: 'skipped', reason: 'still running since 09:14' },
    });
    expect(marksOf([running], span, 960, NOW)).toMatchObject([{ x: 720, width: 240, kind: 'running' }]);
    expect(marksOf([skipped], span, 960, NOW)).toMatchObject([{ x: 480, kind: 'skipped' }]);
  });

  test('stand for several runs that ended alike where these are too dense', () => {
    const runs = Array.from({ length: 10_000 }, (_, index) =>
      runAt(span.from + index * 8_640, {
        outcome:
          index === 5_000
            ? { kind: 'failed', cause: { kind: 'exit', code: 3 } }
            : { kind: 'succeeded', exitCode: 0 },
      }),
    );
    const marks = marksOf(runs, span, 960, NOW);
    expect(marks.length).toBeLessThan(330);
    expect(marks.reduce((sum, mark) => sum + mark.runs.length, 0)).toBe(10_000);
    expect(marks.filter(({ kind }) => kind === 'failed')).toHaveLength(1);
    const failed = marks.find(({ kind }) => kind === 'failed');
    expect(failed?.width).toBe(NARROWEST);
    expect(markAt(marks, (failed?.x ?? 0) + 2)).toBe(failed);
    for (const [index, mark] of marks.entries())
      expect(mark.x).toBeGreaterThanOrEqual(marks[index - 1]?.x ?? -1);
  });

  test('leave out what is not seen', () => {
    expect(marksOf([runAt(NOW - 48 * HOUR), runAt(NOW + HOUR)], span, 960, NOW)).toEqual([]);
  });

  test('are found by where they are', () => {
    const marks = marksOf([runAt(NOW - 12 * HOUR), runAt(NOW - HOUR)], span, 960, NOW);
    expect(markAt(marks, 482)).toBe(marks[0]);
    expect(markAt(marks, 487)).toBe(marks[0]);
    expect(markAt(marks, 600)).toBeUndefined();
  });
});

describe('loaded runs', () => {
  const history = (count: number, every: number) => {
    const runs = Array.from({ length: count }, (_, index) => runAt(NOW - (index + 1) * every));
    const asked: { from: number; until: number }[] = [];
    const load = async (span: { from: number; until: number }, cursor: string | undefined, limit: number) => {
      asked.push(span);
      const within = runs.filter(({ queuedAt, id }) => {
        const time = Date.parse(queuedAt);
        return time >= span.from && time < span.until && (cursor === undefined || id < cursor);
      });
      return {
        runs: within.slice(0, limit),
        next: within.length > limit ? (within[limit - 1]?.id ?? null) : null,
      };
    };
    return { asked, load };
  };
  const settle = async (loaded: LoadedRuns) => {
    do await setImmediate();
    while (loaded.isLoading);
  };

  test('are all those of the span, and only what is missing is asked for', async () => {
    const { load, asked } = history(5_000, 60_000);
    const loaded = new LoadedRuns(load, () => {});
    loaded.see({ from: NOW - 24 * HOUR, until: NOW + HOUR }, NOW);
    await settle(loaded);
    expect(loaded.lane('backup')).toHaveLength(1_815);
    asked.length = 0;
    loaded.see({ from: NOW - 26 * HOUR, until: NOW }, NOW);
    await settle(loaded);
    expect(asked).toEqual([{ from: NOW - 32.5 * HOUR, until: NOW - 30.25 * HOUR }]);
    expect(loaded.lane('backup')).toHaveLength(1_950);
    asked.length = 0;
    loaded.see({ from: NOW - 20 * HOUR, until: NOW }, NOW);
    await settle(loaded);
    expect(asked).toEqual([]);
  });

  test('begin anew after a leap', async () => {
    const { load } = history(50_000, 60_000);
    const loaded = new LoadedRuns(load, () => {});
    loaded.see({ from: NOW - HOUR, until: NOW }, NOW);
    await settle(loaded);
    loaded.see({ from: NOW - 300 * HOUR, until: NOW - 299 * HOUR }, NOW);
    await settle(loaded);
    expect(loaded.size).toBe(75);
  });

  test('are the newest where there are too many, and say so', async () => {
    const { load } = history(60_000, 1_000);
    const loaded = new LoadedRuns(load, () => {});
    loaded.see({ from: NOW - 24 * HOUR, until: NOW }, NOW);
    await settle(loaded);
    expect(loaded.size).toBe(MOST_HELD);
    expect(loaded.tooManyBefore).toBe(NOW - MOST_HELD * 1_000);
    loaded.see({ from: NOW - HOUR, until: NOW }, NOW);
    await settle(loaded);
    expect(loaded.tooManyBefore).toBeUndefined();
  });

  test('take runs as they come, in the order of their time', async () => {
    const { load } = history(10, 60_000);
    const loaded = new LoadedRuns(load, () => {});
    loaded.see({ from: NOW - HOUR, until: NOW }, NOW);
    await settle(loaded);
    loaded.take(runAt(NOW + 1, { state: 'running' }));
    loaded.take(runAt(NOW + 1, { state: 'ended' }));
    loaded.take(runAt(NOW - 100 * HOUR));
    const lane = loaded.lane('backup');
    expect(lane).toHaveLength(11);
    expect(lane.at(-1)).toMatchObject({ state: 'ended', queuedAt: at(NOW + 1) });
  });
});
