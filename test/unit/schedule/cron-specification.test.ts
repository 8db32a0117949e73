import { describe, expect, test } from 'vitest';
import { SoloistError } from '../../../main/daemon/errors.ts';
import { nextCronDue } from '../../../main/daemon/schedule/cron.ts';
import { parseCronPattern } from '../../../main/daemon/schedule/pattern.ts';

// Numbered after the Open Cron Pattern Specification (OCPS) 1.0, which writes down crontab(5) of Vixie and ISC
// cron, and its increments 1.1 (nicknames), 1.2 (seconds), 1.3 (L, W and #) and 1.4 (day fields, ranges of dates).

function isDue(pattern: string, time: string): boolean {
  const ms = Date.parse(time.length > 16 ? `${time}Z` : `${time}:00Z`);
  return nextCronDue([parseCronPattern(pattern)], 'UTC', ms - 1) === ms;
}

function following(pattern: string, after: string, count: number): string[] {
  const patterns = [parseCronPattern(pattern)];
  const found: string[] = [];
  let ms: number | undefined = Date.parse(`${after}:00Z`);
  while (found.length < count) {
    ms = nextCronDue(patterns, 'UTC', ms);
    if (ms === undefined) break;
    found.push(new Date(ms).toISOString().slice(0, 16));
  }
  return found;
}

function refusal(pattern: string): SoloistError {
  try {
    parseCronPattern(pattern);
  } catch (error) {
    if (error instanceof SoloistError) return error;
    throw error;
  }
  throw new Error(`"${pattern}" was accepted`);
}

describe('OCPS 1.0, section 4: format', () => {
  test('4.1 white space around and between fields', () => {
    expect(isDue('  15\t10   *  * *  ', '2026-03-10T10:15')).toBe(true);
  });

  test('4.1 too few and too many fields are refused', () => {
    for (const pattern of ['', '*', '* * * *', '* * * * * * *']) {
      const { code, message, hint } = refusal(pattern);
      expect(code).toBe('bad-schedule');
      expect(message).toContain(`"${pattern}" is not a cron pattern: it has`);
      expect(hint).toContain('minute, hour, day of the month, month, day of the week');
    }
  });

  test.each([
    ['60 * * * *', 'minute is 60', 'from 0 to 59'],
    ['* 24 * * *', 'hour is 24', 'from 0 to 23'],
    ['* * 0 * *', 'day of the month is 0', 'from 1 to 31'],
    ['* * 32 * *', 'day of the month is 32', 'from 1 to 31'],
    ['* * * 0 *', 'month is 0', 'from 1 to 12, or jan to dec'],
    ['* * * 13 *', 'month is 13', 'from 1 to 12'],
    ['* * * * 8', 'day of the week is 8', 'from 0 to 7, or sun to sat'],
    ['60 * * * * *', 'second is 60', 'from 0 to 59'],
    ['0-60 * * * *', 'minute is 60', 'from 0 to 59'],
  ])('4.2 value out of range: %s', (pattern, reason, hint) => {
    const error = refusal(pattern);
    expect(error.message).toContain(reason);
    expect(error.hint).toContain(hint);
  });

  test('4.2 names of months and days, in any case; 0 and 7 are Sunday', () => {
    expect(isDue('30 8 * jan Mon', '2026-01-05T08:30')).toBe(true);
    expect(isDue('30 8 * JAN-MAR mon,TUE', '2026-02-03T08:30')).toBe(true);
    expect(isDue('30 8 * jan Mon', '2026-02-02T08:30')).toBe(false);
    for (const sunday of ['0', '7', 'sun', 'SUN'])
      expect(isDue(`0 0 * * ${sunday}`, '2026-03-01T00:00')).toBe(true);
    expect(isDue('0 0 * * fri-sun', '2026-03-01T00:00')).toBe(true);
  });

  test.each([
    'a * * * *',
    '1! * * * *',
    '* * * foo *',
    '* * * * funday',
    '1,,2 * * * *',
    '1- * * * *',
    '-1 * * * *',
  ])('4.3 other characters and incomplete fields are refused: %s', (pattern) => {
    expect(refusal(pattern).message).toMatch(/: its (minute|month|day of the week) cannot be "/);
  });
});

describe('OCPS 1.0, section 5: special characters', () => {
  test('5 wildcard, list, range and step', () => {
    expect(following('* * * * *', '2026-03-10T09:58', 3)).toEqual([
      '2026-03-10T09:59',
      '2026-03-10T10:00',
      '2026-03-10T10:01',
    ]);
    expect(following('0,45 9 * * *', '2026-03-10T00:00', 3)).toEqual([
      '2026-03-10T09:00',
      '2026-03-10T09:45',
      '2026-03-11T09:00',
    ]);
    expect(following('0 9-11 * * *', '2026-03-10T00:00', 4)).toEqual([
      '2026-03-10T09:00',
      '2026-03-10T10:00',
      '2026-03-10T11:00',
      '2026-03-11T09:00',
    ]);
    expect(following('5-59/15 9 * * *', '2026-03-10T00:00', 4)).toEqual([
      '2026-03-10T09:05',
      '2026-03-10T09:20',
      '2026-03-10T09:35',
      '2026-03-10T09:50',
    ]);
    expect(following('*/25 9 * * *', '2026-03-10T00:00', 4)).toEqual([
      '2026-03-10T09:00',
      '2026-03-10T09:25',
      '2026-03-10T09:50',
      '2026-03-11T09:00',
    ]);
  });

  test('5.1 lists of ranges and steps', () => {
    expect(
      following('0 1-3,7,20-23/2 * * *', '2026-03-10T00:30', 6).map((time) => time.slice(11, 13)),
    ).toEqual(['01', '02', '03', '07', '20', '22']);
  });

  test('5 a step without a range is refused, with the two ways to write it', () => {
    expect(refusal('5/15 * * * *').hint).toBe('A step goes with a range: "5-59/15", or with a star: "*/15".');
    expect(refusal('0 0 /30 * *').message).toContain('day of the month cannot be "/30"');
  });
});

describe('OCPS 1.0, section 6: semantics', () => {
  test('6.1 with both day fields restricted, either counts', () => {
    expect(following('0 12 1 * MON', '2026-09-29T00:00', 3)).toEqual([
      '2026-10-01T12:00',
      '2026-10-05T12:00',
      '2026-10-12T12:00',
    ]);
    expect(following('30 4 1,15 * 5', '2026-09-29T00:00', 3)).toEqual([
      '2026-10-01T04:30',
      '2026-10-02T04:30',
      '2026-10-09T04:30',
    ]);
  });

  test('6.1 a full range is a restriction, a star is none', () => {
    expect(isDue('0 12 1-31 * MON', '2026-10-06T12:00')).toBe(true);
    expect(isDue('0 12 * * MON', '2026-10-06T12:00')).toBe(false);
  });

  test('6.1 a day field that starts with a star is none either, as in every Vixie cron', () => {
    // Only the Mondays among the odd days.
    expect(following('0 12 */2 * MON', '2026-10-01T00:00', 2)).toEqual([
      '2026-10-05T12:00',
      '2026-10-19T12:00',
    ]);
  });

  test('6.2 ranges that go down are refused, with the way to write them', () => {
    expect(refusal('0 22-2 * * *').hint).toBe('A range goes up: write it as two, "22-23,0-2".');
    expect(refusal('0 0 10-5 * *').code).toBe('bad-schedule');
  });

  test('6.2 a step of 0 and one larger than the field are refused', () => {
    expect(refusal('*/0 * * * *').message).toContain('minute cannot be "*/0"');
    expect(refusal('*/99 * * * *').message).toContain('minute cannot be "*/99"');
  });

  test.each(['* * 31 2 *', '0 0 30 2 *', '0 0 31 4,6,9,11 *', '0 0 1 * +MON#5', '0 0 30,31 feb *'])(
    '6.2 an impossible date is a valid pattern that is never due: %s',
    (pattern) => {
      const parsed = parseCronPattern(pattern);
      expect(parsed.possible).toBe(false);
      expect(nextCronDue([parsed], 'Europe/Berlin', Date.UTC(2026, 0))).toBeUndefined();
    },
  );

  test('6.2 beside a possible one it does not matter', () => {
    const patterns = ['0 0 30 2 *', '0 0 1 3 *'].map(parseCronPattern);
    expect(nextCronDue(patterns, 'UTC', Date.UTC(2026, 0))).toBe(Date.UTC(2026, 2, 1));
  });

  test('6.4 a pattern is read on the clocks of the zone', () => {
    const pattern = [parseCronPattern('0 9 * * *')];
    const after = Date.UTC(2026, 0, 1);
    expect(nextCronDue(pattern, 'Asia/Tokyo', after)).toBe(Date.UTC(2026, 0, 2));
    expect(nextCronDue(pattern, 'Asia/Kolkata', after)).toBe(Date.UTC(2026, 0, 1, 3, 30));
    expect(nextCronDue(pattern, 'America/New_York', after)).toBe(Date.UTC(2026, 0, 1, 14));
  });
});

describe('OCPS 1.1: nicknames', () => {
  test.each([
    ['@yearly', '0 0 1 1 *'],
    ['@annually', '0 0 1 1 *'],
    ['@monthly', '0 0 1 * *'],
    ['@weekly', '0 0 * * 0'],
    ['@daily', '0 0 * * *'],
    ['@midnight', '0 0 * * *'],
    ['@hourly', '0 * * * *'],
  ])('%s is %s', (nickname, pattern) => {
    expect(parseCronPattern(nickname)).toEqual({ ...parseCronPattern(pattern), text: nickname });
  });

  test('cron(8): @hourly counts as a wildcard, the others as fixed times', () => {
    expect(parseCronPattern('@hourly').fixedTime).toBe(false);
    expect(parseCronPattern('@daily').fixedTime).toBe(true);
  });

  test('unknown, capital and combined ones are refused with the list', () => {
    for (const pattern of ['@fortnightly', '@Daily', '@daily 0 0 * * *']) {
      expect(refusal(pattern).hint).toContain('@yearly, @annually, @monthly');
    }
  });

  test('@reboot is refused with what to use instead', () => {
    expect(refusal('@reboot').hint).toBe('To run a job when the daemon starts, use on_start: true.');
  });
});

describe('OCPS 1.2: seconds', () => {
  test('a sixth field in front is seconds; without it they are 0', () => {
    expect(isDue('30 15 10 * * *', '2026-03-10T10:15:30')).toBe(true);
    expect(isDue('30 15 10 * * *', '2026-03-10T10:15:29')).toBe(false);
    expect(isDue('15 10 * * *', '2026-03-10T10:15:30')).toBe(false);
  });

  test('all special characters work in it', () => {
    const pattern = [parseCronPattern('*/20,5-6 * * * * *')];
    const seconds: number[] = [];
    let ms = Date.UTC(2026, 0) - 1;
    for (let index = 0; index < 6; index += 1) {
      ms = nextCronDue(pattern, 'UTC', ms) ?? Number.NaN;
      seconds.push((ms - Date.UTC(2026, 0)) / 1_000);
    }
    expect(seconds).toEqual([0, 5, 6, 20, 40, 60]);
  });
});

describe('OCPS 1.3: L, W and #', () => {
  test.each([
    ['0 0 L * *', '2026-02-28T00:00', '2026-02-27T00:00'],
    ['0 0 * * FRI#L', '2026-02-27T00:00', '2026-02-20T00:00'],
    ['0 0 * * 5L', '2026-02-27T00:00', '2026-02-20T00:00'],
    ['0 0 * * TUE#3', '2026-06-16T00:00', '2026-06-09T00:00'],
    ['0 12 15W * *', '2026-08-14T12:00', '2026-08-15T12:00'],
    ['0 12 1W * *', '2026-08-03T12:00', '2026-08-01T12:00'],
  ])('%s', (pattern, match, none) => {
    expect(isDue(pattern, match)).toBe(true);
    expect(isDue(pattern, none)).toBe(false);
  });

  test('W with a range is refused', () => {
    expect(refusal('0 12 1-15W * *').message).toContain('day of the month cannot be "1-15W"');
  });
});

describe('OCPS 1.4: day fields and dates', () => {
  test('4.1.2 + asks for both day fields', () => {
    expect(following('0 12 1 * +MON', '2026-01-02T00:00', 2)).toEqual([
      '2026-06-01T12:00',
      '2027-02-01T12:00',
    ]);
    expect(refusal('0 12 +1 * MON').message).toContain('day of the month cannot be "+1"');
  });

  test('4.2 ? stands for * in the day fields only', () => {
    expect(isDue('0 12 ? * MON', '2026-10-05T12:00')).toBe(true);
    expect(isDue('0 12 ? * MON', '2026-10-06T12:00')).toBe(false);
    expect(refusal('? 12 * * *').message).toContain('minute cannot be "?"');
  });

  test('4.3.2 rare dates are found, and the search ends', () => {
    expect(following('0 0 29 2 *', '2097-01-01T00:00', 1)).toEqual(['2104-02-29T00:00']);
    expect(following('0 0 29 2 +MON', '2026-01-01T00:00', 2)).toEqual([
      '2044-02-29T00:00',
      '2072-02-29T00:00',
    ]);
  });
});
