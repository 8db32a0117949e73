import { errorDetails, SoloistError } from '../daemon/errors.ts';
import type { CommandResult } from './command.ts';
import { seeTopics, topicsOf } from './see-topic.ts';

/** Raised when what is documented of the JSON output changes for the worse: a field gone or of another meaning. */
const JSON_VERSION = 1;

export const USAGE_ERROR = 2;
const FAILURE = 1;

/** A reader that goes away (`| head`) ends the program at once, which is no fault. To be called once, before all else. */
export function endWithReader(): void {
  process.stdout.on('error', onLostOutput);
  // Who cannot be told anything more is told nothing.
  process.stderr.on('error', () => {});
}

/** From now on the program goes on without its reader. */
export function outliveReader(): void {
  process.stdout.off('error', onLostOutput);
  process.stdout.on('error', () => {});
}

function onLostOutput(error: NodeJS.ErrnoException): void {
  const isReaderGone = error.code === 'EPIPE';
  if (!isReaderGone) process.stderr.write(`What was to be printed could not be written: ${error.message}.\n`);
  process.exit(isReaderGone ? 0 : FAILURE);
}

function printJson(body: object): void {
  process.stdout.write(`${JSON.stringify({ version: JSON_VERSION, ...body })}\n`);
}

/** Prints what a command ended with, for a person or as one line of JSON. */
export function printResult(name: string, { data, text }: CommandResult, json: boolean): void {
  if (json) printJson({ ok: true, command: name, data });
  else process.stdout.write(`${text}\n`);
}

/** Prints why a command failed; returns the exit code. */
export function printError(error: unknown, json: boolean): number {
  const { code, message, hint } = errorDetails(error);
  if (json) printJson({ ok: false, error: { code, message, ...(hint === undefined ? {} : { hint }) } });
  else
    process.stderr.write(
      `${lines([message, hint].filter(Boolean).join(' '), seeTopics([topicsOf.error[code]]))}\n`,
    );
  // A fault of the program is no use to anybody without where it happened.
  if (!(error instanceof SoloistError) && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return code === 'usage' ? USAGE_ERROR : FAILURE;
}

/** What is not empty, below each other. */
const lines = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n');
