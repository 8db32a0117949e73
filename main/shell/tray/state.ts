import type { TrayState } from '../../control/app-calls.ts';
import type { Output } from '../../control/contract.ts';
import { type HealthSummary, summaryInWords } from '../../daemon/health/report.ts';
import type { JobView } from '../../daemon/jobs/views.ts';
import { momentInWords } from '../../daemon/lock/already-running.ts';
import { stopReasonInWords } from '../../daemon/state.ts';
import type { DaemonStatus } from '../../daemon/status.ts';
import type { Source } from '../source/source.ts';

export type Alert = Output<'alerts'>['alerts'][number];

/** The job that an alert is about, or null: what a guard counts may have the name of a job, and is none. */
export const jobNameOf = ({ kind, job }: Alert): string | null => (kind === 'guard' ? null : job);

/** All that the tray speaks of. */
export interface Seen {
  readonly source: Source;
  readonly status: DaemonStatus | null;
  readonly jobs: readonly JobView[];
  /** Those that are not resolved, acknowledged ones included. */
  readonly alerts: readonly Alert[];
  /** How many suggested links wait; 0 while that is not known. */
  readonly waitingLinks: number;
}

export interface TrayView {
  readonly state: TrayState;
  /** The state in words: the tooltip, and the first line of the menu. */
  readonly line: string;
}

/** More than this of a name or a sentence is too much for a menu. */
const LONGEST = 80;

/** The tray's state, the most urgent one that holds, at this time (epoch milliseconds). */
export function trayView(seen: Seen, now: number): TrayView {
  const { source } = seen;
  switch (source.kind) {
    case 'duplicate': {
      const who = source.owner === null ? '' : `: PID ${source.owner.pid}`;
      return { state: 'duplicate', line: `Another daemon is already running${who}` };
    }
    case 'gone':
      return { state: 'stopped', line: 'The other daemon has ended' };
    case 'attached': {
      const { state, line } = daemonView(seen, now);
      return { state, line: shortened(`Attached to PID ${source.owner.pid}. ${line}`) };
    }
    case 'own': {
      const { state, line } = daemonView(seen, now);
      return { state, line: shortened(line) };
    }
  }
}

function daemonView(seen: Seen, now: number): TrayView {
  const { status } = seen;
  if (status === null) return { state: 'running', line: 'Connecting' };
  const { daemon, configuration } = status;
  switch (daemon.state) {
    case 'starting':
      return { state: 'stopped', line: 'Starting' };
    case 'stopped': {
      const { reason } = daemon;
      const isWanted = reason === null || reason.kind === 'asked';
      return isWanted
        ? { state: 'stopped', line: 'Stopped' }
        : {
            state: reason.kind === 'fault' || reason.kind === 'lock-lost' ? 'attention' : 'stopped',
            line: `Stopped ${stopReasonInWords(reason)}`,
          };
    }
    case 'failed':
      return { state: 'attention', line: `Not started: ${daemon.error.message}` };
    case 'stopping': {
      const { waiting, reason } = daemon;
      const doing = reason.kind === 'restart' ? 'Restarting' : 'Stopping';
      if (waiting === null || waiting.runs === 0) return { state: 'working', line: doing };
      const left = Math.max(0, Math.ceil((Date.parse(waiting.until) - now) / 1_000));
      return {
        state: 'working',
        line: `${doing}: waiting for ${counted(waiting.runs, 'run')}, ${left} s left`,
      };
    }
    case 'running':
      if (configuration.problem !== null)
        return { state: 'attention', line: 'The configuration is broken; the former one is in force' };
      return jobsView(seen, daemon.since, now);
  }
}

/** The alerts that wait for a person. */
export const openAlerts = ({ alerts }: Seen): readonly Alert[] =>
  alerts.filter(({ state }) => state === 'open');

/** How the health of the daemon that is shown was when it was looked at last; undefined while that is not known. */
export function healthSeen({ source, status }: Seen): HealthSummary | undefined {
  const isShown = source.kind === 'own' || source.kind === 'attached';
  return isShown && status?.daemon.state === 'running' ? (status.health ?? undefined) : undefined;
}

function jobsView(seen: Seen, since: string, now: number): TrayView {
  const { jobs } = seen;
  const health = healthSeen(seen);
  const alerts = openAlerts(seen);
  const [alert] = alerts;
  if (alert !== undefined)
    return {
      state: 'attention',
      line: alerts.length === 1 ? alert.message : `${alerts.length} alerts: ${alert.message}`,
    };
  // Without alerts, since there never were jobs, the checks speak for themselves; what was acknowledged is known.
  if (health?.verdict === 'error' && seen.alerts.length === 0)
    return { state: 'attention', line: health.sentence ?? `Health: ${summaryInWords(health)}` };
  const runs = runsInProgress(jobs);
  const [run] = runs;
  if (run !== undefined)
    return { state: 'working', line: runs.length === 1 ? `Running ${run}` : `Running ${runs.length} runs` };
  const enabled = jobs.filter((job) => job.enabled);
  if (enabled.length > 0 && enabled.every((job) => job.paused !== null))
    return { state: 'paused', line: enabled.length === 1 ? 'Paused' : 'All jobs are paused' };
  const counts = jobs.length === 0 ? 'no jobs yet' : counted(jobs.length, 'job');
  return { state: 'running', line: `Running since ${momentInWords(since, new Date(now))}, ${counts}` };
}

/**
 * The runs that will end, each as its job's name. A service always runs: were it counted, the tray would show work for
 * ever.
 */
export function runsInProgress(jobs: readonly JobView[]): string[] {
  return jobs.flatMap((job) => (job.kind === 'service' ? [] : job.running.map(() => job.name)));
}

export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** A text on one line, cut where it is too long for a menu. */
export function shortened(text: string, longest = LONGEST): string {
  const line = text.replace(/\s+/g, ' ').trim();
  // By code points, so that no character is cut in two.
  const points = [...line];
  return points.length <= longest
    ? line
    : `${points
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`;
}
