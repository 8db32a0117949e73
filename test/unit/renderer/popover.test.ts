import { expect, test } from 'vitest';
import type { AppView } from '../../../main/control/app-calls.ts';
import { problemPlace } from '../../../renderer/components/problem-place.ts';
import { type Bar, barsOf, STRIP } from '../../../renderer/popover/bars.ts';
import { activityOf, areJobsLive, headerFacts, shortPath } from '../../../renderer/popover/facts.ts';
import { filterJobs, movedChoice } from '../../../renderer/popover/filter.ts';
import { jobView } from './job-view.ts';
import { runAt } from './run-view.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const IDLE = { working: 0, areAllPaused: false };
type Daemon = NonNullable<AppView['status']>['daemon'];

function appView(daemon: Daemon | null, source: AppView['source'] = { kind: 'own' }): AppView {
  const status = daemon && {
    daemon,
    home: '/home/ada/soloist',
    version: '1.0.0',
    owner: null,
    configuration: { path: '/home/ada/soloist/soloist.yaml', problem: null, kept: null },
    health: null,
    contract: 1,
  };
  return {
    version: '1.0.0',
    platform: 'linux',
    home: '/home/ada/soloist',
    source,
    status,
    tray: { state: 'running', line: '' },
    loginItem: { state: 'disabled' },
    settings: { theme: 'system', notifications: 'on', updates: 'on' },
    updates: { kind: 'off' },
    paths: { configuration: '', log: '' },
  };
}
const running: Daemon = { state: 'running', since: '2026-11-29T09:54:30.000Z', pid: 4242 };

test('a running daemon is told with its uptime, in minutes once there are some', () => {
  expect(headerFacts(appView(running), IDLE, NOW)).toEqual({
    sign: 'running',
    title: 'Running',
    facts: ['Up 2 h 5 min'],
  });
});

test('runs in progress are counted, and come before a pause', () => {
  const title = (activity: typeof IDLE) => headerFacts(appView(running), activity, NOW).title;
  expect(title({ working: 1, areAllPaused: true })).toBe('Running 1 job');
  expect(title({ working: 3, areAllPaused: false })).toBe('Running 3 jobs');
  expect(title({ working: 0, areAllPaused: true })).toBe('Paused');
});

test('a stop says what it waits for, and how long at most', () => {
  const stopping = (waiting: { runs: number; until: string } | null): Daemon => ({
    state: 'stopping',
    since: '2026-11-29T11:59:58.000Z',
    reason: { kind: 'asked' },
    waiting,
  });
  const title = (daemon: Daemon) => headerFacts(appView(daemon), IDLE, NOW).title;
  expect(title(stopping({ runs: 2, until: '2026-11-29T12:00:07.300Z' }))).toBe(
    'Stopping: waiting for 2 runs, 8 s left',
  );
  expect(title(stopping({ runs: 1, until: '2026-11-29T11:59:00.000Z' }))).toBe(
    'Stopping: waiting for 1 run, 0 s left',
  );
  expect(title(stopping(null))).toBe('Stopping');
});

test('a daemon that is gone has no uptime, and one that is only known of no state', () => {
  expect(headerFacts(appView(running, { kind: 'gone', owner: null }), IDLE, NOW)).toMatchObject({
    sign: 'stopped',
    facts: [],
  });
  expect(headerFacts(appView(null, { kind: 'duplicate', owner: null }), IDLE, NOW)).toMatchObject({
    sign: 'attention',
    title: 'Not running here',
  });
});

test('jobs are shown while a daemon runs them, and not as they once were', () => {
  const stopped: Daemon = { state: 'stopped', since: '2026-11-29T11:00:00.000Z', reason: null };
  expect(areJobsLive(appView(running))).toBe(true);
  expect(areJobsLive(appView(stopped))).toBe(false);
  expect(areJobsLive(appView(null))).toBe(false);
  expect(areJobsLive(appView(running, { kind: 'gone', owner: null }))).toBe(false);
});

test('services do not count as work, and disabled jobs not as ones that are not paused', () => {
  const run = runAt(1, { job: 'a', state: 'running', outcome: null, endedAt: null });
  const paused = { by: 'x', since: '2026-11-29T11:00:00.000Z' };
  expect(activityOf([])).toEqual({ working: 0, areAllPaused: false });
  expect(
    activityOf([jobView('a', { running: [run] }), jobView('b', { kind: 'service', running: [run] })]),
  ).toEqual({
    working: 1,
    areAllPaused: false,
  });
  expect(activityOf([jobView('a', { paused }), jobView('b', { enabled: false })]).areAllPaused).toBe(true);
  expect(activityOf([jobView('a', { paused }), jobView('b')]).areAllPaused).toBe(false);
});

test.each([
  ['/home/ada/.local/state/soloist', '~/.local/state/soloist'],
  ['/Users/ada/Library/Application Support/Soloist', '…/Application Support/Soloist'],
  ['C:\\Users\\ada\\AppData\\Soloist', '~\\AppData\\Soloist'],
  ['/homely/x', '/homely/x'],
  ['/root', '~'],
  [`/srv/${'a'.repeat(60)}`, `…/${'a'.repeat(60)}`],
])('the path %s is written %s', (path, short) => {
  expect(shortPath(path)).toBe(short);
});

test('a search finds every word in name, description or tags, upper or lower case', () => {
  const jobs = [
    jobView('Backup', { description: 'To the disk in the hall' }),
    jobView('mail', { tags: ['network'] }),
  ];
  const found = (text: string) => filterJobs(jobs, text).map(({ name }) => name);
  expect(found('')).toEqual(['Backup', 'mail']);
  expect(found('BACK hall')).toEqual(['Backup']);
  expect(found('net')).toEqual(['mail']);
  expect(found('back net')).toEqual([]);
});

test('keys move the choice and stop at the ends', () => {
  expect(movedChoice('ArrowDown', -1, 3)).toBe(0);
  expect(movedChoice('ArrowDown', 2, 3)).toBe(2);
  expect(movedChoice('ArrowUp', 0, 3)).toBe(0);
  expect(movedChoice('End', 0, 3)).toBe(2);
  expect(movedChoice('ArrowDown', 0, 0)).toBeUndefined();
  expect(movedChoice('toString', 0, 3)).toBeUndefined();
});

test('a problem of the configuration tells where it is', () => {
  expect(problemPlace('/home/ada/soloist.yaml:12:3: "evry" is not a key.')).toEqual({
    name: 'soloist.yaml:12',
    line: 12,
  });
  expect(problemPlace('C:\\Users\\ada\\soloist.yml:2:1: no')).toEqual({ name: 'soloist.yml:2', line: 2 });
  expect(problemPlace('It cannot be read.')).toBeUndefined();
});

const outcomes = ['succeeded', 'failed', 'timed-out', 'lost', 'cancelled', 'skipped'] as const;
const recent = (outcome: (typeof outcomes)[number], durationMs: number | null = 1_000) => ({
  id: `${outcome}-${durationMs}`,
  outcome,
  endedAt: '2026-11-29T11:00:00.000Z',
  durationMs,
});

test('each outcome has a shape of its own, whatever its colour', () => {
  const shape = ({ isOutlined, parts }: Bar) =>
    JSON.stringify([isOutlined, parts.map(({ y, height }) => [y, height])]);
  const shapes = outcomes.map((outcome) =>
    barsOf([recent(outcome)], 20)
      .map(shape)
      .join(),
  );
  expect(new Set(shapes).size).toBe(outcomes.length);
});

test('bars lie within the strip, the newest at its right end, the longest the highest', () => {
  const runs = [
    recent('lost', 9_000),
    recent('succeeded', null),
    recent('failed', 1),
    recent('succeeded', 9_000),
  ];
  const bars = barsOf(runs, 20);
  for (const { x, y, width, height } of bars.flatMap(({ parts }) => parts)) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(width).toBeGreaterThan(0);
    expect(height).toBeGreaterThan(0);
    expect(x + width).toBeLessThanOrEqual(STRIP.width);
    expect(y + height).toBeLessThanOrEqual(STRIP.height);
  }
  expect(bars.at(-1)?.parts).toEqual([{ x: 76, y: 0, width: 3, height: 13 }]);
  expect(bars.at(1)?.parts[0]?.height).toBe(3);
});

test('of more runs than there is room for the newest are shown', () => {
  const runs = Array.from({ length: 30 }, (_, index) => ({ ...recent('succeeded'), id: String(index) }));
  expect(barsOf(runs, 20).map(({ id }) => id)).toEqual(runs.slice(10).map(({ id }) => id));
});
