import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listenPrivately } from '../../../main/control/listen.ts';
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
