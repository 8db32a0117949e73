import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scheduleInWords } from '../../../main/daemon/schedule/in-words.ts';
import { atTrigger, cronTrigger, everyTrigger } from '../../../main/daemon/schedule/triggers.ts';
import { anyPattern } from './vixie.ts';

test.each([
  ['0 3 * * *', 'every day at 03:00'],
  ['@daily', 'every day at 00:00'],
  ['0 9,17 * * *', 'every day at 09:00 and 17:00'],
  ['0,30 9,17 * * *', 'every day at 09:00, 09:30, 17:00 and 17:30'],
  ['15 30 4 * * *', 'every day at 04:30:15'],
  ['30 9 * * 1-5', 'Mondays to Fridays at 09:30'],
  ['30 9 * * mon-fri', 'Mondays to Fridays at 09:30'],
  ['0 10 * * 0,6', 'Saturdays and Sundays at 10:00'],
  ['0 10 * * sun,WED,1', 'Mondays, Wednesdays and Sundays at 10:00'],
  ['@weekly', 'Sundays at 00:00'],
  ['0 0 * * fri-sun', 'Fridays to Sundays at 00:00'],
  ['@monthly', 'on the 1st of every month at 00:00'],
  ['0 0 2,3,11,22 * *', 'on the 2nd, 3rd, 11th and 22nd of every month at 00:00'],
  ['0 0 L * *', 'on the last day of every month at 00:00'],
  ['0 0 L 2 *', 'on the last day of February at 00:00'],
  ['@yearly', 'every year on 1 January at 00:00'],
  ['0 18 24 dec *', 'every year on 24 December at 18:00'],
  ['0 10 * 6-8 *', 'every day from June to August at 10:00'],
  ['0 10 * jan,feb *', 'every day in January and February at 10:00'],
  ['0 10 * 6 1', 'Mondays in June at 10:00'],
  ['* * * * *', 'every minute'],
  ['*/1 * * * *', 'every minute'],
  ['*/15 * * * *', 'every 15 minutes'],
  ['@hourly', 'every hour'],
  ['5 * * * *', 'every hour at 5 minutes past'],
  ['0 */2 * * *', 'every 2 hours'],
  ['* * * * * *', 'every second'],
  ['*/10 * * * * *', 'every 10 seconds'],
  ['0 9-17 * * *', 'every hour from 09:00 to 17:00'],
  ['*/15 9-17 * * 1-5', 'every 15 minutes from 09:00 to 17:45, Mondays to Fridays'],
  ['* 2 * * *', 'every minute from 02:00 to 02:59'],
])('%s is %s', (pattern, words) => {
  expect(scheduleInWords(cronTrigger([pattern], 'UTC'))).toBe(words);
});

test.each([
  '*/7 * * * *',
  '0 */5 * * *',
  '0 12 1 * MON',
  '0 0 * * 5L',
  '0 0 15W * *',
  '0 0 * * +1',
  '1-5,7 3 * * *',
  '0 0 */2 * *',
  '0 0 1-7 * *',
  '*/5 3 * * * *',
  '0,10,20,30,40,50 1,2 * * *',
  '*/60 * * * *',
])('%s has no short words and stays as it is', (pattern) => {
  expect(scheduleInWords(cronTrigger([pattern], 'UTC'))).toBe(pattern);
});

test('several patterns, and another zone than the reader’s', () => {
  const trigger = cronTrigger(['0 3 * * *', '0 12 * * 6'], 'Europe/Berlin');
  expect(scheduleInWords(trigger, 'Europe/Berlin')).toBe('every day at 03:00; Saturdays at 12:00');
  expect(scheduleInWords(trigger, 'Asia/Tokyo')).toBe(
    'every day at 03:00; Saturdays at 12:00 (Europe/Berlin)',
  );
});

test.each([
  [1_000, 'every second'],
  [90_000, 'every 1 minute 30 seconds'],
  [900_000, 'every 15 minutes'],
  [3_600_000, 'every hour'],
  [5_400_000, 'every 1 hour 30 minutes'],
  [86_400_000, 'every day'],
  [172_800_000, 'every 2 days'],
  [1_500, 'every 1 second 500 milliseconds'],
])('%d ms is %s', (interval, words) => {
  expect(scheduleInWords(everyTrigger(interval, 0))).toBe(words);
});

test.each([
  ['2026-12-24T18:00', 'at 24 December 2026 18:00'],
  ['2026-12-24T18:00:30', 'at 24 December 2026 18:00:30'],
  ['2026-12-24T18:00Z', 'at 24 December 2026 19:00'],
  ['2026-03-29T02:30', 'at 29 March 2026 03:00'],
])('%s is %s', (text, words) => {
  expect(scheduleInWords(atTrigger(text, 'Europe/Berlin').trigger)).toBe(words);
});

test('any pattern gets words without gaps, or itself', () => {
  let words = 0;
  fc.assert(
    fc.property(anyPattern, (pattern) => {
      const said = scheduleInWords(cronTrigger([pattern], 'UTC'));
      expect(said).not.toMatch(/undefined|NaN| {2}|^$/);
      if (said !== pattern) words += 1;
    }),
    { numRuns: 1_000 },
  );
  console.log(`${words} of 1,000 patterns have words`);
});
