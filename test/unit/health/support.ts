import { pino } from 'pino';
import type { Configuration, Guard, Job } from '../../../main/daemon/config/configuration.ts';
import type { Raised } from '../../../main/daemon/history/alerts.ts';
import type { History } from '../../../main/daemon/history/history.ts';
import type { Outcome, RunId } from '../../../main/daemon/history/run.ts';
import { configurationOf, job as jobOf, service as serviceOf } from '../../daemon/jobs/support.ts';
import { claimed, processes, SUCCESS } from '../history/support.ts';

/** What the tests of alerts speak of; nothing of it is ever run. */

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const FAILURE: Outcome = { kind: 'failed', cause: { kind: 'exit', code: 1 } };
export { SUCCESS };

const place = { folder: '/', token: '' };
export const job = (name: string, changes: Parameters<typeof jobOf>[3] = {}): Job =>
  jobOf(name, 'true', place, changes);
export const service = (name: string, changes: Parameters<typeof serviceOf>[3] = {}): Job =>
  serviceOf(name, 'true', place, changes);

export const watching = (...paths: string[]) =>
  ({ triggers: [{ kind: 'watch', paths, patterns: [], ignore: [], settle: 10 }] }) as const;

export function watched(jobs: readonly Job[], guards: readonly string[] = []): Configuration {
  const guard = (name: string): Guard => ({ name, match: name, max: 1, keep: 'oldest', act: 'alert' });
  return { ...configurationOf(jobs), guards: new Map(guards.map((name) => [name, guard(name)])) };
}

/** A state that a look finds. */
export const state = (kind: Raised['kind'], about: string | undefined, detail?: string): Raised => ({
  kind,
  job: about,
  detail,
  run: undefined,
  message: `${about ?? detail} is not well.`,
  hint: undefined,
});

/** A run that ended like this, as the history has it. */
export function ended(history: History, name: string, outcome: Outcome, at: number): RunId {
  const { id } = claimed(history, { job: name, at });
  history.started(id, { at, processes, outputFile: undefined });
  history.ended(id, { at, outcome });
  return id;
}

/** A log that fails the test when it gets an error. */
export const strictLog = pino(
  { level: 'error' },
  {
    write(line) {
      throw new Error(line);
    },
  },
);
