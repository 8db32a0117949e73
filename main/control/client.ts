import { connect, type Socket } from 'node:net';
import { SoloistError, systemErrorCode } from '../daemon/errors.ts';
import { type CallName, calls } from './calls.ts';
import type { ErrorAnswer, Given, Handlers } from './contract.ts';

// The schemas stay out of the client: parsing what the daemon itself wrote would cost more than the whole call.
type Output<Name extends keyof Handlers> = Awaited<ReturnType<Handlers[Name]>>;

export type ValueCall = Exclude<CallName, 'events' | 'metrics'>;

/** The input of a call as the last argument; to be left out where nothing of it must be given. */
export type InputArgument<Name extends CallName> =
  Record<never, never> extends Given<Name> ? [input?: Given<Name>] : [input: Given<Name>];

/** No daemon answered: nobody listens there (`unreachable`) or nobody spoke in time (`not-answering`). */
export class NoAnswerError extends SoloistError {
  override readonly name = 'NoAnswerError';
}

/**
 * Asks the daemon at a socket. Resolves to its answer; rejects with a `NoAnswerError` if nobody listens or the
 * time (milliseconds) is over, and with a `SoloistError` with the daemon's own code if it refuses.
 */
export async function ask<Name extends ValueCall>(
  socket: string,
  name: Name,
  timeout: number,
  ...[input]: InputArgument<Name>
): Promise<Output<Name>> {
  return (await askAt(socket, calls[name], timeout, input)) as Output<Name>;
}

/** Where a call is in HTTP. */
export interface CallAddress {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}

/** Asks any call at a socket, as `ask` does those of the contract. */
export async function askAt(
  socket: string,
  call: CallAddress,
  timeout: number,
  input?: object,
): Promise<unknown> {
  const { status, body } = await exchange(socket, call, timeout, input);
  const answer = parseJson(body);
  const error = (answer as Partial<ErrorAnswer> | undefined)?.error;
  if (typeof error?.message === 'string') throw new SoloistError(error);
  // The health of a daemon that is not well comes with a 503, and is an answer all the same.
  if ((status === 200 || status === 503) && answer !== undefined) return answer;
  // Whatever it is, it is no daemon that this version knows.
  throw new SoloistError({
    code: 'unknown-answer',
    message: `What answers at ${socket} does not speak as Soloist does (HTTP status ${status}).`,
    hint: 'It may be another version: update both, or stop it.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function exchange(
  socket: string,
  call: CallAddress,
  timeout: number,
  input: object | undefined,
): Promise<Answer> {
  const connection = open(socket, call, input);
  const timer = setTimeout(() => connection.destroy(notAnswering(socket)), timeout);
  try {
    let text = '';
    for await (const chunk of connection) text += chunk;
    return parseAnswer(text) ?? unreachable(socket, 'it hung up');
  } catch (error) {
    throw error instanceof NoAnswerError ? error : unreachable(socket, error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Sends a request as HTTP/1.0, which is answered without chunks and ends with the connection: so little of HTTP
 * that it is spoken by hand, since loading `node:http` costs a third of what a whole `soloist status` may.
 */
function open(path: string, { method, path: url }: CallAddress, input: object = {}): Socket {
  const query = method === 'GET' ? queryOf(input) : '';
  const body = method === 'POST' && Object.keys(input).length > 0 ? JSON.stringify(input) : '';
  const connection = connect(path);
  connection.setEncoding('utf8');
  const length = Buffer.byteLength(body);
  connection.write(
    `${method} ${url}${query} HTTP/1.0\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n${body}`,
  );
  return connection;
}

/** An input as the query of a URL; what is undefined or null is left out. */
function queryOf(input: object): string {
  const given = Object.entries(input).filter(([, value]) => value !== undefined && value !== null);
  const query = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  return query === '' ? '' : `?${query}`;
}

function parseAnswer(text: string): Answer | undefined {
  const end = text.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.[01] (\d{3}) /.exec(text)?.[1];
  return end < 0 || status === undefined ? undefined : { status: Number(status), body: text.slice(end + 4) };
}

function notAnswering(socket: string): NoAnswerError {
  return new NoAnswerError({ code: 'not-answering', message: `The daemon at ${socket} does not answer.` });
}

function unreachable(socket: string, cause: unknown): never {
  const reason = systemErrorCode(cause) ?? cause;
  throw new NoAnswerError(
    { code: 'unreachable', message: `No daemon answers at ${socket} (${reason}).` },
    { cause },
  );
}

/** One event of `/v1/events`. */
export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Yields the daemon's events as they come; ends when the daemon ends or the signal is aborted. */
export async function* follow(socket: string, signal: AbortSignal): AsyncGenerator<StreamEvent> {
  const connection = open(socket, calls.events);
  signal.addEventListener('abort', () => connection.destroy());
  let pending = '';
  let isHead = true;
  try {
    for await (const chunk of connection) {
      pending += chunk;
      if (isHead) {
        const end = pending.indexOf('\r\n\r\n');
        if (end < 0) continue;
        pending = pending.slice(end + 4);
        isHead = false;
      }
      const blocks = pending.split('\n\n');
      pending = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
        if (event !== undefined && data !== undefined) yield { event, data: parseJson(data) };
      }
    }
  } catch (error) {
    if (!signal.aborted) unreachable(socket, error);
  }
}
