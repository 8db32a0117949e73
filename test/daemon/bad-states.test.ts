import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { currentHost } from '../../main/daemon/lock/host.ts';
import { localLockPath, tryKernelLock } from '../../main/daemon/lock/kernel.ts';
import { lockPaths } from '../../main/daemon/lock/paths.ts';
import { eventually, isRunning, ownerOf, run, soloist } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

let home = '';
afterEach(async () => {
  if (home !== '' && existsSync(home) && statSync(home).isDirectory())
    await soloist(home, ['down', '--timeout', '2s']);
});

function newHome(prepare: (home: string) => void = (home) => mkdirSync(home, { mode: 0o700 })): string {
  home = join(temporaryFolder(), 'home');
  prepare(home);
  return home;
}

/** The start must work, and the daemon answer. */
async function expectStart(home: string): Promise<void> {
  const up = await soloist(home, ['up']);
  expect(up, up.stderr).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await soloist(home, ['status'])).toMatchObject({ exitCode: 0 });
  expect(readFileSync(join(home, 'daemon.pid'), 'utf8')).toBe(`${ownerOf(home)?.pid}\n`);
}

/** The start must be refused in words that name the file and the way out, not in a stack trace. */
async function expectRefusal(
  home: string,
  reason: RegExp,
  words: readonly string[] = ['up'],
): Promise<string> {
  const { exitCode, stdout, stderr } = await soloist(home, words);
  expect(stderr).toMatch(reason);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  return stderr;
}

describe('daemon.pid', () => {
  const contents: Record<string, string> = {
    empty: '',
    garbage: '\u0000\u00ff not a number',
    '-1': '-1\n',
    '0': '0\n',
    '1': '1\n',
    huge: '99999999999999999999\n',
  };
  test.for(Object.entries(contents))('%s: starts', async ([, text]) => {
    await expectStart(
      newHome((home) => {
        mkdirSync(home, { mode: 0o700 });
        writeFileSync(join(home, 'daemon.pid'), text);
      }),
    );
  });

  test('naming a live stranger: starts, and the stranger lives on', async () => {
    const stranger = spawn('sleep', ['60']);
    try {
      const home = newHome();
      writeFileSync(join(home, 'daemon.pid'), `${stranger.pid}\n`);
      await expectStart(home);
      await soloist(home, ['down']);
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    } finally {
      stranger.kill();
    }
  });

  test('a folder: starts, and the folder is kept under another name', async () => {
    const home = newHome();
    mkdirSync(join(home, 'daemon.pid', 'somebodys'), { recursive: true });
    await expectStart(home);
    const aside = readdirSync(home).find((name) => name.startsWith('daemon.pid.aside-'));
    expect(readdirSync(join(home, aside ?? ''))).toEqual(['somebodys']);
  });

  test('unreadable: starts', async () => {
    const home = newHome();
    writeFileSync(join(home, 'daemon.pid'), '1\n', { mode: 0o000 });
    await expectStart(home);
  });
});

describe('the owner record', () => {
  test.for(['', 'garbage', '{}', '[]', 'null', '{"pid":1}'])('%j: starts', async (text) => {
    const home = newHome();
    writeFileSync(join(home, 'daemon.owner.json'), text);
    await expectStart(home);
  });

  test('a folder: starts, and the folder is kept under another name', async () => {
    const home = newHome();
    mkdirSync(join(home, 'daemon.owner.json'));
    writeFileSync(join(home, 'daemon.owner.json', 'somebodys'), '');
    await expectStart(home);
    expect(readdirSync(home).some((name) => name.startsWith('daemon.owner.json.aside-'))).toBe(true);
  });
});

describe('the lock file', () => {
  test('a folder: refused, naming it', async () => {
    const home = newHome();
    mkdirSync(join(home, 'daemon.lock'));
    await expectRefusal(home, /daemon\.lock cannot be used: it is a folder/);
    expect(statSync(join(home, 'daemon.lock')).isDirectory()).toBe(true);
  });

  test('a link: refused, and what it leads to is left alone', async () => {
    const home = newHome();
    writeFileSync(join(home, 'elsewhere'), 'precious');
    symlinkSync(join(home, 'elsewhere'), join(home, 'daemon.lock'));
    await expectRefusal(home, /daemon\.lock cannot be used: it is a link/);
    expect(readFileSync(join(home, 'elsewhere'), 'utf8')).toBe('precious');
  });

  test('with something in it: starts, and it is neither read nor changed', async () => {
    const home = newHome();
    writeFileSync(join(home, 'daemon.lock'), 'somebody wrote here');
    await expectStart(home);
    expect(readFileSync(join(home, 'daemon.lock'), 'utf8')).toBe('somebody wrote here');
  });
});

describe('the socket', () => {
  test('left over, a file, a folder: starts', async () => {
    for (const make of [(path: string) => writeFileSync(path, 'x'), (path: string) => mkdirSync(path)]) {
      const home = newHome();
      make(join(home, 'daemon.sock'));
      await expectStart(home);
      expect(statSync(join(home, 'daemon.sock')).isSocket()).toBe(true);
      expect(statSync(join(home, 'daemon.sock')).mode & 0o777).toBe(0o600);
      await soloist(home, ['down']);
    }
  });

  test('its path too long for the platform: answers in a private folder, and is found there', async () => {
    const deep = newHome((home) => mkdirSync(join(home, 'x'.repeat(100)), { recursive: true, mode: 0o700 }));
    const home = join(deep, 'x'.repeat(100));
    chmodSync(home, 0o700);
    expect((await soloist(home, ['up'])).exitCode).toBe(0);
    expect((await soloist(home, ['status'])).exitCode).toBe(0);
    const { socket } = ownerOf(home) ?? {};
    expect(socket).not.toContain(home);
    expect((await soloist(home, ['down'])).exitCode).toBe(0);
    expect(existsSync(socket ?? '')).toBe(false);
  });
});

describe('the home', () => {
  test('missing, with missing parents: made, for this user only', async () => {
    const home = newHome(() => {});
    await expectStart(join(home, 'a', 'b'));
    expect(statSync(join(home, 'a', 'b')).mode & 0o777).toBe(0o700);
    await soloist(join(home, 'a', 'b'), ['down']);
  });

  test('a file: refused', async () => {
    await expectRefusal(
      newHome((home) => writeFileSync(home, 'x')),
      /home .* is not a folder/,
    );
    expect(readFileSync(home, 'utf8')).toBe('x');
  });

  test('below a file: refused', async () => {
    const home = newHome((home) => writeFileSync(home, 'x'));
    await expectRefusal(join(home, 'below'), /cannot be used: a part of its path is not a folder/);
  });

  test('a dangling link: refused, naming it', async () => {
    await expectRefusal(
      newHome((home) => symlinkSync('/nowhere/at/all', home)),
      /is a link to something that does not exist/,
    );
    rmSync(home);
  });

  test('a loop of links: refused', async () => {
    await expectRefusal(
      newHome((home) => symlinkSync(home, home)),
      /its path is a loop of links/,
    );
    rmSync(home);
  });

  test('a link to a folder: starts, and is the same home as the folder', async () => {
    const home = newHome();
    const link = join(temporaryFolder(), 'link');
    symlinkSync(home, link);
    await expectStart(home);
    await expectRefusal(link, /already running/);
  });

  test('writable by others: refused, since commands are run from it', async () => {
    for (const mode of [0o770, 0o702, 0o1777]) {
      const home = newHome();
      chmodSync(home, mode);
      await expectRefusal(home, /can be written by other users \(mode \d+\)\. .*chmod go-w/);
      chmodSync(home, 0o700);
    }
  });

  test('readable by others: starts, and is private from then on', async () => {
    const home = newHome();
    chmodSync(home, 0o755);
    await expectStart(home);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  test.skipIf(!isRoot)('(needs root) owned by somebody else: refused', async () => {
    const home = newHome();
    chownSync(home, NOBODY, NOBODY);
    await expectRefusal(home, /belongs to another user \(uid 65534/);
    chownSync(home, 0, 0);
  });

  test.skipIf(!isRoot)('(needs root) to be made by root in a folder of another user: refused', async () => {
    const parent = newHome();
    chownSync(parent, NOBODY, NOBODY);
    await expectRefusal(join(parent, 'home'), /would lie in a folder of another user/);
    expect(existsSync(join(parent, 'home'))).toBe(false);
    chownSync(parent, 0, 0);
  });

  test.skipIf(!isRoot)('(needs root) read-only for its own user: refused, naming the lock file', async () => {
    const home = newHome();
    chownSync(home, NOBODY, NOBODY);
    // Somebody else must get to it at all.
    for (const parent of ['..', '../..']) chmodSync(join(home, parent), 0o755);
    chmodSync(home, 0o500);
    const program = `
      import { prepareHome } from ${JSON.stringify(new URL('../../main/daemon/home.ts', import.meta.url).href)};
      import { tryKernelLock } from ${JSON.stringify(new URL('../../main/daemon/lock/kernel.ts', import.meta.url).href)};
      process.setgid(${NOBODY}); process.setuid(${NOBODY});
      try { tryKernelLock(prepareHome(${JSON.stringify(home)}), 'daemon', () => true); } catch (error) { console.log(error.message); }`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout).toMatch(/daemon\.lock cannot be used: permission denied/);
    chownSync(home, 0, 0);
    chmodSync(home, 0o700);
  });

  test.skipIf(!canMount())(
    '(needs to mount) on a read-only file system: refused, naming the lock file',
    async () => {
      const home = newHome();
      mount(home, 'ro,size=1m,mode=700');
      try {
        await expectRefusal(home, /daemon\.lock cannot be used: its file system is read-only/);
      } finally {
        unmount(home);
      }
    },
  );

  test.skipIf(!canMount())(
    '(needs to mount) on a full disk: starts with a warning, answers and stops',
    async () => {
      const home = newHome();
      mount(home, 'size=64k,mode=700');
      try {
        writeFileSync(join(home, 'daemon.lock'), '');
        fill(join(home, 'filler'));
        const up = await soloist(home, ['up']);
        expect(up, up.stderr).toMatchObject({ exitCode: 0 });
        expect((await soloist(home, ['status'])).exitCode).toBe(0);
        expect((await soloist(home, ['up'])).exitCode).toBe(1);
        expect((await soloist(home, ['down'])).exitCode).toBe(0);
        expect((await soloist(home, ['status'])).exitCode).toBe(3);
      } finally {
        unmount(home);
      }
    },
  );

  test('on a file system without locks: locked in a local folder of this user, still one at a time', () => {
    const home = newHome();
    const inHome = join(home, 'daemon.lock');
    // No file system without locks can be had here: the system's answer in the home is the stand-in.
    const refuseIn = (code: string) => {
      let calls = 0;
      return () => {
        calls += 1;
        if (calls === 1) throw Object.assign(new Error(code), { code });
        return true;
      };
    };
    for (const code of ['ENOTSUP', 'ENOLCK', 'ENOSYS']) {
      const lock = tryKernelLock(home, 'daemon', refuseIn(code));
      expect(lock?.path).toBe(localLockPath(home, 'daemon'));
      expect(lock?.path).not.toBe(inHome);
      expect(lock?.inPlace()).toBe('same');
      lock?.release();
    }
    expect(() => tryKernelLock(home, 'daemon', refuseIn('EIO'))).toThrow('EIO');
    rmSync(localLockPath(home, 'daemon'));
  });
});

describe("proper-lockfile's path", () => {
  const paths = (home: string) => lockPaths(home, 'daemon', currentHost().id);

  test('a file: cleared, starts', async () => {
    const home = newHome();
    writeFileSync(paths(home).hostLock, 'x');
    await expectStart(home);
  });

  test('a folder with something in it, of this host: cleared, starts', async () => {
    const home = newHome();
    mkdirSync(join(paths(home).hostLock, 'inside'), { recursive: true });
    await expectStart(home);
    await soloist(home, ['down']);
    expect(existsSync(paths(home).hostLock)).toBe(false);
  });

  test('something put into it while held: stops without leaving it', async () => {
    const home = newHome();
    await expectStart(home);
    writeFileSync(join(paths(home).hostLock, 'inside'), 'x');
    await soloist(home, ['down']);
    expect(existsSync(paths(home).hostLock)).toBe(false);
    await expectStart(home);
  });

  test('of another host: refused, saying which and since when; taken only with --take-over', async () => {
    const home = newHome();
    await expectStart(home);
    await soloist(home, ['down']);
    const foreign = {
      ...ownerOf(home),
      host: { name: 'nas', id: 'f'.repeat(16) },
      bootId: 'another',
      endedAt: null,
    };
    writeFileSync(paths(home).record, JSON.stringify(foreign));
    mkdirSync(paths(home).hostLock);
    const said = await expectRefusal(
      home,
      /in use on another computer: nas, PID \d+, last seen \d\d:\d\d\. .*--take-over/,
    );
    expect(said).toContain(home);
    expect(existsSync(paths(home).hostLock)).toBe(true);
    expect(await soloist(home, ['status'])).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining('another computer'),
    });
    expect(await soloist(home, ['down'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('nas'),
    });
    expect((await soloist(home, ['up', '--take-over'])).exitCode).toBe(0);
    expect(ownerOf(home)?.host).toEqual(currentHost());
  });

  test('taken by another host while held: this daemon stops itself and says so', async () => {
    const home = newHome();
    await expectStart(home);
    const { pid } = ownerOf(home) ?? {};
    const foreign = {
      ...ownerOf(home),
      host: { name: 'nas', id: 'f'.repeat(16) },
      bootId: 'another',
      instanceId: 'theirs',
    };
    writeFileSync(paths(home).record, JSON.stringify(foreign));
    await eventually('the daemon is gone', async () => !(await isRunning(pid ?? 0)));
    const [log] = readdirSync(join(home, 'logs')).filter((name) => name.startsWith('daemon-'));
    expect(readFileSync(join(home, 'logs', log ?? ''), 'utf8')).toContain('owner record');
    expect(JSON.parse(readFileSync(paths(home).record, 'utf8')), 'the record of the other stays').toEqual(
      foreign,
    );
    rmSync(paths(home).record);
  });
});

function canMount(): boolean {
  const folder = temporaryFolder();
  try {
    mount(folder, 'size=1m');
    unmount(folder);
    return true;
  } catch {
    return false;
  }
}

function mount(folder: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
}

function unmount(folder: string): void {
  execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
}

function fill(path: string): void {
  try {
    for (let text = ''; ; ) {
      text += 'x'.repeat(1_000);
      writeFileSync(path, text);
    }
  } catch {
    // Full now.
  }
}
