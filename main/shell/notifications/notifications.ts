import { join } from 'node:path';
import { Notification } from 'electron';
import type { Logger } from 'pino';
import type { Place } from '../../control/app-calls.ts';
import type { NotifyPolicy } from '../../daemon/config/configuration.ts';
import { SoloistError } from '../../daemon/errors.ts';
import type { JobView, RunView } from '../../daemon/jobs/views.ts';
import type { DaemonHandlers } from '../source/attached.ts';
import type { Alert } from '../tray/state.ts';
import { limited, unlimited } from './limit.ts';
import { type Health, healthAfter, healthOf, type Notice, noticeOfAlert, noticeOfRun } from './notices.ts';

export interface NotificationsOptions {
  readonly handlers: Pick<DaemonHandlers, 'job'>;
  readonly logger: Logger;
  readonly areOn: () => boolean;
  readonly open: (place: Place) => void;
}

/**
 * Tells of failures, of what gave up or went quiet, and of recoveries. Do Not Disturb is the systems' own doing: they keep
 * to themselves what they are handed at such a time.
 */
export class Notifications {
  readonly #options: NotificationsOptions;
  readonly #health = new Map<string, Health>();
  /** The alerts that are known; undefined until there was a first look, which tells of nothing new. */
  #alerts: Set<string> | undefined;
  /** The run of each job that was told of last: its end may be told twice. */
  readonly #lastEnded = new Map<string, string>();
  #turn: Promise<void> = Promise.resolve();
  #limit = unlimited;
  #timer: NodeJS.Timeout | undefined;
  /** One that is not kept could be collected, and its click with it. */
  readonly #shown = new Set<Notification>();

  constructor(options: NotificationsOptions) {
    this.#options = options;
  }

  /** The daemon that is shown is another one: what it has to tell already is not news. */
  forget(): void {
    this.#health.clear();
    this.#alerts = undefined;
  }

  /** A run is like this now. */
  onRun(run: RunView): void {
    const health = run.state === 'ended' ? healthAfter(run) : undefined;
    if (health === undefined || this.#lastEnded.get(run.job) === run.id) return;
    this.#lastEnded.set(run.job, run.id);
    // One after the other, as they ended.
    this.#turn = this.#turn.then(async () => {
      const { policy, attempts } = await this.#rules(run.job);
      const before = this.#health.get(run.job);
      // A failed attempt that is tried again says nothing yet.
      if (health === 'good' || run.attempt >= attempts) this.#health.set(run.job, health);
      this.#tell(noticeOfRun({ run, before, policy, attempts }));
    });
  }

  /** The jobs and the open alerts are these now. */
  onOverview(jobs: readonly JobView[], alerts: readonly Alert[]): void {
    for (const [job, health] of healthOf(jobs)) if (!this.#health.has(job)) this.#health.set(job, health);
    const known = this.#alerts;
    this.#alerts = new Set(alerts.map(({ id }) => id));
    if (known === undefined) return;
    for (const alert of alerts) {
      if (known.has(alert.id)) continue;
      if (alert.job === null) {
        this.#tell(noticeOfAlert(alert, 'on-failure'));
        continue;
      }
      // Its next success is a recovery.
      if (alert.kind !== 'failing') this.#health.set(alert.job, 'bad');
      void this.#rules(alert.job).then(({ policy }) => this.#tell(noticeOfAlert(alert, policy)));
    }
  }

  /** Shows a notice of the app itself. */
  say(title: string, body: string): void {
    this.#show({ kind: 'alert', title, body, job: null, run: null });
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** What the job itself says of notices. */
  async #rules(job: string): Promise<{ policy: NotifyPolicy; attempts: number }> {
    const settings = await this.#options.handlers.job({ job }).then(
      ({ settings }) => settings,
      (error: unknown) => {
        // It may have left the configuration meanwhile.
        if (!(error instanceof SoloistError))
          this.#options.logger.error({ err: error, job }, 'asking for a job failed');
        return [];
      },
    );
    const setting = (...keys: readonly string[]): string | undefined =>
      settings.find(({ key }) => keys.includes(key))?.value;
    const notify = setting('notify');
    return {
      policy: notify === 'never' || notify === 'always' ? notify : 'on-failure',
      attempts: Number(/\d+/.exec(setting('retry.attempts', 'retry') ?? '')?.[0] ?? 1),
    };
  }

  #tell(notice: Notice | undefined): void {
    if (notice === undefined || !this.#options.areOn()) return;
    this.#offer(notice);
  }

  #offer(notice?: Notice): void {
    clearTimeout(this.#timer);
    const { state, show, wakeAt } = limited(this.#limit, Date.now(), notice);
    this.#limit = state;
    for (const notice of show) this.#show(notice);
    if (wakeAt === undefined) return;
    this.#timer = setTimeout(() => this.#offer(), Math.max(0, wakeAt - Date.now()));
    this.#timer.unref();
  }

  #show(notice: Notice): void {
    const { title, body } = notice;
    this.#options.logger.info({ notice }, 'a notice');
    if (!Notification.isSupported()) return;
    const icon = join(import.meta.dirname, 'icons', 'soloist.png');
    const notification = new Notification({
      title,
      body,
      ...(process.platform === 'darwin' ? {} : { icon }),
    });
    this.#shown.add(notification);
    notification.on('click', () => {
      this.#shown.delete(notification);
      this.#options.open(placeOf(notice));
    });
    notification.on('close', () => this.#shown.delete(notification));
    notification.on('failed', (_event, error) => {
      this.#shown.delete(notification);
      this.#options.logger.warn({ error }, 'a notice could not be shown');
    });
    notification.show();
  }
}

function placeOf({ job, run }: Notice): Place {
  const ofJob = job === null ? {} : { job };
  if (run !== null) return { view: 'history', run, ...ofJob };
  return job === null ? { view: 'history' } : { view: 'jobs', job };
}
