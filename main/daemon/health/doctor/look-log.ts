import { join } from 'node:path';
import { logFiles, logFolder } from '../../log/day-files.ts';
import { readEnd } from './entries.ts';
import type { LogScene } from './scene.ts';

/** So much of the newest log files is read. */
const MOST_BYTES = 512 * 1024;
const LINES_KEPT = 200;
const HOUR_MS = 3_600_000;
/** The level of errors in the log. */
const ERROR = 50;

/** What the daemon's log of a home says of the last hour. */
export function lookAtLog(home: string, nowMs: number): LogScene {
  const folder = logFolder(home);
  const lines = logFiles(folder)
    .slice(-2)
    .flatMap((file) => readEnd(file, MOST_BYTES)?.split('\n').filter(Boolean) ?? []);
  const told = lines.flatMap((line) => toldBy(line) ?? []);
  const errors = told.filter(({ level }) => level >= ERROR);
  const last = errors.at(-1);
  return {
    folder,
    errors: errors.filter(({ atMs }) => atMs > nowMs - HOUR_MS && atMs <= nowMs).length,
    last: last === undefined ? undefined : { atMs: last.atMs, message: last.message },
    latestMs: told.at(-1)?.atMs,
    lines: lines.slice(-LINES_KEPT),
    printed: readEnd(join(folder, 'stderr.log'), 16 * 1024) ?? '',
  };
}

function toldBy(
  line: string,
): { readonly level: number; readonly atMs: number; readonly message: string } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // A crash or a full disk has cut it off.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { level, time, msg, err } = value as Record<string, unknown>;
  if (typeof level !== 'number' || typeof time !== 'number') return undefined;
  const cause = typeof err === 'object' && err !== null && 'message' in err ? ` (${err.message})` : '';
  return { level, atMs: time, message: `${msg ?? ''}${cause}` };
}
