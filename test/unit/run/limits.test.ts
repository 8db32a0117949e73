import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clockStopsInSleep,
  countAwake,
  type LimitClock,
  nextLookMs,
  startTimeLimit,
} from '../../../main/daemon/run/limits.ts';

const HOUR = 3_600_000;

/**
 * A computer with a clock that is moved by hand: awake, time passes for clock and timers; asleep, for the
 * clock only, and only if the clock is of the kind that goes on.
 */
class Computer implements LimitClock {
  readonly stopsInSleep: boolean;
  #now = 0;
  #timers: { readonly at: number; readonly callback: () => void }[] = [];
  #awake = 0;
  wakeUps = 0;

  constructor(stopsInSleep: boolean) {
    this.stopsInSleep = stopsInSleep;
  }

  get awakeMs(): number {
    return this.#awake;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#awake + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  work(ms: number): void {
    const end = this.#awake + ms;
    for (;;) {
      const [next] = this.#timers.toSorted((one, other) => one.at - other.at);
      if (next === undefined || next.at > end) break;
      this.#now += next.at - this.#awake;
      this.#awake = next.at;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.wakeUps++;
      next.callback();
    }
    this.#now += end - this.#awake;
    this.#awake = end;
  }

  sleep(ms: number): void {
    if (!this.stopsInSleep) this.#now += ms;
  }
}

describe.each([
  ['a clock that stops in sleep', true],
  ['a clock that goes on in sleep', false],
])('a time limit on %s', (_, stopsInSleep) => {
  it('is reached after that long awake', () => {
    const computer = new Computer(stopsInSleep);
    let reachedAt: number | undefined;
    startTimeLimit(HOUR, () => (reachedAt = computer.awakeMs), computer);
    computer.work(HOUR - 1);
    expect(reachedAt).toBeUndefined();
    computer.work(1);
    expect(reachedAt).toBe(HOUR);
  });

  it('is never reached early for sleep, and at most ten seconds late for each', () => {
    const phases = fc.array(
      fc.record({
        work: fc.integer({ min: 0, max: HOUR }),
        sleep: fc.integer({ min: 60_000, max: 9 * HOUR }),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(phases, fc.integer({ min: 1, max: 2 * HOUR }), (phases, limit) => {
        const computer = new Computer(stopsInSleep);
        const reached: number[] = [];
        startTimeLimit(limit, () => reached.push(computer.awakeMs), computer);
        for (const { work, sleep } of phases) {
          computer.work(work);
          computer.sleep(sleep);
        }
        computer.work(limit + 10_000 * phases.length);
        expect(reached).toHaveLength(1);
        expect(reached[0]).toBeGreaterThanOrEqual(limit);
        expect(reached[0]).toBeLessThanOrEqual(limit + (stopsInSleep ? 0 : 10_000 * phases.length));
      }),
    );
  });

  it('can be called off', () => {
    const computer = new Computer(stopsInSleep);
    const callOff = startTimeLimit(HOUR, () => expect.unreachable(), computer);
    computer.work(HOUR / 2);
    callOff();
    computer.work(HOUR);
  });
});

describe('the parts of a time limit', () => {
  it('needs one timer where the clock stops, and more than one only beyond what a timer can wait', () => {
    const computer = new Computer(true);
    startTimeLimit(HOUR, () => {}, computer);
    computer.work(HOUR);
    expect(computer.wakeUps).toBe(1);
    expect(nextLookMs(90 * 24 * HOUR, 0, true)).toBe(2 ** 31 - 1);
  });

  it('counts a clock that was seen to go backwards as standing still', () => {
    expect(countAwake({ awakeMs: 5, seenAt: 100 }, 90, 1_000)).toEqual({ awakeMs: 5, seenAt: 90 });
  });

  it('does not mistake a busy moment for sleep', () => {
    expect(countAwake({ awakeMs: 0, seenAt: 0 }, 14_000, 10_000).awakeMs).toBe(14_000);
    expect(countAwake({ awakeMs: 0, seenAt: 0 }, 60_000, 10_000).awakeMs).toBe(0);
  });

  it('knows which clocks stop', () => {
    expect(clockStopsInSleep('linux')).toBe(true);
    expect(clockStopsInSleep('darwin')).toBe(false);
    expect(clockStopsInSleep('win32')).toBe(false);
  });
});
