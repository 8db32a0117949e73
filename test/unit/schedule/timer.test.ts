import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../main/daemon/schedule/system-clock.ts';
import {
  DueTimer,
  type Firing,
  JUMP_MS,
  LONGEST_SLEEP_MS,
  type TimerEntry,
} from '../../../main/daemon/schedule/timer.ts';
import { HeldClock } from './clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 4, 1);

let clock: HeldClock;
let firings: Firing[];
let timer: DueTimer;

beforeEach(() => {
  clock = new HeldClock(START);
  firings = [];
  timer = new DueTimer(clock, (firing) => {
    firings.push(firing);
  });
});

function set(name: string, inMs: number): void {
  timer.set({ name, atMs: START + inMs, dueMs: START + inMs });
}

const names = (firing: Firing | undefined) => firing?.due.map(({ name }) => name);

describe('fires', () => {
  test('at the time, in order, each entry once', () => {
    set('b', 5 * SECOND);
    set('a', 5 * SECOND);
    set('c', 2 * SECOND);
    clock.advance(2 * SECOND - 1);
    expect(firings).toEqual([]);
    clock.advance(1);
    expect(firings).toEqual([
      {
        nowMs: START + 2 * SECOND,
        due: [{ name: 'c', atMs: START + 2 * SECOND, dueMs: START + 2 * SECOND, lateMs: 0 }],
        passage: { kind: 'steady' },
      },
    ]);
    clock.advance(HOUR);
    expect(firings.slice(1).map(names)).toEqual([['a', 'b']]);
    expect(timer.size).toBe(0);
  });

  test('says how late it is', () => {
    set('a', 1_500);
    clock.advance(10 * SECOND, () => 37);
    expect(firings[0]?.due[0]?.lateMs).toBe(37);
  });

  test('what is past already as soon as may be, but not within the call that sets it', () => {
    set('a', -HOUR);
    expect(firings).toEqual([]);
    clock.advance(1);
    expect(names(firings[0])).toEqual(['a']);
  });

  test('not early when the timer does', () => {
    set('a', 10 * SECOND);
    // The wall clock is slowed down a little, as by NTP.
    clock.wall -= 20;
    clock.advance(10 * SECOND);
    expect(firings).toEqual([]);
    clock.advance(20);
    expect(firings[0]?.due[0]?.lateMs).toBe(0);
  });

  test('not what was removed, and only the last of what was replaced', () => {
    set('a', SECOND);
    set('b', 2 * SECOND);
    set('c', 3 * SECOND);
    set('b', 4 * SECOND);
    expect(timer.remove('a')).toBe(true);
    expect(timer.remove('a')).toBe(false);
    expect(timer.next()?.name).toBe('c');
    clock.advance(MINUTE);
    expect(firings.map(names)).toEqual([['c'], ['b']]);
  });

  test('what is set while it fires, in the next firing', () => {
    let times = 0;
    timer = new DueTimer(clock, () => {
      times += 1;
      if (times < 5) timer.set({ name: 'a', atMs: START + times * SECOND, dueMs: START + times * SECOND });
    });
    set('a', 0);
    clock.advance(10 * SECOND);
    expect(times).toBe(5);
    expect(clock.timers).toBe(0);
  });

  test('on, after its owner has failed', () => {
    timer = new DueTimer(clock, ({ due }) => {
      if (due.some(({ name }) => name === 'bad')) throw new Error('failed');
      firings.push({ nowMs: 0, due, passage: { kind: 'steady' } });
    });
    set('bad', SECOND);
    set('good', 2 * SECOND);
    expect(() => clock.advance(SECOND)).toThrow('failed');
    clock.advance(SECOND);
    expect(firings.map(names)).toEqual([['good']]);
  });
});

describe('sleeps', () => {
  test('without entries for ever, with a far one a minute at a time, never beyond what a timer can', () => {
    expect(clock.timers).toBe(0);
    set('a', 400 * 24 * HOUR);
    clock.advance(HOUR);
    expect(clock.wakes).toBe(60);
    expect(Math.max(...clock.delays)).toBe(LONGEST_SLEEP_MS);
    expect(clock.timers).toBe(1);
    timer.remove('a');
    expect(clock.timers).toBe(0);
    clock.advance(HOUR);
    expect(clock.wakes).toBe(60);
    expect(firings).toEqual([]);
  });

  test('with one timer, however many entries', () => {
    for (let index = 0; index < 1_000; index += 1) set(`job-${index}`, (1_000 - index) * SECOND);
    expect(clock.timers).toBe(1);
    timer.stop();
    expect(clock.timers).toBe(0);
    expect(timer.next()).toBeUndefined();
  });
});

describe('tells ahead', () => {
  let told: string[];
  beforeEach(() => {
    told = [];
    const tell = (entries: readonly TimerEntry[]): void => {
      told.push(...entries.map(({ name }) => `${name} at ${clock.wall - START}`));
    };
    timer = new DueTimer(clock, (firing) => void firings.push(firing), { byMs: 2 * SECOND, tell });
  });

  test('of each entry once, so long before it fires, and of nothing else', () => {
    set('b', 10 * SECOND);
    set('a', 10 * SECOND);
    set('far', HOUR);
    clock.advance(8 * SECOND - 1);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual(['a at 8000', 'b at 8000']);
    expect(firings).toEqual([]);
    clock.advance(2 * SECOND);
    expect(firings.map(names)).toEqual([['a', 'b']]);
    expect(told.length).toBe(2);
  });

  test('of one that is nearer as soon as may be, and not of one that is due', () => {
    set('near', SECOND);
    set('due', 0);
    clock.advance(1);
    expect(told).toEqual(['near at 1']);
    expect(firings.map(names)).toEqual([['due']]);
  });

  test('not of what was removed or replaced', () => {
    set('removed', 5 * SECOND);
    set('replaced', 5 * SECOND);
    timer.remove('removed');
    set('replaced', HOUR);
    clock.advance(MINUTE);
    expect(told).toEqual([]);
  });

  test('with one wake more for each entry', () => {
    set('a', 30 * SECOND);
    clock.advance(30 * SECOND);
    expect(clock.wakes).toBe(2);
  });
});

describe('notices', () => {
  test.each([true, false])('that the computer slept, with a monotonic clock that goes on: %s', (goesOn) => {
    set('a', 2 * HOUR);
    set('b', 10 * HOUR);
    clock.advance(90 * SECOND);
    clock.sleep(8 * HOUR, goesOn);
    clock.advance(MINUTE);
    expect(firings).toHaveLength(1);
    expect(names(firings[0])).toEqual(['a']);
    const { passage, nowMs } = firings[0] ?? { passage: { kind: 'steady' as const }, nowMs: 0 };
    expect(passage.kind).toBe('gap');
    if (passage.kind !== 'gap') return;
    // It was last known to be awake at the minute before.
    expect(passage.fromMs).toBe(START + MINUTE);
    expect(passage.toMs).toBe(nowMs);
    expect(nowMs).toBeLessThanOrEqual(START + 8 * HOUR + 150 * SECOND);
  });

  test('at once when told', () => {
    set('a', 2 * HOUR);
    clock.sleep(3 * HOUR, false);
    timer.wake();
    expect(firings).toMatchObject([
      { nowMs: START + 3 * HOUR, due: [{ name: 'a', lateMs: HOUR }], passage: { kind: 'gap' } },
    ]);
  });

  test('a sleep in which nothing was due', () => {
    set('a', 20 * HOUR);
    clock.sleep(3 * HOUR, false);
    timer.wake();
    expect(firings).toMatchObject([
      { due: [], passage: { kind: 'gap', fromMs: START, toMs: START + 3 * HOUR } },
    ]);
    timer.wake();
    expect(firings).toHaveLength(1);
  });

  test('a clock that was set back', () => {
    set('a', 2 * HOUR);
    clock.advance(10 * SECOND);
    clock.jump(-HOUR);
    clock.advance(MINUTE);
    expect(firings).toMatchObject([{ due: [], passage: { kind: 'back' } }]);
    const passage = firings[0]?.passage;
    if (passage?.kind !== 'back') throw new Error('not noticed');
    expect(passage.fromMs - passage.toMs).toBe(HOUR);
    clock.advance(3 * HOUR - 71 * SECOND);
    expect(firings).toHaveLength(1);
    clock.advance(SECOND);
    expect(names(firings[1])).toEqual(['a']);
    expect(firings[1]?.passage.kind).toBe('steady');
  });

  test('a clock that was set forward', () => {
    set('a', 2 * HOUR);
    clock.jump(2 * HOUR);
    clock.advance(MINUTE);
    expect(firings).toMatchObject([{ due: [{ name: 'a' }], passage: { kind: 'gap' } }]);
  });

  test('nothing in a clock that is a little off, or a timer that is a little late', () => {
    set('a', 10 * MINUTE);
    clock.advance(30 * SECOND);
    clock.jump(JUMP_MS - 1);
    clock.advance(3 * MINUTE);
    clock.jump(1 - JUMP_MS);
    clock.advance(3 * MINUTE, () => 20 * SECOND);
    expect(firings).toEqual([]);
  });

  test('a sleep while its owner was busy with a firing', () => {
    timer = new DueTimer(clock, (firing) => {
      firings.push(firing);
      if (firings.length === 1) clock.sleep(5 * HOUR, false);
    });
    set('a', SECOND);
    set('b', HOUR);
    clock.advance(2 * SECOND);
    expect(firings).toMatchObject([
      { passage: { kind: 'steady' } },
      { due: [{ name: 'b' }], passage: { kind: 'gap' } },
    ]);
  });

  test('nothing of the time in which there were no entries', () => {
    set('a', SECOND);
    clock.advance(SECOND);
    clock.sleep(HOUR, false);
    set('b', HOUR + 2 * SECOND);
    clock.advance(SECOND);
    expect(firings.map(({ passage }) => passage.kind)).toEqual(['steady', 'steady']);
  });
});

test('whatever happens, nothing fires early, late while awake, twice or never', () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('advance' as const),
        ms: fc.integer({ min: 0, max: 10 * MINUTE }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('set' as const),
        name: fc.nat({ max: 9 }),
        ms: fc.integer({ min: -MINUTE, max: HOUR }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), name: fc.nat({ max: 9 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('sleep' as const),
        ms: fc.integer({ min: 0, max: HOUR }),
        goesOn: fc.boolean(),
        told: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('jump' as const), ms: fc.integer({ min: -HOUR, max: HOUR }) }),
    },
  );
  let fired = 0;
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40, size: 'max' }),
      fc.integer({ min: 0, max: 40 }),
      (steps, late) => {
        const held = new HeldClock(START);
        const waiting = new Map<string, number>();
        const disturbed = { since: 0 };
        const one = new DueTimer(held, ({ due, nowMs, passage }) => {
          for (const { name, atMs, lateMs } of due) {
            expect(waiting.get(name)).toBe(atMs);
            waiting.delete(name);
            expect(lateMs).toBe(nowMs - atMs);
            expect(lateMs).toBeGreaterThanOrEqual(0);
            // Late only by what was asked for, unless it was set in the past or the clocks were disturbed.
            if (passage.kind === 'steady' && disturbed.since === 0)
              expect(lateMs).toBeLessThanOrEqual(MINUTE + late + 1);
            fired += 1;
          }
          if (passage.kind !== 'steady') disturbed.since = 0;
        });
        for (const each of steps) {
          if (each.kind === 'advance') held.advance(each.ms, () => late);
          else if (each.kind === 'set') {
            const atMs = held.wall + each.ms;
            waiting.set(`job-${each.name}`, atMs);
            one.set({ name: `job-${each.name}`, atMs, dueMs: atMs });
          } else if (each.kind === 'remove') {
            expect(one.remove(`job-${each.name}`)).toBe(waiting.delete(`job-${each.name}`));
          } else {
            disturbed.since += 1;
            if (each.kind === 'sleep') held.sleep(each.ms, each.goesOn);
            else held.jump(each.ms);
            if (each.kind === 'sleep' && each.told) one.wake();
          }
          expect(one.size).toBe(waiting.size);
          expect(held.timers).toBe(waiting.size === 0 ? 0 : 1);
        }
        held.advance(4 * HOUR + 40 * HOUR);
        expect(waiting.size).toBe(0);
      },
    ),
    { numRuns: 300 },
  );
  console.log(`${fired} entries fired`);
});

test('10,000 entries are set from the last to the first (measurement)', () => {
  const started = performance.now();
  for (let index = 10_000; index > 0; index -= 1) set(`job-${index}`, index * SECOND);
  console.log(
    `10,000 entries, each nearer than the one before: ${Math.round(performance.now() - started)} ms`,
  );
  expect(timer.next()?.name).toBe('job-1');
});

test('works with the clocks of this computer', async () => {
  const firing = await new Promise<Firing>((resolve) => {
    const real = new DueTimer(systemClock, resolve);
    const atMs = systemClock.now() + 50;
    real.set({ name: 'a', atMs, dueMs: atMs });
    real.set({ name: 'b', atMs: atMs + HOUR, dueMs: atMs + HOUR });
    real.remove('b');
  });
  expect(names(firing)).toEqual(['a']);
  expect(firing.due[0]?.lateMs).toBeGreaterThanOrEqual(0);
});
