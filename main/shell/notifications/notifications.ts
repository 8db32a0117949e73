import { Notification } from 'electron';
import type { Logger } from 'pino';
import type { Place } from '../../control/app-calls.ts';
import type { RunView } from '../../daemon/jobs/views.ts';
import { built } from '../built.ts';
import { limited, unlimited } from './limit.ts';
import { type Notice, noticeOfRun, noticesBetween, policyOf, type Standing } from './notices.ts';

export interface NotificationsOptions {
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
  /** As of the last look; undefined until there was one: what stood before the app looked is no news. */
  #last: Standing | undefined;
  /** The run of each job that was told of last: its end may be told twice. */
  readonly #lastEnded = new Map<string, string>();
  #limit = unlimited;
  #timer: NodeJS.Timeout | undefined;
  /** One that is not kept could be collected, and its click with it. */
  readonly #shown = new Set<Notification>();

  constructor(options: NotificationsOptions) {
    this.#options = options;
  }

  /** The daemon that is shown is another one: what it has to tell already is not news. */
  forget(): void {
    this.#last = undefined;
  }

  /** A run is like this now. */
  onRun(run: RunView): void {
    if (run.state !== 'ended' || this.#lastEnded.get(run.job) === run.id) return;
    const job = this.#last?.jobs.find(({ name }) => name === run.job);
    if (policyOf(job) !== 'always') return;
    this.#lastEnded.set(run.job, run.id);
    this.#tell(noticeOfRun(run));
  }

  /** The jobs and the alerts are these now. */
  onOverview(standing: Standing): void {
    const last = this.#last;
    this.#last = standing;
    if (last === undefined) return;
    for (const notice of noticesBetween(last.alerts, standing)) this.#tell(notice);
  }

  /** Shows a notice of the app itself. */
  say(title: string, body: string): void {
    this.#show({ title, body, job: null, run: null });
  }

  close(): void {
    clearTimeout(this.#timer);
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
    const icon = built('icons', 'soloist.png');
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
  return job === null ? { view: 'health' } : { view: 'jobs', job };
}
