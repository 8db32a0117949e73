import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listenPrivately } from '../../../main/control/listen.ts';
import { eventually } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/** A server that says its name to whoever connects. */
const named = (name: string): Server => createServer((socket) => socket.end(name));

function heard(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(path).setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.once('end', () => resolve(text));
    socket.once('error', reject);
  });
}

const asOwner = { isOwner: () => true, warn: () => {} };

test('sockets of several homes that begin at once in one folder do not take each other’s place', async () => {
  const folder = temporaryFolder();
  const paths = Array.from({ length: 20 }, (_, index) => join(folder, `home-${index}-daemon.sock`));
  const servers = paths.map(named);
  const takeBack = await Promise.all(
    servers.map((server, index) => listenPrivately(server, paths[index] ?? '', asOwner)),
  );
  try {
    for (const path of paths) expect(await heard(path)).toBe(path);
  } finally {
    for (const back of takeBack) back();
    for (const server of servers) server.close();
  }
});

describe('a socket that was', () => {
  const harms: Record<string, (path: string) => void> = {
    deleted: (path) => rmSync(path),
    'replaced by a file': (path) => {
      writeFileSync(`${path}.other`, '');
      renameSync(`${path}.other`, path);
    },
    'replaced by a folder': (path) => {
      rmSync(path);
      mkdirSync(path);
    },
  };
  test.for(Object.entries(harms))('%s is there again, and is taken back', async ([, harm]) => {
    const path = join(temporaryFolder(), 'daemon.sock');
    const server = named('the owner');
    const warnings: string[] = [];
    const back = await listenPrivately(server, path, {
      isOwner: () => true,
      warn: (message) => void warnings.push(message),
    });
    try {
      for (let times = 1; times <= 3; times++) {
        harm(path);
        await eventually('it answers again', async () => (await heard(path).catch(() => '')) === 'the owner');
        expect(statSync(path).mode & 0o777).toBe(0o600);
      }
      expect(warnings[0]).toContain('it is there again');
    } finally {
      back();
      server.close();
    }
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('d.'))).toEqual([]);
  });

  test('replaced by that of another owner is left to it', async () => {
    const path = join(temporaryFolder(), 'daemon.sock');
    let isOwner = true;
    const first = named('first');
    const back = await listenPrivately(first, path, { isOwner: () => isOwner, warn: () => {} });
    isOwner = false;
    const second = named('second');
    const secondBack = await listenPrivately(second, path, asOwner);
    try {
      expect(await heard(path)).toBe('second');
      back();
      expect(await heard(path)).toBe('second');
    } finally {
      secondBack();
      first.close();
      second.close();
    }
  });
});

test('what died before its socket had its name leaves nothing for long', async () => {
  const folder = temporaryFolder();
  const old = createServer();
  const left = [join(folder, 'd.zz1'), join(folder, 'd.zz2')];
  await new Promise<void>((resolve) => old.listen(left[0], resolve));
  renameSync(left[0] ?? '', left[1] ?? '');
  old.close();
  const hourAgo = Date.now() / 1_000 - 3_600;
  utimesSync(left[1] ?? '', hourAgo, hourAgo);
  writeFileSync(join(folder, 'd.notes'), '');
  const server = named('it');
  const back = await listenPrivately(server, join(folder, 'daemon.sock'), asOwner);
  expect(readdirSync(folder).sort()).toEqual(['d.notes', 'daemon.sock']);
  back();
  server.close();
});
