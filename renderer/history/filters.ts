import { signal } from '@preact/signals';
import type { OutcomeKind, RunView } from '../../main/control/views.ts';

/** Stretches of time that can be chosen, in milliseconds until now. */
export const PERIODS = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
} as const;
export type Period = keyof typeof PERIODS;

export interface Filters {
  readonly job: string | undefined;
  readonly outcome: OutcomeKind | undefined;
  readonly period: Period | undefined;
  readonly text: string;
  /** The last day to be shown, `2026-11-29` in this computer's zone; undefined is until now, with what comes. */
  readonly lastDay: string | undefined;
}

export const NO_FILTERS: Filters = {
  job: undefined,
  outcome: undefined,
  period: undefined,
  text: '',
  lastDay: undefined,
};

/** What the history shows; kept while other views are looked at. */
export const filters = signal<Filters>(NO_FILTERS);

/** The filters as the call `runs` takes them. Times are counted from `now`, in milliseconds since 1970. */
export function queryOf({ job, outcome, period, text, lastDay }: Filters, now: number) {
  return {
    ...(job === undefined ? {} : { job }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(period === undefined ? {} : { since: new Date(now - PERIODS[period]).toISOString() }),
    ...(text.trim() === '' ? {} : { text: text.trim().slice(0, 300) }),
    ...(lastDay === undefined ? {} : { until: endOf(lastDay).toISOString() }),
  };
}

/** The midnight that ends a day of this computer's zone. */
export function endOf(day: string): Date {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + 1);
}

/** Whether a run that has just changed belongs to what is shown. */
export function matches(run: RunView, { job, outcome, text, lastDay }: Filters): boolean {
  if (lastDay !== undefined) return false;
  if (job !== undefined && run.job !== job) return false;
  if (outcome !== undefined && run.outcome?.kind !== outcome) return false;
  const needle = text.trim().toLowerCase();
  if (needle === '') return true;
  const reason = run.outcome !== null && 'reason' in run.outcome ? run.outcome.reason : '';
  return [run.job, reason].some((value) => value.toLowerCase().includes(needle));
}
