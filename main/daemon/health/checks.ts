import { durationWords, sizeText } from '../config/duration.ts';
import { momentInWords } from '../lock/already-running.ts';
import type { DaemonFacts } from './facts.ts';
import { type Limits, limits } from './limits.ts';
import type { Check, Remedy, Verdict } from './report.ts';

/** What a check of the daemon itself says; its name is its key in the table. */
type Judgement = Pick<Check, 'verdict' | 'sentence'> & { readonly remedy?: Remedy };
type Judge = (facts: DaemonFacts, limits: Limits) => Judgement;

const ok = (sentence: string): Judgement => ({ verdict: 'ok', sentence });

export const remedies = {
  restart: { kind: 'restart', subject: null, command: 'soloist restart' },
  readLog: { kind: 'read-log', subject: null, command: 'soloist logs daemon' },
  editConfiguration: { kind: 'edit-configuration', subject: null, command: 'soloist config check' },
} as const satisfies Record<string, Remedy>;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
/** Seconds to a tenth: what a person can feel. */
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** The daemon's own checks, in the order in which they are shown. */
export const daemonChecks = {
  lock: ({ lock }) =>
    lock.lost === undefined
      ? ok(`${lock.path} is held by this process (PID ${lock.pid}), and is the file that it locked.`)
      : { verdict: 'error', sentence: `${lock.lost} The daemon is ending itself.` },

  scheduler({ jobs, nowMs }, { timerLateMs }) {
    if (jobs === undefined) return ok('There are no jobs to be due.');
    const { nextAtMs, worstLateMs } = jobs.scheduler;
    if (nextAtMs !== undefined && nowMs - nextAtMs > timerLateMs) {
      const late = durationWords(Math.round((nowMs - nextAtMs) / 1_000) * 1_000);
      return {
        verdict: 'error',
        sentence: `A job should have started ${late} ago, and the timer has not fired.`,
        remedy: remedies.restart,
      };
    }
    if (worstLateMs > timerLateMs)
      return {
        verdict: 'warning',
        sentence: `Jobs started up to ${seconds(worstLateMs)} late in the last minute.`,
      };
    if (nextAtMs === undefined) return ok('The clock makes no job due.');
    return ok(`The next job is due ${momentInWords(new Date(nextAtMs).toISOString(), new Date(nowMs))}.`);
  },

  'event loop'({ loopDelayMs }, { loopDelay }) {
    const sentence = `The daemon was blocked for up to ${seconds(loopDelayMs)} in the last minute.`;
    if (loopDelayMs >= loopDelay.errorMs) return { verdict: 'error', sentence, remedy: remedies.readLog };
    if (loopDelayMs >= loopDelay.warningMs) return { verdict: 'warning', sentence };
    return ok('The daemon was not blocked in the last minute.');
  },

  watchers({ jobs }) {
    const watched = jobs?.watched ?? [];
    const missing = watched.filter(({ state }) => state === 'missing');
    const failed = watched.filter(({ state }) => state === 'failed');
    const names = (paths: typeof watched): string =>
      paths.map(({ job, path }) => `${path} (${job})`).join(', ');
    if (failed.length > 0)
      return {
        verdict: 'error',
        sentence: `Cannot be watched: ${names(failed)}. Files that arrive there are not noticed.`,
        remedy: remedies.readLog,
      };
    if (missing.length > 0)
      return {
        verdict: 'error',
        sentence: `Not there: ${names(missing)}. It is followed again as soon as it appears.`,
        remedy: remedies.editConfiguration,
      };
    return ok(watched.length === 0 ? 'No job watches files.' : `${counted(watched.length, 'path')} watched.`);
  },

  history({ jobs }, { historySize }) {
    if (jobs === undefined) return ok('There is no history, since there never were jobs.');
    const { file, bytes, problem, unclaimed, unrecorded } = jobs.history;
    if (problem !== undefined) return { verdict: 'error', sentence: problem, remedy: remedies.readLog };
    if (unclaimed + unrecorded > 0)
      return {
        verdict: 'error',
        sentence: `${file} does not take everything: ${counted(unclaimed, 'due run')} and ${counted(unrecorded, 'end')} of runs wait.`,
        remedy: remedies.readLog,
      };
    if (bytes > historySize)
      return { verdict: 'warning', sentence: `${file} has grown to ${sizeText(bytes)}; keep fewer runs.` };
    return ok(`${file} can be written to; it has ${sizeText(bytes)}.`);
  },

  disk({ disk }, { disk: space, files }) {
    if (disk.kind === 'unknown')
      return {
        verdict: 'warning',
        sentence: `The space where the home lies cannot be told: ${disk.reason}.`,
      };
    const { free, size, filesFree } = disk;
    const verdict = below(free, space);
    if (verdict !== 'ok')
      return { verdict, sentence: `Where the home lies, ${sizeText(free)} of ${sizeText(size)} are free.` };
    const ofFiles = filesFree === undefined ? 'ok' : below(filesFree, files);
    if (ofFiles !== 'ok')
      return {
        verdict: ofFiles,
        sentence: 'The file system of the home has hardly any room for more files.',
      };
    return ok(`${sizeText(free)} are free.`);
  },

  log({ errors, nowMs }) {
    if (errors.last === undefined) return ok('No error in the last hour.');
    const { atMs, message } = errors.last;
    const at = momentInWords(new Date(atMs).toISOString(), new Date(nowMs));
    return {
      verdict: 'warning',
      sentence: `${counted(errors.count, 'error')} in the last hour; the last, at ${at}: ${message}.`,
      remedy: remedies.readLog,
    };
  },

  clock({ clock, nowMs }, { clockJumpToldMs }) {
    const { jump, zone } = clock;
    if (zone !== undefined)
      return {
        verdict: 'warning',
        sentence: `The computer's time zone is ${zone.is}; jobs that name none go by ${zone.was} until the daemon restarts.`,
        remedy: remedies.restart,
      };
    if (jump !== undefined && Math.abs(nowMs - jump.atMs) < clockJumpToldMs) {
      const by = durationWords(Math.round(Math.abs(jump.byMs) / 1_000) * 1_000);
      const at = momentInWords(new Date(jump.atMs).toISOString(), new Date(nowMs));
      return {
        verdict: 'warning',
        sentence: `The clock was set ${jump.byMs > 0 ? 'forward' : 'back'} by ${by}, seen at ${at}.`,
      };
    }
    return ok('The clock goes steadily, in the same time zone.');
  },

  configuration({ configuration: { path, problem } }) {
    if (problem === null) return ok(`${path} is in force.`);
    return {
      verdict: 'warning',
      sentence: `${path} is broken, and the former one stays in force: ${problem.message}`,
      remedy: remedies.editConfiguration,
    };
  },
} as const satisfies Record<string, Judge>;

export type DaemonCheckName = keyof typeof daemonChecks;

function below(value: number, { warning, error }: { warning: number; error: number }): Verdict {
  return value < error ? 'error' : value < warning ? 'warning' : 'ok';
}

/** Judges all that concerns the daemon itself. */
export function checkDaemon(facts: DaemonFacts, given: Limits = limits): readonly Check[] {
  return Object.entries<Judge>(daemonChecks).map(([name, judge]) => {
    const { verdict, sentence, remedy = null } = judge(facts, given);
    return { name, group: 'daemon', subject: null, verdict, sentence, remedy };
  });
}
