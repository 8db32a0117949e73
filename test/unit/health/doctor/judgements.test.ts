import { describe, expect, test } from 'vitest';
import type { Diagnosis } from '../../../../main/daemon/health/doctor/diagnosis.ts';
import { diagnose } from '../../../../main/daemon/health/doctor/examinations.ts';
import { inOrder } from '../../../../main/daemon/health/doctor/repair.ts';
import type { Entry, InsideScene, Scene } from '../../../../main/daemon/health/doctor/scene.ts';
import type { StrayView } from '../../../../main/daemon/health/report.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const USER = 1_000;

const entry = (path: string, more: Partial<Entry> = {}): Entry => ({
  path,
  kind: 'file',
  mode: 0o600,
  user: USER,
  bytes: 0,
  modifiedMs: NOW,
  ...more,
});

const folder = entry('/home/ada/soloist', { kind: 'folder', mode: 0o700 });

const inside: InsideScene = {
  lock: { path: '/home/ada/soloist/daemon.lock', entry: undefined, state: { kind: 'free' } },
  record: {
    path: '/home/ada/soloist/daemon.owner.json',
    entry: undefined,
    owner: undefined,
    isForeign: false,
    isAlive: false,
    process: undefined,
    isSuspended: false,
    lastCrash: null,
  },
  pid: { path: '/home/ada/soloist/daemon.pid', entry: undefined, text: undefined },
  hostLock: { entry: undefined, foreign: [] },
  socket: { path: '/home/ada/soloist/daemon.sock', entry: undefined, isListening: false },
  answer: { kind: 'absent' },
  entries: [],
  staged: [],
  unwritable: [],
  space: { freeBytes: 1e9, freeFiles: 1e6 },
  history: { kind: 'missing', file: '/home/ada/soloist/history/history.sqlite', aside: [] },
  orphans: [],
  log: { folder: '/logs', errors: 0, last: undefined, latestMs: undefined, lines: [], printed: '' },
};

const scene = (more: Partial<Scene> = {}, moreInside: Partial<InsideScene> = {}): Scene => ({
  atMs: NOW,
  program: {
    version: '1.2.3',
    node: '20.18.0',
    electron: undefined,
    platform: 'linux',
    system: 'Linux 6',
    user: USER,
    hostId: 'f'.repeat(16),
  },
  path: folder.path,
  home: { kind: 'folder', entry: folder, isLink: false },
  inside: { ...inside, ...moreInside },
  configuration: { kind: 'missing', path: '/c/soloist.yaml', entry: undefined, folder: undefined },
  environment: {
    login: { kind: 'login', variables: { PATH: '/bin' }, shell: '/bin/sh' },
    jobs: [],
    folders: [],
  },
  loginItem: { kind: 'app-tells' },
  strays: [],
  ...more,
});

/** What one examination says. */
const said = (name: string, given: Scene): readonly string[] =>
  diagnose(given).flatMap((one: Diagnosis) => (one.name === name ? `${one.verdict}: ${one.sentence}` : []));

describe('the disk', () => {
  test.for([
    [{ freeBytes: 500_000, freeFiles: 1e6 }, /^error: The disk of the home is full/],
    [{ freeBytes: 1e9, freeFiles: 0 }, /^error: The disk of the home takes no more files/],
    [{ freeBytes: 50_000_000, freeFiles: 1e6 }, /^warning: The disk of the home has 50 MB left/],
    [{ freeBytes: 1e9, freeFiles: 12 }, /^warning: The disk of the home takes 12 more files/],
    [{ freeBytes: 1e9, freeFiles: undefined }, /^ok: The disk of the home has 1000 MB left/],
  ] as const)('%o', ([space, sentence]) => {
    expect(said('disk', scene({}, { space }))).toEqual([expect.stringMatching(sentence)]);
  });
});

test('what belongs to another user is said, and not changed', () => {
  const foreign = entry('/home/ada/soloist/history', { kind: 'folder', user: 0, mode: 0o777 });
  expect(said('permissions', scene({}, { entries: [foreign] }))).toEqual([
    'error: /home/ada/soloist/history belongs to another user (uid 0, not 1000).',
  ]);
  const home = { kind: 'folder', isLink: false, entry: { ...folder, user: 0 } } as const;
  expect(diagnose(scene({ home })).find(({ name }) => name === 'home')).toMatchObject({
    verdict: 'error',
    fix: null,
  });
});

test('a thousand files with the same trouble are ten findings and a count', () => {
  const entries = Array.from({ length: 1_000 }, (_, index) => entry(`/h/runs/${index}`, { mode: 0o666 }));
  const found = said('permissions', scene({}, { entries }));
  expect(found).toHaveLength(11);
  expect(found.at(-1)).toBe('error: 990 more files or folders have the same trouble.');
});

test('a clock that is ahead by less than a minute is well', () => {
  const log = { ...inside.log, latestMs: NOW + 30_000 };
  expect(said('clock', scene({}, { log }))).toEqual([expect.stringMatching(/^ok/)]);
  expect(said('clock', scene({}, { log: { ...log, latestMs: NOW + 90_000 } }))).toEqual([
    expect.stringMatching(/^warning/),
  ]);
});

describe('strays', () => {
  const stray = (kind: StrayView['kind']): StrayView => ({
    pid: 77,
    started: '1',
    since: null,
    cpuMs: null,
    memoryBytes: null,
    command: 'soloist',
    kind,
    home: '/other',
  });
  test.for([
    ['same-home', 'error'],
    ['home-gone', 'warning'],
    ['program-gone', 'warning'],
    ['other-home', 'ok'],
  ] as const)('%s is %s; only one of this home is ended', ([kind, verdict]) => {
    const [found] = diagnose(scene({ strays: [stray(kind)] })).filter(({ name }) => name === 'strays');
    expect(found).toMatchObject({
      verdict,
      fix: kind === 'same-home' ? { kind: 'end-processes', processes: [{ pid: 77 }] } : null,
    });
  });

  test('who has the lock is none', () => {
    const { lock } = inside;
    const state = { kind: 'held', holders: [stray('same-home')] } as const;
    expect(said('strays', scene({ strays: [stray('same-home')] }, { lock: { ...lock, state } }))).toEqual([
      'ok: No other daemon of Soloist was found.',
    ]);
  });
});

test('each thing is repaired once, and what holds the home goes before what lies there', () => {
  const remove = { kind: 'remove', path: '/h/daemon.pid' } as const;
  const clear = { kind: 'clear-crash', pid: 7 } as const;
  const end = { kind: 'end-processes', processes: [] } as const;
  expect(inOrder([remove, clear, { ...clear }, end, { ...remove }])).toEqual([end, clear, remove]);
});

test('nothing in a home that is held is removed', () => {
  const held = {
    lock: { ...inside.lock, state: { kind: 'held', holders: undefined } },
    pid: { ...inside.pid, entry: entry(inside.pid.path), text: '1\n' },
    hostLock: { entry: entry('/h/daemon.host.lock', { kind: 'folder' }), foreign: [] },
    socket: { ...inside.socket, entry: entry(inside.socket.path, { kind: 'socket' }) },
    entries: [entry('/home/ada/soloist/runs')],
  } as const;
  expect(diagnose(scene({}, held)).flatMap(({ fix }) => fix ?? [])).toEqual([]);
});
