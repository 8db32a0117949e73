import type { AppView } from '../../main/control/app-calls.ts';
import type { JobView } from '../../main/control/views.ts';
import { durationInWords } from '../format.ts';
import { secondsUntil } from '../state/relative.ts';
import { popoverStrings as words } from '../strings.ts';

/** What the header's sign shows: the daemon's own state, which alerts do not change. */
export type StateSign = 'running' | 'working' | 'paused' | 'starting' | 'stopping' | 'stopped' | 'attention';

/** What a header says and offers; `now` is in milliseconds since 1970. */
export interface HeaderFacts {
  readonly sign: StateSign;
  readonly title: string;
  /** Uptime and PID, as far as they are known. */
  readonly facts: readonly string[];
}

/** Whether there is a daemon that runs the jobs; of one that has ended they would be shown as they once were. */
export function areJobsLive({ source, status }: AppView): boolean {
  const state = status?.daemon.state;
  return (
    source.kind !== 'gone' && source.kind !== 'duplicate' && (state === 'running' || state === 'stopping')
  );
}

/** What the jobs do that there are. */
export interface Activity {
  /** How many have a run in progress; services, which always have one, do not count. */
  readonly working: number;
  /** Whether nothing becomes due since every job that could is paused. */
  readonly areAllPaused: boolean;
}

export function activityOf(jobs: readonly JobView[]): Activity {
  const enabled = jobs.filter((job) => job.enabled);
  return {
    working: jobs.filter(({ kind, running }) => kind === 'triggered' && running.length > 0).length,
    areAllPaused: enabled.length > 0 && enabled.every((job) => job.paused !== null),
  };
}

/** How the daemon stands, in words. */
export function headerFacts(app: AppView, activity: Activity, now: number): HeaderFacts {
  const { source, status } = app;
  const daemon = status?.daemon;
  const owner = source.kind === 'duplicate' || source.kind === 'attached' ? source.owner : status?.owner;
  const isGone = source.kind === 'gone' || daemon?.state === 'stopped' || daemon?.state === 'failed';
  const facts = [
    ...(source.kind !== 'gone' && daemon?.state === 'running'
      ? [words.up(uptime(now - Date.parse(daemon.since)))]
      : []),
    ...(owner == null || isGone ? [] : [words.pid(owner.pid)]),
  ];
  return { ...signAndTitle(app, activity, now), facts };
}

function signAndTitle(
  { source, status }: AppView,
  { working, areAllPaused }: Activity,
  now: number,
): Omit<HeaderFacts, 'facts'> {
  const { states } = words;
  if (source.kind === 'duplicate') return { sign: 'attention', title: states.duplicate };
  if (source.kind === 'gone') return { sign: 'stopped', title: states.stopped };
  const daemon = status?.daemon;
  switch (daemon?.state) {
    case undefined:
    case 'starting':
      return { sign: 'starting', title: states.starting };
    case 'running':
      if (working > 0) return { sign: 'working', title: words.working(working) };
      return areAllPaused
        ? { sign: 'paused', title: states.paused }
        : { sign: 'running', title: states.running };
    case 'stopping': {
      const { waiting } = daemon;
      const title =
        waiting === null || waiting.runs === 0
          ? states.stopping
          : words.stoppingRuns(waiting.runs, secondsUntil(waiting.until, now));
      return { sign: 'stopping', title };
    }
    case 'stopped':
      return { sign: 'stopped', title: states.stopped };
    case 'failed':
      return { sign: 'attention', title: states.failed };
  }
}

/** Seconds count only while there are few: a line that changes each second would draw the eye for nothing. */
function uptime(milliseconds: number): string {
  const unit = milliseconds < 60_000 ? 1_000 : 60_000;
  return durationInWords(Math.max(1_000, Math.floor(milliseconds / unit) * unit));
}

const LONGEST_PATH = 30;

/** A path as people write it: `~` for their own folder; of a long one its end, which is what tells it from others. */
export function shortPath(path: string): string {
  const written = path.replace(
    /^(?:\/(?:Users|home)\/[^/]+|\/root|[A-Za-z]:\\Users\\[^\\]+)(?=[/\\]|$)/,
    '~',
  );
  if (written.length <= LONGEST_PATH) return written;
  const parts = written.split(/(?=[/\\])/);
  let end = '';
  for (const part of parts.toReversed()) {
    if (end !== '' && end.length + part.length > LONGEST_PATH - 1) break;
    end = part + end;
  }
  return end === written ? written : `…${end}`;
}
