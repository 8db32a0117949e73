import type { Job, Trigger } from '../config/configuration.ts';
import { scheduleInWords } from '../schedule/in-words.ts';
import { atTrigger, cronTrigger, everyTrigger, type TimeTrigger } from '../schedule/triggers.ts';

/** One of a job's triggers that follow the clock. */
export interface TimedTrigger {
  /** The same for as long as the trigger stays as it is: tells a changed one from one that was there before. */
  readonly key: string;
  /** @param firstSeenMs when the trigger was first seen (epoch milliseconds): an interval counts from there */
  build(firstSeenMs: number): TimeTrigger;
}

/** The triggers of a job that follow the clock, each once. A service has none. */
export function timedTriggers(job: Job): readonly TimedTrigger[] {
  if (job.kind === 'service') return [];
  const timed = new Map<string, TimedTrigger>();
  for (const trigger of job.triggers) {
    const build = builder(trigger);
    if (build === undefined) continue;
    const key = JSON.stringify(trigger);
    timed.set(key, { key, build });
  }
  return [...timed.values()];
}

function builder(trigger: Trigger): TimedTrigger['build'] | undefined {
  switch (trigger.kind) {
    case 'schedule':
      return () => cronTrigger(trigger.patterns, trigger.timezone);
    case 'every':
      return (firstSeenMs) => everyTrigger(trigger.interval, firstSeenMs);
    case 'at':
      return () => atTrigger(trigger.time, trigger.timezone).trigger;
    case 'watch':
    case 'start':
    case 'after':
      return undefined;
  }
}

/** What makes a job due, in words, for a reader in this time zone (IANA name). */
export function triggersInWords(job: Job, readerZone: string): string {
  if (job.kind === 'service') return 'always running';
  const words = job.triggers.map((trigger) => triggerInWords(trigger, readerZone));
  return words.length === 0 ? 'by hand only' : words.join('; ');
}

function triggerInWords(trigger: Trigger, readerZone: string): string {
  switch (trigger.kind) {
    case 'schedule':
    case 'every':
    case 'at': {
      const build = builder(trigger);
      return build === undefined ? '' : scheduleInWords(build(0), readerZone);
    }
    case 'watch':
      return `when files change in ${trigger.paths.join(', ')}`;
    case 'start':
      return 'when the daemon starts';
    case 'after':
      return `after ${trigger.job} has succeeded`;
  }
}
