import { expect, test } from 'vitest';
import { alertsInOrder } from '../../../renderer/health/alert-order.ts';
import { groupedChecks, titleOf, troublesOf } from '../../../renderer/health/checks.ts';
import { ending, guardPlan, rowsAfter, straysPlan } from '../../../renderer/health/ending.ts';
import { healthStrings as strings } from '../../../renderer/strings/health.ts';
import { alert, check } from '../shell/views.ts';

const plain = (name: string): string => name;

test('checks come by what they are about, the worst first, else in their own order', () => {
  const checks = [
    check('job', 'warning', { group: 'jobs', subject: 'b' }),
    check('lock', 'ok'),
    check('disk', 'warning'),
    check('log', 'warning'),
    check('clock', 'warning'),
    check('jobs', 'error', { group: 'jobs' }),
    check('strays', 'ok', { group: 'processes' }),
  ];
  const order = groupedChecks(checks).map(({ group, checks }) => [group, checks.map(({ name }) => name)]);
  expect(order).toEqual([
    ['jobs', ['jobs', 'job']],
    ['daemon', ['disk', 'log', 'clock', 'lock']],
    ['processes', ['strays']],
  ]);
});

test('a job that is not well counts once', () => {
  const job = check('job', 'error', { group: 'jobs', subject: 'a' });
  const counts = troublesOf([check('jobs', 'error', { group: 'jobs' }), job, check('log', 'warning')]);
  expect(counts).toEqual({ errors: 1, warnings: 1 });
});

test.each([
  [0, 0, ''],
  [1, 0, '1 error'],
  [0, 1, '1 warning'],
  [2, 3, '2 errors, 3 warnings'],
])('%i errors and %i warnings are told as "%s"', (errors, warnings, words) => {
  expect(strings.troubles(errors, warnings)).toBe(words);
});

test('a check is called by what it is about; one that is not known here as it calls itself', () => {
  expect(titleOf(check('event loop', 'ok'), plain)).toBe('Event loop');
  expect(titleOf(check('guard', 'ok', { subject: 'notes' }), (name) => `<${name}>`)).toBe('Guard <notes>');
  expect(titleOf(check('moon', 'ok'), plain)).toBe('Moon');
  expect(titleOf(check('moon', 'ok', { subject: 'full' }), plain)).toBe('Moon full');
});

const process = (pid: number) => ({
  pid,
  started: `started ${pid}`,
  since: null,
  cpuMs: 10,
  memoryBytes: null,
  command: 'sleep 1',
});
const guard = (pids: readonly number[], max: number, keep: 'oldest' | 'newest' = 'oldest') => ({
  name: 'notes',
  match: 'sleep',
  max,
  keep,
  act: 'alert' as const,
  processes: pids.map((pid, index) => ({ ...process(pid), isExtra: index >= max })),
});

test('of a guard exactly the extra copies are ended, by what was shown of them', () => {
  const { rows, explanation } = guardPlan(guard([11, 12, 13], 1));
  expect(explanation).toBe('3 copies run; there should be 1 at most. The oldest stays.');
  expect(rows.map(({ fate }) => fate)).toEqual(['stays', 'ends', 'ends']);
  expect(ending(rows)).toEqual([
    { pid: 12, started: 'started 12' },
    { pid: 13, started: 'started 13' },
  ]);
  expect(guardPlan(guard([11], 2, 'newest')).explanation).toBe(
    '1 copy runs; there should be 2 at most. The newest ones stay.',
  );
  expect(guardPlan(guard([11], 0)).explanation).toBe('1 copy runs; there should be none.');
});

test('a daemon of another home that is well stays', () => {
  const strays = (['same-home', 'other-home', 'home-gone', 'program-gone'] as const).map((kind, index) => ({
    ...process(index),
    kind,
    home: kind === 'program-gone' ? null : `/home/${kind}`,
  }));
  const { rows, explanation } = straysPlan(strays);
  expect(rows.map(({ fate }) => fate)).toEqual(['ends', 'stays', 'ends', 'ends']);
  expect(rows.map(({ note }) => note?.replaceAll(/[\u2068\u2069]/g, ''))).toEqual([
    'A second daemon of this home: /home/same-home',
    'Well, and of another home: /home/other-home',
    'Its home is gone: /home/home-gone',
    'Its program is gone',
  ]);
  expect(explanation).toBe('3 of them should not run.');
});

test('what became of each is told by the process, not by its number alone', () => {
  const { rows } = guardPlan(guard([11, 12, 13], 1));
  const ended = [process(12), { ...process(13), started: 'later' }];
  expect(rowsAfter(rows, { ended, left: [process(13)] }).map(({ fate }) => fate)).toEqual([
    'stays',
    'ended',
    'left',
  ]);
});

test('it is said how many ended, and that some did not', () => {
  expect(strings.ending.ended(13, 0)).toBe('13 processes ended.');
  expect(strings.ending.ended(1, 1)).toBe('1 process ended. 1 process did not end, or should stay now.');
});

test('alerts that stand come apart from those that are over, open and new ones first', () => {
  const alerts = (['archived', 'resolved', 'acknowledged', 'open'] as const).flatMap((state) =>
    ['2026-11-28', '2026-11-29'].map((day) =>
      alert({ id: `${state} ${day}`, state, last: `${day}T12:00:00Z` }),
    ),
  );
  const { standing, older } = alertsInOrder(alerts);
  expect(standing.map(({ id }) => id)).toEqual([
    'open 2026-11-29',
    'open 2026-11-28',
    'acknowledged 2026-11-29',
    'acknowledged 2026-11-28',
  ]);
  expect(older.map(({ state }) => state)).toEqual(['resolved', 'resolved', 'archived', 'archived']);
});
