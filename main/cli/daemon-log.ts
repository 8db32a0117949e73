import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { systemErrorCode } from '../daemon/errors.ts';
import { logFiles, logFolder } from '../daemon/log/day-files.ts';
import { Changes } from '../daemon/run/output-changes.ts';

/** Turns a line of the log, which is JSON, into what a person reads; ends with a newline. */
export type ShowLine = (line: string) => string;

/** Shows lines for people: local time, level, message, and what else there is below it. */
export async function prettyLine(color: boolean): Promise<ShowLine> {
  const { default: pretty } = await import('pino-pretty');
  const show = pretty.prettyFactory({
    colorize: color,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss',
    ignore: 'pid,hostname',
  });
  return (line) => show(harmless(line));
}

/** A line without the escape sequences of what a job or a file was called, which must not reach the terminal. */
function harmless(line: string): string {
  // An escaped backslash stays: what follows it is no escape of its own.
  return line.replaceAll(/(\\\\)|\\u00[01][0-9a-f]|\p{Cc}/giu, (_, backslash) => backslash ?? '\uFFFD');
}

/** The last lines of a home's daemon log, oldest first; none if there is no log. */
export function lastLogLines(home: string, count: number): string[] {
  let lines: string[] = [];
  for (const file of logFiles(logFolder(home)).toReversed()) {
    if (lines.length >= count) break;
    lines = [...readLines(file), ...lines];
  }
  return lines.slice(-count);
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch (error) {
    // Removed since, for its age.
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Yields the last lines of a home's daemon log, then each line that is added, through days and restarts of the daemon.
 * Never ends.
 */
export async function* followLogLines(home: string, count: number): AsyncGenerator<string> {
  const folder = logFolder(home);
  const changes = new Changes(folder, 'daemon-');
  const seen = new Set(logFiles(folder));
  let reader = openReader([...seen].at(-1), 'end');
  try {
    yield* lastLogLines(home, count);
    for (;;) {
      const next = logFiles(folder).find((file) => !seen.has(file));
      // Only now: once there is a next file, nothing is added to this one.
      if (reader !== undefined) yield* reader.read();
      if (next === undefined) {
        await changes.wait();
        continue;
      }
      seen.add(next);
      reader?.close();
      reader = openReader(next, 'beginning');
    }
  } finally {
    reader?.close();
    changes.close();
  }
}

interface Reader {
  readonly file: string;
  /** The lines that were added since it was last read. */
  read(): Generator<string>;
  close(): void;
}

const BLOCK_BYTES = 64 * 1024;

function openReader(file: string | undefined, from: 'beginning' | 'end'): Reader | undefined {
  if (file === undefined) return undefined;
  const handle = openSync(file, 'r');
  let position = from === 'end' ? fstatSync(handle).size : 0;
  const decoder = new StringDecoder('utf8');
  const block = Buffer.alloc(BLOCK_BYTES);
  let pending = '';
  return {
    file,
    *read() {
      for (;;) {
        const length = readSync(handle, block, 0, BLOCK_BYTES, position);
        if (length === 0) return;
        position += length;
        pending += decoder.write(block.subarray(0, length));
        const lines = pending.split('\n');
        pending = lines.pop() ?? '';
        yield* lines.filter(Boolean);
      }
    },
    close: () => closeSync(handle),
  };
}
