import { statSync } from 'node:fs';
import { request } from 'node:http';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, follow, NoAnswerError } from '../../../main/control/client.ts';
import { contract, httpStatusOf } from '../../../main/control/contract.ts';
import { controlPart } from '../../../main/control/control-part.ts';
import type { Daemon } from '../../../main/daemon/daemon.ts';
import { run } from '../../support/command-line.ts';
import { daemonIn } from '../../support/daemons.ts';
import { newHome } from '../../support/homes.ts';

let home = '';
let socket = '';
let daemon: Daemon;

beforeEach(async () => {
  home = newHome();
  socket = join(home, 'daemon.sock');
  daemon = daemonIn(home, { standing: [controlPart({ stop: (daemon) => void daemon.stop() })] });
  await daemon.start();
});
afterEach(() => daemon.stop());

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

function call(
  method: string,
  path: string,
  body = '',
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: socket, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text), headers: response.headers }),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Sends bytes as they are; resolves to everything that came back. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    let text = '';
    connection.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    connection.once('close', () => resolve(text));
    connection.on('error', () => {});
    connection.write(bytes);
  });
}

test('is for this user only', () => {
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  expect(statSync(home).mode & 0o777).toBe(0o700);
});

test('answers curl', async () => {
  const { stdout } = await run('curl', ['-s', '--unix-socket', socket, 'http://localhost/v1/status']);
  expect(JSON.parse(stdout)).toMatchObject({
    daemon: { state: 'running', pid: process.pid },
    owner: { socket },
  });
});

test('status is as the contract says, and names the instance', async () => {
  const { status, body, headers } = await call('GET', '/v1/status');
  expect(status).toBe(200);
  expect(contract.status.answer.schema.parse(body)).toEqual(JSON.parse(JSON.stringify(daemon.status())));
  expect(headers['soloist-instance']).toBe(daemon.status().owner?.instanceId);
});

test('restart answers when the daemon runs again', async () => {
  const { status, body } = await call('POST', '/v1/restart');
  expect(status).toBe(200);
  expect(contract.restart.answer.schema.parse(body)).toMatchObject({
    status: { daemon: { state: 'running' } },
    problem: null,
  });
});

test('stop answers before the daemon ends', async () => {
  const ended = new Promise<void>((resolve) => {
    daemon.subscribe(({ daemon }) => daemon.state === 'stopped' && resolve());
  });
  const { status, body } = await call('POST', '/v1/stop');
  expect({ status, body }).toEqual({ status: 200, body: { stopping: true, pid: process.pid } });
  await ended;
  await expect(ask(socket, 'status', 1_000)).rejects.toMatchObject({ code: 'unreachable' });
});

test('events begin with the status, and tell each change until the daemon ends', async () => {
  const states: string[] = [];
  const watching = (async () => {
    for await (const { event, data } of follow(socket, AbortSignal.timeout(30_000))) {
      expect(event).toBe('status');
      states.push(contract.events.answer.events.status.parse(data).daemon.state);
      if (states.length === 1) void daemon.restart().then(() => daemon.stop());
    }
  })();
  await watching;
  expect(states).toEqual(['running', 'stopping', 'starting', 'running', 'stopping']);
});

describe('refuses, with the code of the error, and goes on', () => {
  afterEach(async () => {
    expect((await call('GET', '/v1/status')).status, 'still answers').toBe(200);
  });

  const refusals: [string, string, string, string, string][] = [
    ['an unknown path', 'GET', '/v1/nothing', '', 'unknown-path'],
    ['a path outside', 'GET', '/../../etc/passwd', '', 'unknown-path'],
    ['no path', 'GET', '*', '', 'unknown-path'],
    ['a prototype key as a path', 'GET', '/v1/constructor', '', 'unknown-path'],
    ['the wrong method', 'GET', '/v1/stop', '', 'wrong-method'],
    ['an input that is too much', 'POST', '/v1/stop', '{"force":true}', 'invalid-input'],
    ['an input of the wrong type', 'POST', '/v1/restart', '[]', 'invalid-input'],
    ['a query that is too much', 'GET', '/v1/status?verbose=1', '', 'invalid-input'],
    ['a body that is no JSON', 'POST', '/v1/stop', '{stop}', 'bad-request'],
    ['a body that is too large', 'POST', '/v1/stop', ' '.repeat(70_000), 'body-too-large'],
  ];
  test.for(refusals)('%s', async ([, method, path, body, code]) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({
      status: httpStatusOf[code],
      body: { error: { code, message: expect.any(String) } },
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test('the wrong method, telling the right one', async () => {
    expect((await call('DELETE', '/v1/stop')).headers).toMatchObject({ allow: 'POST' });
  });

  test('a body said to be too large, before it is sent', async () => {
    expect(await raw('POST /v1/stop HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 413 /,
    );
  });

  test('headers that are too large', async () => {
    expect(await raw(`GET /v1/status HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 .*headers-too-large/s,
    );
  });

  test('what is no HTTP at all', async () => {
    expect(await raw('\u0001\u0002 hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*bad-request/s);
  });

  test('a request that never becomes whole, after 10 s', async () => {
    const [headers, body] = await Promise.all([
      raw('GET /v1/status HTTP/1.1\r\nHost'),
      raw('POST /v1/stop HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{'),
    ]);
    expect(headers).toMatch(/^HTTP\/1\.1 408 .*unfinished-request/s);
    expect(body).toMatch(/^HTTP\/1\.1 408 .*unfinished-request/s);
  });
});

test('a client that goes away in the middle of anything harms nobody', async () => {
  for (let index = 0; index < 50; index++) {
    const connection = createConnection(socket);
    connection.on('error', () => {});
    connection.write(
      index % 2 === 0 ? 'GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n' : 'POST /v1/stop HTTP/1.1\r\n',
    );
    await new Promise((resolve) => setTimeout(resolve, index % 5));
    connection.destroy();
  }
  expect(daemon.status().daemon.state).toBe('running');
  expect((await call('GET', '/v1/status')).status).toBe(200);
});

test('a client says whether nobody listens or nobody answers', async () => {
  await expect(ask(join(home, 'nobody.sock'), 'status', 1_000)).rejects.toMatchObject({
    code: 'unreachable',
  });
  const silent = createServer(() => {}).listen(join(home, 'silent.sock'));
  const answer = ask(join(home, 'silent.sock'), 'status', 50);
  await expect(answer).rejects.toBeInstanceOf(NoAnswerError);
  await expect(answer).rejects.toMatchObject({ code: 'not-answering' });
  silent.close();
});
