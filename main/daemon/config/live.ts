import { readFileSync, statSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { reasonOf } from '../home.ts';
import { type Changes, compareConfigurations } from './compare.ts';
import type { Configuration } from './configuration.ts';
import { watchFile } from './file-watch.ts';
import type { Problem } from './finding.ts';
import { LARGEST_FILE, type LoadResult, tooLargeProblem } from './load.ts';
import { fileProblem } from './problems.ts';

/** What became of the configuration file. */
export type ConfigurationEvent =
  | {
      readonly kind: 'applied';
      readonly configuration: Configuration;
      readonly changes: Changes;
      /** What is allowed and hardly meant; that there is no file at all is one. */
      readonly warnings: readonly Problem[];
    }
  /** The file cannot be used. What was in force before stays so. */
  | { readonly kind: 'broken'; readonly problems: readonly Problem[] };

export interface FollowOptions {
  /** Absolute; need not exist, nor its folder. */
  readonly file: string;
  readonly load: (content: Uint8Array) => LoadResult;
  /** What is in force while there has been no file that can be used. */
  readonly empty: Configuration;
  /** Told of every event but the first one, which is `last` at once. */
  readonly listener: (event: ConfigurationEvent) => void;
  /** Told what makes following the file slower or impossible. */
  readonly warn: (message: string, cause: unknown) => void;
}

export interface LiveConfiguration {
  /** What is in force. */
  readonly current: Configuration;
  readonly last: ConfigurationEvent;
  /** Reads the file now, changed or not, tells the listener, and returns what became of it. */
  reload(): ConfigurationEvent;
  /** Stops following the file. */
  close(): void;
}

/** An editor that saves makes several changes in a row; the last one counts. */
const SETTLE_MS = 100;
/** A file that keeps changing is read all the same. */
const LONGEST_SETTLE_MS = 400;
/** A file that is gone, or empty, is probably being saved. Only after this long it is believed. */
const ABSENCE_MS = 1_000;

type Seen =
  | { readonly kind: 'content'; readonly signature: string; readonly content: Uint8Array }
  | { readonly kind: 'missing'; readonly signature: 'missing' }
  | { readonly kind: 'unusable'; readonly signature: string; readonly problem: Problem };

/**
 * Reads the configuration file and keeps to it: a change is applied within a second, by whatever means it was saved; a file
 * that is broken or gone leaves in force what was good before. Keeps no process alive.
 */
export function followConfiguration(options: FollowOptions): LiveConfiguration {
  const { file, load, listener } = options;
  let current = options.empty;
  let timer: NodeJS.Timeout | undefined;
  let changingSince: number | undefined;
  let absentSince: number | undefined;

  const watching = watchFile({ file, onChange: lookSoon, warn: options.warn });
  watching.refresh();
  const first = look(file);
  // The content itself is not kept.
  let seen = { signature: first.signature, isAbsent: isAbsent(first) };
  let last = take(first);

  function take(now: Seen): ConfigurationEvent {
    const loaded = loadSeen(now);
    if (!loaded.ok) return { kind: 'broken', problems: loaded.problems };
    const changes = compareConfigurations(current, loaded.configuration);
    current = loaded.configuration;
    return { kind: 'applied', configuration: current, changes, warnings: loaded.warnings };
  }

  function loadSeen(now: Seen): LoadResult {
    if (now.kind === 'content') return load(now.content);
    if (now.kind === 'unusable') return { ok: false, problems: [now.problem] };
    const problem = fileProblem(file, `There is no file ${file}.`, 'a configuration file');
    // A file that was there and is gone says nothing about the jobs; one that never was says that there are none.
    return current === options.empty
      ? { ok: true, configuration: current, warnings: [problem] }
      : { ok: false, problems: [problem] };
  }

  function lookSoon(): void {
    const now = performance.now();
    changingSince ??= now;
    lookIn(Math.max(0, Math.min(SETTLE_MS, changingSince + LONGEST_SETTLE_MS - now)));
  }

  function lookIn(delay: number): void {
    clearTimeout(timer);
    timer = setTimeout(lookNow, delay);
    timer.unref();
  }

  function lookNow(): void {
    changingSince = undefined;
    watching.refresh();
    const now = look(file);
    if (now.signature === seen.signature) {
      absentSince = undefined;
    } else if (isAbsent(now) && !seen.isAbsent && isRecent()) {
      lookIn(SETTLE_MS);
    } else {
      accept(now);
    }
  }

  /** Whether the file has been absent for so short a time that it may well come back. */
  function isRecent(): boolean {
    const now = performance.now();
    absentSince ??= now;
    return now - absentSince < ABSENCE_MS;
  }

  function accept(now: Seen): ConfigurationEvent {
    absentSince = undefined;
    seen = { signature: now.signature, isAbsent: isAbsent(now) };
    last = take(now);
    // Written to while it was read: what was taken may be half of it.
    if (look(file, 'signature only').signature !== now.signature) lookSoon();
    listener(last);
    return last;
  }

  return {
    get current() {
      return current;
    },
    get last() {
      return last;
    },
    reload() {
      clearTimeout(timer);
      changingSince = undefined;
      watching.refresh();
      return accept(look(file));
    },
    close() {
      clearTimeout(timer);
      watching.close();
    },
  };
}

function isAbsent(seen: Seen): boolean {
  return seen.kind === 'missing' || (seen.kind === 'content' && seen.content.length === 0);
}

function look(file: string, extent: 'all' | 'signature only' = 'all'): Seen {
  try {
    const stats = statSync(file, { bigint: true });
    const signature = [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(':');
    const unusable = (problem: Problem): Seen => ({ kind: 'unusable', signature, problem });
    // Reading a pipe or a device might never end.
    if (!stats.isFile()) return unusable(fileProblem(file, `${file} is not a file.`, 'a file'));
    if (stats.size > LARGEST_FILE) return unusable(tooLargeProblem(file, Number(stats.size)));
    const content = extent === 'all' ? readFileSync(file) : new Uint8Array();
    return { kind: 'content', signature, content };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing', signature: 'missing' };
    const message = `${file} cannot be read: ${reasonOf(error)}.`;
    return {
      kind: 'unusable',
      signature: code,
      problem: fileProblem(file, message, 'a file that can be read'),
    };
  }
}
