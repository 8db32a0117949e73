import { describe, expect, test } from 'vitest';
import { ClockWatch } from '../../../main/daemon/health/clock-watch.ts';
import { RecentWorst } from '../../../main/daemon/health/recent-worst.ts';
import { type Check, summaryInWords, summaryOf, worst } from '../../../main/daemon/health/report.ts';
import { ErrorCount } from '../../../main/daemon/log/error-count.ts';

const MINUTE = 60_000;

describe('the worst of a minute', () => {
  test('is forgotten after it', () => {
    const recent = new RecentWorst();
    recent.note(500, 0);
    recent.note(20, 30_000);
    expect([0, 30_000, 60_000].map((at) => recent.worst(at))).toEqual([500, 500, 500]);
    expect(recent.worst(75_000)).toBe(20);
    expect(recent.worst(200_000)).toBe(0);
  });
});

describe('the clocks', () => {
  const at = (wallMs: number, uptimeMs: number, zone = 'Europe/Vienna') => ({ wallMs, uptimeMs, zone });

  test('that go together are steady, also through a sleep', () => {
    const watch = new ClockWatch(at(0, 0));
    expect(watch.look(at(MINUTE, MINUTE))).toEqual({ jump: undefined, zone: undefined });
    expect(watch.look(at(8 * 60 * MINUTE, 8 * 60 * MINUTE + 900))).toEqual({
      jump: undefined,
      zone: undefined,
    });
  });

  test('tell when the wall clock was set, forward or back', () => {
    const watch = new ClockWatch(at(0, 0));
    expect(watch.look(at(61 * MINUTE, MINUTE)).jump).toEqual({ atMs: 61 * MINUTE, byMs: 60 * MINUTE });
    expect(watch.look(at(62 * MINUTE, 2 * MINUTE)).jump?.byMs).toBe(60 * MINUTE);
    expect(watch.look(at(3 * MINUTE, 3 * MINUTE)).jump?.byMs).toBe(-60 * MINUTE);
  });

  test('tell another time zone, until it is the former one again', () => {
    const watch = new ClockWatch(at(0, 0));
    expect(watch.look(at(1, 1, 'Asia/Tokyo')).zone).toEqual({ was: 'Europe/Vienna', is: 'Asia/Tokyo' });
    expect(watch.look(at(2, 2)).zone).toBe(undefined);
  });
});

describe('the errors of the last hour', () => {
  test('are counted, and forgotten after it', () => {
    const errors = new ErrorCount();
    errors.note('one', 0);
    errors.note('two', 30 * MINUTE);
    expect(errors.lately(31 * MINUTE)).toEqual({ count: 2, last: { atMs: 30 * MINUTE, message: 'two' } });
    expect(errors.lately(61 * MINUTE).count).toBe(1);
    expect(errors.lately(120 * MINUTE)).toEqual({ count: 0, last: undefined });
  });

  test('do not stay for ever when the clock is set back', () => {
    const errors = new ErrorCount();
    errors.note('ahead', 1_000 * MINUTE);
    expect(errors.lately(0).count).toBe(0);
  });
});

describe('a report', () => {
  const check = (name: string, verdict: Check['verdict']): Check => ({
    name,
    group: 'daemon',
    subject: null,
    verdict,
    sentence: `${name} says so.`,
    remedy: null,
  });

  test('is as bad as its worst check', () => {
    expect(worst([])).toBe('ok');
    expect(worst(['ok', 'warning'])).toBe('warning');
    expect(worst(['warning', 'error', 'ok'])).toBe('error');
  });

  test('is summed up with its worst sentence, and without counting a job twice', () => {
    const checks = [check('log', 'warning'), check('jobs', 'error'), check('job', 'error')];
    const summary = summaryOf({ verdict: 'error', at: '', checks });
    expect(summary).toMatchObject({ errors: 1, warnings: 1, sentence: 'job says so.' });
    expect(summaryInWords(summary)).toBe('1 error, 1 warning');
    expect(summaryInWords({ errors: 0, warnings: 2 })).toBe('2 warnings');
    expect(summaryInWords({ errors: 0, warnings: 0 })).toBe('all is well');
  });
});
