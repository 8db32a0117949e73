import type { Logger } from 'pino';
import { errorDetails, SoloistError } from '../daemon/errors.ts';
import { type IpcAnswer, type WindowCallName, type WindowHandlers, windowCalls } from './window-calls.ts';

/** Who a message came from, as the main process sees it. */
export interface IpcSender {
  /** Undefined if it is the main frame of a window of ours on our own scheme; else why it is not trusted. */
  readonly distrust: string | undefined;
}

/** More than any call takes, as characters of JSON. */
const LARGEST_INPUT = 64 * 1024;

/**
 * The transport of the contract over IPC: answers a message of a window. What is not from our own page, not a call, or
 * not what the call's schema takes is refused and logged.
 */
export function ipcTransport(
  handlers: WindowHandlers,
  logger: Logger,
): (sender: IpcSender, name: unknown, input: unknown) => Promise<IpcAnswer> {
  const answer = async (sender: IpcSender, name: unknown, input: unknown): Promise<unknown> => {
    if (sender.distrust !== undefined)
      throw refusal('untrusted-sender', `The sender is not a window of Soloist: ${sender.distrust}.`);
    if (!isCallName(name)) throw refusal('unknown-call', 'There is no such call.');
    const parsed = windowCalls[name].input.safeParse(sized(input ?? {}));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw refusal(
        'invalid-input',
        `${issue?.path.join('.') || 'the input'}: ${issue?.message ?? 'not as expected'}.`,
      );
    }
    // Its input was parsed by the schema of the same row.
    const handle = handlers[name] as (input: unknown) => Promise<unknown>;
    return handle(parsed.data);
  };
  return async (sender, name, input) => {
    try {
      return { ok: true, value: await answer(sender, name, input) };
    } catch (error) {
      if (error instanceof RefusedError)
        logger.warn(
          { code: error.code, reason: error.message, call: String(name).slice(0, 100) },
          'a call of a window was refused',
        );
      else if (!(error instanceof SoloistError))
        logger.error({ err: error, call: name }, 'a call of a window failed');
      return { ok: false, error: errorDetails(error) };
    }
  };
}

function isCallName(name: unknown): name is WindowCallName {
  return typeof name === 'string' && Object.hasOwn(windowCalls, name);
}

/** The input, if it is data and not too large. */
function sized(input: unknown): unknown {
  let length: number;
  try {
    length = JSON.stringify(input, withoutPrototypes)?.length ?? 0;
  } catch {
    throw refusal('invalid-input', 'The input is not data.');
  }
  if (length > LARGEST_INPUT)
    throw refusal('body-too-large', `The input is larger than ${LARGEST_INPUT / 1024} KB.`);
  return input;
}

/** A key that would be taken for an object's prototype is in no input. */
function withoutPrototypes(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Error('the input has a prototype for a key');
  return value;
}

/** A message that no window of ours sends. */
class RefusedError extends SoloistError {
  override readonly name = 'RefusedError';
}

function refusal(code: string, message: string): RefusedError {
  return new RefusedError({ code, message });
}
