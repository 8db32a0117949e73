import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** How long and how much of the log is kept. The day being written is never removed. */
export interface LogRetention {
  /** Milliseconds. */
  readonly keep: number;
  /** Bytes, of all files together. */
  readonly maxSize: number;
}

/** Where the log files of a home are. */
export const logFolder = (home: string): string => join(home, 'logs');

/** Whose log: the daemon's, or the menu-bar app's own, which goes on while the daemon is stopped. */
export type LogName = 'daemon' | 'app';

const NAME = /^([a-z]+)-(\d{4}-\d{2}-\d{2})(?:\.(\d+))?\.log$/;

/** A part of this share of the limit is full, so that removing whole parts comes close to the limit. */
const PARTS = 4;

/** A day in the computer's time zone: `2026-11-23`. */
export function dayOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The log files of a folder that have this name, oldest first. An absent folder has none. */
export function logFiles(folder: string, wanted: LogName = 'daemon'): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return (
    names
      .flatMap((name) => {
        const [, log, day, part] = NAME.exec(name) ?? [];
        return day === undefined || log !== wanted ? [] : [{ name, day, part: Number(part ?? 1) }];
      })
      // Not localeCompare, which loads 6 MB of collation tables.
      .sort((one, other) => (one.day === other.day ? one.part - other.part : one.day < other.day ? -1 : 1))
      .map(({ name }) => join(folder, name))
  );
}

/**
 * Lines appended to a file per day (`daemon-2026-11-23.log`, then `.2.log` when a part is full), older ones
 * removed by age and total size. Written synchronously: the last line before a crash is the one that matters.
 */
export class DayFiles {
  readonly #folder: string;
  readonly #name: LogName;
  readonly #now: () => number;
  #retention: LogRetention;
  #current: { day: string; part: number; file: number; bytes: number } | undefined;
  /** Lines that could not be written, to be told as soon as one can. */
  #lost = 0;

  constructor(
    folder: string,
    retention: LogRetention,
    now: () => number = Date.now,
    name: LogName = 'daemon',
  ) {
    this.#folder = folder;
    this.#name = name;
    this.#retention = retention;
    this.#now = now;
  }

  /** Applies new limits at once. */
  retain(retention: LogRetention): void {
    this.#retention = retention;
    this.#prune();
  }

  /** Appends one line, newline included. Never throws: what cannot be written is counted and told later. */
  write(line: string): void {
    try {
      const file = this.#open(Buffer.byteLength(line));
      file.bytes += writeSync(file.file, this.#toldLoss() + line);
      this.#lost = 0;
    } catch {
      this.#lost += 1;
    }
  }

  close(): void {
    if (this.#current !== undefined) closeSync(this.#current.file);
    this.#current = undefined;
  }

  #toldLoss(): string {
    if (this.#lost === 0) return '';
    const msg = `${this.#lost} log lines before this one were lost: the disk was full or the folder not writable`;
    return `${JSON.stringify({ level: 40, time: this.#now(), msg })}\n`;
  }

  #open(bytes: number): { file: number; bytes: number } {
    const day = dayOf(this.#now());
    const current = this.#current;
    if (current?.day === day && current.bytes + bytes <= this.#retention.maxSize / PARTS) return current;
    const part = current?.day === day ? current.part + 1 : this.#lastPart(day);
    this.close();
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const file = openSync(
      join(this.#folder, `${this.#name}-${day}${part === 1 ? '' : `.${part}`}.log`),
      'a',
      0o600,
    );
    this.#current = { day, part, file, bytes: fstatSync(file).size };
    this.#prune();
    return this.#current;
  }

  #lastPart(day: string): number {
    const last = logFiles(this.#folder, this.#name).findLast((path) => path.includes(`${this.#name}-${day}`));
    return Number(/\.(\d+)\.log$/.exec(last ?? '')?.[1] ?? 1);
  }

  #prune(): void {
    const { keep, maxSize } = this.#retention;
    const oldest = this.#now() - keep;
    let total = 0;
    // Newest first; the newest is the one being written.
    for (const [index, path] of logFiles(this.#folder, this.#name).reverse().entries()) {
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats === undefined) continue;
      // The one being written may still grow to a whole part.
      total += index === 0 ? Math.max(stats.size, maxSize / PARTS) : stats.size;
      if (index > 0 && (total > maxSize || stats.mtimeMs < oldest)) rmSync(path, { force: true });
    }
  }
}
