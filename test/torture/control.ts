import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { ownerOf, psColumn, soloist } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { Tally, type TortureResult } from './result.ts';

const AT_ONCE = 16;

const random = (below: number): number => Math.floor(Math.random() * below);
const pick = <Item>(items: readonly [Item, ...Item[]]): Item => items[random(items.length)] ?? items[0];

/** More than this above the plateau is a leak: 100,000 requests that each keep 500 bytes would show. */
const GROWTH_LIMIT_MB = 30;

/** Random bytes and random requests to the control socket: the daemon answers as before, and does not grow. */
export async function fuzzControlSocket(requests: number): Promise<TortureResult> {
  const tally = new Tally('random bytes and requests to the control socket');
  const home = join(temporaryFolder(), 'home');
  await soloist(home, ['up']);
  const owner = ownerOf(home);
  if (owner === undefined) throw new Error('no daemon to torture');
  const socket = owner.socket;
  let plateau = 0;
  for (let done = 0; done < requests; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => one(tally, socket)));
    // Buffers and compiled code settle first; after that nothing may be kept.
    if (done < requests / 3) plateau = Math.max(plateau, residentMegabytes(owner.pid));
  }
  const grown = residentMegabytes(owner.pid) - plateau;
  tally.count('MB grown after the first third', Math.round(grown));
  tally.expect(grown < GROWTH_LIMIT_MB, `memory grew by ${grown} MB`);
  const status = await soloist(home, ['status', '--json']);
  tally.expect(status.exitCode === 0, `status said ${status.stdout}${status.stderr}`);
  tally.expect(ownerOf(home)?.instanceId === owner.instanceId, 'it is another daemon');
  tally.expect((await soloist(home, ['down'])).exitCode === 0, 'down failed');
  return tally.result();
}

async function one(tally: Tally, path: string): Promise<void> {
  tally.round();
  const kind = random(3);
  if (kind === 0) {
    await raw(path, randomBytes(random(2_000)));
    tally.count('of random bytes');
  } else if (kind === 1) {
    await raw(path, mangledRequest());
    tally.count('mangled requests');
  } else {
    const status = await wellFormed(path);
    tally.count(`answered ${status}`);
    tally.expect(status >= 400 && status < 500, `answered ${status}`);
  }
}

/** Sends bytes, half of the time without ever finishing, and waits until the connection is over. */
function raw(path: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket: Socket = createConnection(path);
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
    socket.write(bytes, () => {
      if (random(2) === 0) socket.end();
      else setTimeout(() => socket.destroy(), random(5));
    });
  });
}

function mangledRequest(): Buffer {
  const body = randomBytes(random(100));
  const text = Buffer.concat([
    Buffer.from(
      `${pick(['GET', 'POST', 'PUT', 'G\0T', 'OPTIONS', 'CONNECT', ''])} ${pick(['/v1/status', '/v1/stop', '/', '//', '/%', '*', 'http://['])} ` +
        `HTTP/${pick(['1.1', '1.0', '2.0', '9'])}\r\n${pick(['Host: x', 'Host', ': x', 'Transfer-Encoding: chunked', 'Expect: 100-continue', 'Upgrade: websocket\r\nConnection: upgrade'])}\r\n` +
        `Content-Length: ${pick(['-1', '5', '999999999999', 'x', '0'])}\r\n\r\n`,
    ),
    body,
  ]);
  const damaged = Buffer.from(text);
  for (let index = 0; index < random(4); index++) damaged[random(damaged.length)] = random(256);
  // Whatever was damaged, it must not happen to ask the daemon to stop or restart.
  return /POST \/v1\/(stop|restart)/.test(damaged.toString('latin1')) ? text.subarray(0, 10) : damaged;
}

/** A request that HTTP allows and the contract does not. */
function wellFormed(path: string): Promise<number> {
  const [method, url, body] = pick<[string, string, string]>([
    ['GET', `/v1/${randomBytes(4).toString('hex')}`, ''],
    ['POST', '/v1/status', '{}'],
    ['DELETE', '/v1/stop', ''],
    ['GET', '/v1/status?x=1', ''],
    ['POST', '/v1/stop', '{"force":true}'],
    ['POST', '/v1/stop', '[]'],
    ['POST', '/v1/restart', '"text"'],
    ['POST', '/v1/restart', '{"__proto__":1,"constructor":{}}'],
    ['POST', '/v1/stop', '{'],
    ['POST', '/v1/stop', '['.repeat(30_000)],
    ['POST', '/v1/stop', 'x'.repeat(70_000)],
    ['GET', `/v1/status?${'x'.repeat(20_000)}`, ''],
  ]);
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: path, method, path: url, agent: false }, (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode ?? 0));
    });
    // The answer to a body that is too large may come while the body is still being sent.
    call.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? resolve(499) : reject(error),
    );
    call.end(body);
  });
}

function residentMegabytes(pid: number): number {
  return Number(psColumn(pid, 'rss')) / 1024;
}
