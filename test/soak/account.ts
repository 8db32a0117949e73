import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TriggeredJob } from '../../main/daemon/config/configuration.ts';
import { loadConfiguration } from '../../main/daemon/config/load.ts';
import { checkPattern } from '../../main/daemon/config/pattern-check.ts';
import { openHistory } from '../../main/daemon/history/history.ts';
import type { Run } from '../../main/daemon/history/run.ts';
import { timedTriggers } from '../../main/daemon/jobs/time-triggers.ts';
import { nextDue } from '../../main/daemon/schedule/triggers.ts';
import { grouped } from './growth.ts';

/** Since when a trigger of a job is known (epoch milliseconds), by the trigger's key, by job; as the home keeps it. */
export type FirstSeen = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A stretch of time, `after` not in it and `until` in it; epoch milliseconds. */
export interface Stretch {
  readonly after: number;
  readonly until: number;
}

/** What the history says of the due times of a job. */
export interface Account {
  /** How many due times there were. */
  readonly due: number;
  /** Those that the history does not know (epoch milliseconds). */
  readonly missing: readonly number[];
  /** Runs for due times that were none (epoch milliseconds). */
  readonly unasked: readonly number[];
}

/** Of a run that was claimed for a due time: that time (epoch milliseconds), and why it was not run, if it was not. */
export interface Claimed {
  readonly due: number;
  readonly reason: string | undefined;
}

export function claimedBy(run: Run): readonly Claimed[] {
  if (!('due' in run.trigger)) return [];
  const reason = run.state === 'ended' && 'reason' in run.outcome ? run.outcome.reason : undefined;
  return [{ due: run.trigger.due, reason }];
}

const GROUP = /\((?:more than )?\d+ due times since (\S+)\)$/;

/** Compares the claims of a job with its due times, which are computed here as the schedule does it. */
export function accountFor(
  job: TriggeredJob,
  firstSeen: FirstSeen,
  claims: readonly Claimed[],
  { after, until }: Stretch,
): Account {
  const due = new Set<number>();
  for (const { key, build } of timedTriggers(job)) {
    const seen = firstSeen[job.name]?.[key];
    if (seen === undefined) continue;
    const trigger = build(seen);
    for (let at = nextDue(trigger, Math.max(after, seen)); at !== undefined && at <= until; ) {
      due.add(at);
      at = nextDue(trigger, at);
    }
  }
  const known = new Set<number>();
  const groups: { readonly from: number; readonly to: number }[] = [];
  for (const { due: at, reason = '' } of claims) {
    known.add(at);
    const since = GROUP.exec(reason)?.[1];
    if (since !== undefined) groups.push({ from: Date.parse(since), to: at });
  }
  const isKnown = (at: number): boolean =>
    known.has(at) || groups.some(({ from, to }) => from <= at && at <= to);
  return {
    due: due.size,
    missing: [...due].filter((at) => !isKnown(at)).sort((one, other) => one - other),
    unasked: [...known].filter((at) => at > after && at <= until && !due.has(at)),
  };
}

/** Reads the configuration of a soak (YAML) as its daemon does. Throws if it is none. */
export function configurationFrom(content: string, file: string, userFolder: string) {
  const { platform } = process;
  const surroundings = { userFolder, fileFolder: join(file, '..'), timezone: 'UTC', platform };
  const loaded = loadConfiguration(content, { ...surroundings, file, checkPattern });
  if (loaded.ok) return loaded.configuration;
  throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
}

export function readFirstSeen(home: string): FirstSeen {
  return JSON.parse(readFileSync(join(home, 'history/first-seen.json'), 'utf8'));
}

/** All runs of a home that no daemon has open, in the order in which they were claimed. */
export async function readRuns(home: string): Promise<readonly Run[]> {
  const { history } = openHistory(join(home, 'history/history.sqlite'), {
    now: () => new Date(),
    onFlushError: (error) => {
      throw error;
    },
  });
  try {
    const runs: Run[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = history.page({}, cursor, 1_000);
      runs.push(...page.runs);
      if (page.next === undefined) break;
      cursor = page.next;
    }
    return runs.reverse();
  } finally {
    await history.close();
  }
}

/** The runs of each job. */
export function byJob(runs: readonly Run[]): ReadonlyMap<string, readonly Run[]> {
  return grouped(runs, ({ job }) => job);
}
