import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { type ErrorDetails, errorDetails, SoloistError } from '../daemon/errors.ts';
import { type Call, httpStatusOf } from './contract.ts';
import { http } from './http.ts';
import { listenPrivately } from './listen.ts';

/** More than any call takes. */
const LARGEST_BODY = 64 * 1024;
/** A request must have arrived whole by then; what comes slower is no client of ours. */
const ARRIVAL_MS = 10_000;
const MOST_CONNECTIONS = 256;
/** A watcher that does not read is dropped before its backlog costs memory. */
const LARGEST_BACKLOG = 1024 * 1024;

/** A table of calls: the contract, or the few that an app answers to another launch of itself. */
export type CallTable = Readonly<Record<string, Call>>;

/** What answers a table. Each gets what the schema of its row made of the input. */
export type TableHandlers = Readonly<Record<string, (input: never, emit: never) => unknown>>;

export interface ControlServerOptions {
  readonly path: string;
  /** Sent with every answer, so that a client knows which owner it talks to. */
  readonly instanceId: string;
  readonly table: CallTable;
  readonly handlers: TableHandlers;
  readonly logger: Logger;
  /** Whether the path is still this process's. */
  readonly isOwner: () => boolean;
}

/** Answers the calls of a table over HTTP at a socket. Returns how to stop: answers under way are finished first. */
export async function startControlServer(options: ControlServerOptions): Promise<() => Promise<void>> {
  const { logger } = options;
  const streams = new Set<ServerResponse>();
  const arrivals = new Arrivals();
  const server = http().createServer({
    maxHeaderSize: 16 * 1024,
    keepAlive: false,
    requestTimeout: 0,
    connectionsCheckingInterval: 0x7fffffff,
  });
  // Node would look at all connections twice a minute; each has a limit of its own here.
  server.headersTimeout = 0;
  server.maxRequestsPerSocket = 1;
  server.maxConnections = MOST_CONNECTIONS;

  server.on('connection', (socket) => arrivals.expect(socket));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuseMalformed(error, socket));
  server.on('request', (request, response) => {
    response.setHeader('Soloist-Instance', options.instanceId);
    response.setHeader('Connection', 'close');
    answer(request, response, options, streams, arrivals).catch((error) => {
      if (!(error instanceof SoloistError)) logger.error({ err: error, url: request.url }, 'a call failed');
      answerError(response, errorDetails(error));
    });
  });
  const takeBack = await listenPrivately(server, options.path, {
    isOwner: options.isOwner,
    warn: (message, cause) => logger.warn({ err: cause }, message),
  });
  server.on('error', (error) => logger.error({ err: error }, 'the control socket failed'));

  return async () => {
    takeBack();
    for (const stream of streams) stream.end();
    arrivals.destroyAll();
    await close(server);
  };
}

/** Stops listening and waits for the answers under way, but not for clients that do not read theirs. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const impatience = setTimeout(() => server.closeAllConnections(), 1_000);
    server.close(() => {
      clearTimeout(impatience);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** The connections whose request has not arrived whole, each with its own limit of time. */
class Arrivals {
  readonly #timers = new Map<Socket, NodeJS.Timeout>();

  expect(socket: Socket): void {
    const details = { code: 'unfinished-request', message: 'The request did not arrive within 10 s.' };
    this.#timers.set(
      socket,
      setTimeout(() => answerRaw(socket, details), ARRIVAL_MS),
    );
    socket.once('close', () => this.arrived(socket));
    // A client that goes away in the middle is no concern of the daemon.
    socket.on('error', () => {});
  }

  arrived(socket: Socket): void {
    clearTimeout(this.#timers.get(socket));
    this.#timers.delete(socket);
  }

  destroyAll(): void {
    for (const socket of this.#timers.keys()) socket.destroy();
  }
}

const malformed: Readonly<Record<string, ErrorDetails>> = {
  HPE_HEADER_OVERFLOW: { code: 'headers-too-large', message: 'The headers are larger than 16 KB.' },
};

function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  answerRaw(
    socket,
    malformed[error.code ?? ''] ?? { code: 'bad-request', message: 'This is not an HTTP/1.1 request.' },
  );
}

/** Answers where there is no request to answer to. */
function answerRaw(socket: Socket, details: ErrorDetails): void {
  if (socket.destroyed) return;
  if (socket.writable) {
    const status = httpStatusOf[details.code] ?? 500;
    const body = JSON.stringify({ error: details });
    socket.write(
      `HTTP/1.1 ${status} ${http().STATUS_CODES[status]}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { table, handlers }: ControlServerOptions,
  streams: Set<ServerResponse>,
  arrivals: Arrivals,
): Promise<void> {
  const { name, call, query } = route(request, response, table);
  const body = await readBody(request);
  arrivals.arrived(request.socket);
  const input = call.input.safeParse(call.method === 'GET' ? query : parseBody(body));
  if (!input.success) {
    const [issue] = input.error.issues;
    const place = issue?.path.join('.') || 'the input';
    throw refusal('invalid-input', `${place}: ${issue?.message ?? 'not as expected'}.`);
  }
  // Its input was parsed by the schema of the same row.
  const handle = handlers[name] as (input: unknown, emit?: EmitAny) => unknown;
  if (call.answer.kind === 'stream')
    return stream(request, response, (emit) => handle(input.data, emit) as () => void, streams);
  const value = await handle(input.data);
  if (call.answer.kind === 'text') return answerText(response, 200, call.answer.type, String(value));
  const httpStatus = call.answer.httpStatus as ((value: unknown) => number) | undefined;
  answerJson(response, httpStatus?.(value) ?? 200, value);
}

type EmitAny = (event: string, data: unknown) => void;

function route(
  request: IncomingMessage,
  response: ServerResponse,
  table: CallTable,
): { name: string; call: Call; query: object } {
  const url = parseUrl(request.url ?? '');
  const path = url?.pathname;
  const calls = Object.entries(table).filter(([, call]) => call.path === path);
  if (url === null || calls.length === 0)
    throw refusal('unknown-path', `There is no ${request.url}.`, "'soloist help programs' lists the calls.");
  const [name, call] = calls.find(([, call]) => call.method === request.method) ?? [];
  if (name === undefined || call === undefined) {
    const allowed = calls.map(([, call]) => call.method).join(', ');
    response.setHeader('Allow', allowed);
    throw refusal('wrong-method', `${path} does not take ${request.method}.`, `It takes ${allowed}.`);
  }
  return { name, call, query: Object.fromEntries(url.searchParams) };
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text, 'http://soloist');
  } catch {
    return null;
  }
}

/** Reads the body, at most `LARGEST_BODY` bytes of it. */
async function readBody(request: IncomingMessage): Promise<string> {
  const tooLarge = refusal('body-too-large', `The body is larger than ${LARGEST_BODY / 1024} KB.`);
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) throw tooLarge;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_BODY) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(body: string): unknown {
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch (error) {
    throw refusal('bad-request', `The body is not JSON: ${errorDetails(error).message}.`);
  }
}

function stream(
  request: IncomingMessage,
  response: ServerResponse,
  begin: (emit: EmitAny) => () => void,
  streams: Set<ServerResponse>,
): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  streams.add(response);
  const end = begin((event, data) => {
    if (response.writableLength > LARGEST_BACKLOG) response.destroy();
    else response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  });
  const finish = (): void => {
    streams.delete(response);
    end();
  };
  response.once('close', finish);
  request.socket.once('end', () => response.end());
}

function answerError(response: ServerResponse, details: ErrorDetails): void {
  const { socket } = response;
  if (response.headersSent || socket === null || socket.destroyed) {
    response.destroy();
    return;
  }
  answerJson(response, httpStatusOf[details.code] ?? 500, { error: details });
  // What is left of a refused body is not read: the connection ends behind the answer.
  response.once('finish', () => socket.destroySoon());
}

function answerJson(response: ServerResponse, status: number, value: unknown): void {
  answerText(response, status, 'application/json', `${JSON.stringify(value)}\n`);
}

function answerText(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function refusal(code: string, message: string, hint?: string): SoloistError {
  return new SoloistError(hint === undefined ? { code, message } : { code, message, hint });
}
