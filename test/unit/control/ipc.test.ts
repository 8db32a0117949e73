import { pino } from 'pino';
import { expect, test } from 'vitest';
import { ipcTransport } from '../../../main/control/ipc.ts';
import type { WindowHandlers } from '../../../main/control/window-calls.ts';
import { SoloistError } from '../../../main/daemon/errors.ts';

const log: { msg: string; code?: string }[] = [];
const logger = pino({ level: 'trace' }, { write: (line: string) => void log.push(JSON.parse(line)) });
const reached: unknown[] = [];
const handlers = new Proxy({} as WindowHandlers, {
  get: (_, name) => async (input: unknown) => {
    reached.push([name, input]);
    if (name === 'cancel') throw new SoloistError({ code: 'unknown-job', message: 'None.', hint: 'Look.' });
    if (name === 'status') throw new Error('a fault');
    return { name };
  },
});
const answer = ipcTransport(handlers, logger);
const ours = { distrust: undefined };

test('a call of our own page is answered, what may be left out filled in', async () => {
  expect(await answer(ours, 'run', { job: 'quick' })).toEqual({ ok: true, value: { name: 'run' } });
  expect(reached.at(-1)).toEqual(['run', { job: 'quick', words: [] }]);
  expect(await answer(ours, 'app', undefined)).toEqual({ ok: true, value: { name: 'app' } });
});

test('an error is an answer with its code and its hint; a fault is logged', async () => {
  expect(await answer(ours, 'cancel', { target: 'x' })).toEqual({
    ok: false,
    error: { code: 'unknown-job', message: 'None.', hint: 'Look.' },
  });
  expect(await answer(ours, 'status', {})).toMatchObject({ ok: false, error: { code: 'internal' } });
  expect(log.at(-1)?.msg).toBe('a call of a window failed');
});

const circle: Record<string, unknown> = {};
circle.job = circle;
const hostile: [string, unknown, unknown, string][] = [
  ['a call that there is none of', 'shutdown', {}, 'unknown-call'],
  ['a name from the prototype', 'constructor', {}, 'unknown-call'],
  ['the prototype itself', '__proto__', {}, 'unknown-call'],
  ['no name', 7, {}, 'unknown-call'],
  ['the stream', 'events', {}, 'unknown-call'],
  [
    'a prototype for a key',
    'run',
    JSON.parse('{"job":"quick","__proto__":{"words":["x"]}}'),
    'invalid-input',
  ],
  ['one below', 'run', JSON.parse('{"job":{"__proto__":{}}}'), 'invalid-input'],
  ['a key too many', 'run', { job: 'quick', constructor: 1 }, 'invalid-input'],
  ['a wrong type', 'run', { job: 7 }, 'invalid-input'],
  ['a circle', 'run', circle, 'invalid-input'],
  ['a function', 'run', () => {}, 'invalid-input'],
  ['a large integer', 'run', { job: 1n }, 'invalid-input'],
  ['too much', 'run', { job: 'quick', words: ['x'.repeat(70_000)] }, 'body-too-large'],
  ['too many words', 'run', { job: 'quick', words: Array(1_001).fill('x') }, 'invalid-input'],
];
test.for(hostile)('%s is refused and logged', async ([, name, input, code]) => {
  const before = reached.length;
  expect(await answer(ours, name, input)).toMatchObject({ ok: false, error: { code } });
  expect(reached.length).toBe(before);
  expect(log.at(-1)).toMatchObject({ msg: 'a call of a window was refused', code });
});

test('nobody else is answered', async () => {
  expect(await answer({ distrust: 'https://example.com' }, 'app', {})).toMatchObject({
    ok: false,
    error: { code: 'untrusted-sender' },
  });
});
