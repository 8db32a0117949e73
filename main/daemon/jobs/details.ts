import type { Alert } from '../history/alerts.ts';
import type { Run } from '../history/run.ts';
import type { Statistics } from '../history/statistics.ts';
import type { AlertView, RecentRun, StatisticsView } from './views.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** An ended run as a strip shows it; undefined for one that has not ended. */
export function recentRun(run: Run): RecentRun | undefined {
  if (run.state !== 'ended') return undefined;
  const { id, outcome, endedAt, execution } = run;
  return {
    id,
    outcome: outcome.kind,
    endedAt: iso(endedAt),
    durationMs: execution === undefined ? null : Math.max(0, endedAt - execution.startedAt),
  };
}

export function statisticsView({ runs, outcomes, durations }: Statistics): StatisticsView {
  return { runs, outcomes, durations: durations ?? null };
}

export function alertView(alert: Alert): AlertView {
  const { id, kind, message, count } = alert;
  return {
    id,
    kind,
    job: alert.job ?? null,
    subject: alert.detail ?? null,
    run: alert.run ?? null,
    message,
    hint: alert.hint ?? null,
    count,
    first: iso(alert.first),
    last: iso(alert.last),
    state: alertState(alert),
  };
}

function alertState({ acknowledged, resolved, archived }: Alert): AlertView['state'] {
  if (archived !== undefined) return 'archived';
  if (resolved !== undefined) return 'resolved';
  return acknowledged === undefined ? 'open' : 'acknowledged';
}
