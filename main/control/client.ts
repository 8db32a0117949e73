import type { ClientRequest, IncomingMessage } from 'node:http';
import { SoloistError, systemErrorCode } from '../daemon/errors.ts';
import { type CallName, calls } from './calls.ts';
import type { ErrorAnswer, Handlers } from './contract.ts';
import { http } from './http.ts';

// The schemas stay out of the client: parsing what the daemon itself wrote would cost more than the whole call.
type Output<Name extends keyof Handlers> = Awaited<ReturnType<Handlers[Name]>>;

type ValueCall = Exclude<CallName, 'events'>;

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
): Promise<Output<Name>> {
  const deadline = AbortSignal.timeout(Math.ceil(timeout));
  const { status, text } = await exchange(socket, name, deadline);
  const answer: unknown = JSON.parse(text);
  if (status === 200) return answer as Output<Name>;
  throw new SoloistError((answer as ErrorAnswer).error);
}

async function exchange(
  socket: string,
  name: ValueCall,
  deadline: AbortSignal,
): Promise<{ status: number; text: string }> {
  try {
    const response = await open(socket, name, deadline);
    let text = '';
    response.setEncoding('utf8');
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode ?? 0, text };
  } catch (error) {
    throw noAnswer(socket, error, deadline.aborted);
  }
}

function noAnswer(socket: string, cause: unknown, late: boolean): NoAnswerError {
  if (late) {
    return new NoAnswerError(
      { code: 'not-answering', message: `The daemon at ${socket} does not answer.` },
      { cause },
    );
  }
  return new NoAnswerError(
    { code: 'unreachable', message: `No daemon answers at ${socket} (${systemErrorCode(cause) ?? cause}).` },
    { cause },
  );
}

function open(socketPath: string, name: CallName, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request: ClientRequest = http().request({ socketPath, ...calls[name], signal, agent: false });
    request.once('response', resolve);
    request.once('error', reject);
    request.end();
  });
}

/** One event of `/v1/events`. */
export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Yields the daemon's events as they come; ends when the daemon ends or the signal is aborted. */
export async function* follow(socket: string, signal: AbortSignal): AsyncGenerator<StreamEvent> {
  let pending = '';
  try {
    const response = await open(socket, 'events', signal);
    response.setEncoding('utf8');
    for await (const chunk of response) {
      const blocks = (pending + chunk).split('\n\n');
      pending = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
        if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) };
      }
    }
  } catch (error) {
    if (!signal.aborted) throw noAnswer(socket, error, false);
  }
}
