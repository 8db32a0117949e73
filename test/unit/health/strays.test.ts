import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { StrayView } from '../../../main/daemon/health/report.ts';
import {
  describe as describeProcess,
  type SeenProcess,
  seenOnMac,
} from '../../../main/daemon/health/strays/find.ts';
import { straysCheck } from '../../../main/daemon/health/strays/strays.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const entry = { pid: 4242, parent: 1, group: 4242, started: '1', command: '' };
let folder = '';
let home = '';
let program = '';
beforeEach(() => {
  folder = temporaryFolder();
  home = join(folder, 'my home');
  program = join(folder, 'headless.cjs');
  mkdirSync(home);
  writeFileSync(program, '');
});

const seen = (more: Partial<SeenProcess> = {}): SeenProcess => ({
  words: ['node', program, '--home', home],
  environment: {},
  folder: home,
  executable: process.execPath,
  locks: [],
  hasLockElsewhere: false,
  root: '',
  ...more,
});
const found = (more: Partial<SeenProcess> = {}, platform: NodeJS.Platform = 'linux') =>
  describeProcess(entry, seen(more), platform);

describe('the home of a daemon', () => {
  test('is that of its command line', () => {
    expect(found()).toMatchObject({ home, isHomeGone: false, isProgramGone: false, hasLockOpen: false });
  });

  test('is that of its environment, or the default one in it', () => {
    const words = ['node', 'cli.cjs', 'up', '--foreground'];
    expect(found({ words, environment: { SOLOIST_HOME: 'my home' }, folder })?.home).toBe(home);
    expect(found({ words, environment: { XDG_STATE_HOME: folder } })?.home).toBe(join(folder, 'soloist'));
    expect(found({ words, environment: { HOME: folder } })?.home).toBe(join(folder, '.local/state/soloist'));
    expect(found({ words, environment: undefined })?.home).toBeNull();
  });

  test('is where its lock file is, if the system tells', () => {
    const link = join(folder, 'link');
    symlinkSync(home, link);
    const daemon = found({ words: ['node', program, '--home', link], locks: [home] });
    expect(daemon).toMatchObject({ home, isHomeGone: false, hasLockOpen: true });
    expect(daemon?.isOf(home)).toBe(true);
    expect(daemon?.isOf(folder)).toBe(false);
  });

  test('is gone when it was moved or deleted', () => {
    const moved = join(folder, 'moved');
    renameSync(home, moved);
    expect(found({ locks: [moved] })).toMatchObject({ home, isHomeGone: true });
    rmSync(moved, { recursive: true });
    expect(found({ locks: [home] })).toMatchObject({ home, isHomeGone: true });
    expect(found()?.isOf(home)).toBe(false);
  });

  test('was moved and made anew: the daemon was told this one', () => {
    renameSync(home, join(folder, 'moved'));
    mkdirSync(home);
    expect(found({ locks: [join(folder, 'moved')] })?.isOf(home)).toBe(true);
  });

  test('of a process in a container is in its own file system', () => {
    expect(
      found({ root: folder, words: ['node', '/headless.cjs', '--home', '/my home'], executable: undefined }),
    ).toMatchObject({ home: '/my home', isHomeGone: false, isProgramGone: false });
  });
});

describe('the program of a daemon', () => {
  test('is gone when its script or its executable is', () => {
    expect(found({ executable: join(folder, 'node') })?.isProgramGone).toBe(true);
    rmSync(program);
    expect(found()?.isProgramGone).toBe(true);
  });

  test('may be written relative to the folder in which it was started', () => {
    const words = ['node', './headless.cjs', '--home', home];
    expect(found({ words, folder })?.isProgramGone).toBe(false);
    expect(found({ words, folder: home })?.isProgramGone).toBe(true);
    expect(found({ words, folder: undefined })?.isProgramGone).toBe(false);
  });
});

describe('the menu-bar app', () => {
  const app = (more: Partial<SeenProcess> = {}, platform?: NodeJS.Platform) =>
    found({ words: ['/x/electron', folder, '--home', home], ...more }, platform);
  beforeEach(() => writeFileSync(join(folder, 'package.json'), '{"name":"soloist"}'));

  test('is a daemon while it holds a lock', () => {
    expect(app({ locks: [home] })?.home).toBe(home);
    expect(app({ hasLockElsewhere: true })?.home).toBe(home);
    expect(app()).toBeUndefined();
  });

  test('is no other program of Electron', () => {
    writeFileSync(join(folder, 'package.json'), '{"name":"other"}');
    expect(app({ locks: [home] })).toBeUndefined();
  });

  test('is told by the records where open files are not', () => {
    const record = (name: string, pid: number): void =>
      writeFileSync(
        join(home, `${name}.owner.json`),
        JSON.stringify({
          ...{
            pid,
            processStarted: '1',
            bootId: 'b',
            host: { name: 'h', id: 'i' },
            kind: 'app',
            version: '1',
          },
          ...{ startedAt: '', startedBy: '', instanceId: '', generation: 1, lock: '', socket: '' },
          ...{ lastCrash: null, endedAt: null },
        }),
      );
    const locks = undefined;
    expect(app({ locks }, 'darwin')?.home).toBe(home);
    // Attached to another daemon, or with its own stopped.
    record('app', entry.pid);
    record('daemon', 4243);
    expect(app({ locks }, 'darwin')).toBeUndefined();
    record('daemon', entry.pid);
    expect(app({ locks }, 'darwin')?.home).toBe(home);
  });
});

test('a line of ps on macOS', () => {
  const line = `node ${program} --home ${home} --report PWD=/x HOME=${folder}`;
  expect(describeProcess(entry, seenOnMac(line), 'darwin')).toMatchObject({ home, isProgramGone: false });
  const foreground = `node ${join(folder, 'cli.cjs')} up --foreground HOME=${folder} PWD=/x`;
  expect(describeProcess(entry, seenOnMac(foreground), 'darwin')).toMatchObject({
    home: join(folder, 'Library/Application Support/Soloist'),
    isHomeGone: true,
    isProgramGone: true,
  });
});

describe('the check', () => {
  const now = new Date(2026, 10, 21, 12, 0);
  const stray = (pid: number, kind: StrayView['kind'], home: string | null = `/h${pid}`): StrayView => ({
    ...{ pid, kind, home, started: '1', since: new Date(2026, 10, 21, 9, 14).toISOString() },
    ...{ cpuMs: 1, memoryBytes: 1, command: 'node' },
  });
  const remedyOf = (verdict: string) => ({
    kind: 'end-strays',
    subject: null,
    command: verdict === 'error' ? 'soloist doctor --fix' : 'soloist doctor',
  });
  test.each([
    [[], 'ok', 'No other daemon runs.'],
    [[stray(1, 'other-home')], 'ok', 'One daemon of another home runs, which is fine: /h1 (PID 1).'],
    [
      [stray(1, 'other-home'), stray(2, 'other-home', null)],
      'ok',
      '2 daemons of other homes run, which is fine: /h1 (PID 1), home unknown (PID 2).',
    ],
    [[stray(1, 'home-gone')], 'warning', 'A daemon runs whose home is gone: PID 1 (/h1).'],
    [[stray(1, 'program-gone')], 'warning', 'A daemon runs whose program is gone: PID 1 (/h1).'],
    [
      [stray(1, 'home-gone'), stray(2, 'same-home'), stray(3, 'other-home')],
      'error',
      'Another daemon of this home runs: PID 2 (since 09:14). A daemon runs whose home is gone: PID 1 (/h1).',
    ],
    [
      Array.from({ length: 13 }, (_, at) => stray(at + 1, 'same-home')),
      'error',
      '13 other daemons of this home run: PID 1 (since 09:14), PID 2 (since 09:14), PID 3 (since 09:14), PID 4 (since 09:14), PID 5 (since 09:14) and 8 more.',
    ],
  ])('of %#', (strays, verdict, sentence) => {
    expect(straysCheck(strays, now)).toEqual([
      {
        name: 'strays',
        group: 'processes',
        subject: null,
        verdict,
        sentence,
        remedy: verdict === 'ok' ? null : remedyOf(verdict),
      },
    ]);
  });
});
