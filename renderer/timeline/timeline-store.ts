import { effect, signal, untracked } from '@preact/signals';
import type { WindowOutput } from '../../main/control/window-calls.ts';
import { answering } from '../state/app.ts';
import { call, on } from '../state/calls.ts';
import { LoadedRuns } from './loaded-runs.ts';
import type { Span } from './span.ts';

type Absence = WindowOutput<'absences'>['absences'][number];
type Upcoming = WindowOutput<'next'>['runs'][number];

/** While the span moves nothing is asked; it is when it rests for so long, in milliseconds. */
const REST_MS = 120;
const MOST_UPCOMING = 1_000;

/** All that the lanes show besides the jobs: what ran, what will, and when nothing could. */
export class TimelineStore {
  /** Raised whenever there is more to show; at most once a frame. */
  readonly version = signal(0);
  readonly absences = signal<readonly Absence[]>([]);
  /** Due times of each job, soonest first. */
  readonly upcoming = signal<ReadonlyMap<string, readonly number[]>>(new Map());
  readonly error = signal<Error | undefined>(undefined);
  readonly runs = new LoadedRuns(
    (span, cursor, limit) =>
      call('runs', { ...spanQuery(span), limit, ...(cursor === undefined ? {} : { cursor }) }),
    () => this.#changed(),
  );
  #seen: { readonly span: Span; readonly now: number } | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #frame: number | undefined;
  readonly #ends: (() => void)[] = [];

  constructor() {
    this.#ends.push(
      effect(() => {
        if (answering.value !== undefined) untracked(() => this.retry());
      }),
      on('run', (run) => this.runs.take(run)),
      on('jobs', () => this.#askAround()),
    );
    document.addEventListener('visibilitychange', this.#onVisible);
  }

  /** To be called with the span that is seen, and the time now. */
  see(span: Span, now: number): void {
    const isFirst = this.#seen === undefined;
    this.#seen = { span, now };
    clearTimeout(this.#rest);
    if (isFirst) this.#ask();
    else this.#rest = setTimeout(() => this.#ask(), REST_MS);
  }

  retry(): void {
    this.error.value = undefined;
    this.runs.reload();
    this.#askAround();
  }

  close(): void {
    for (const end of this.#ends) end();
    clearTimeout(this.#rest);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    document.removeEventListener('visibilitychange', this.#onVisible);
  }

  /** A hidden window is told nothing: what it shows is read anew when it is seen again. */
  readonly #onVisible = (): void => {
    if (document.hidden) return;
    this.runs.reload();
    this.#askAround();
  };

  #ask(): void {
    if (this.#seen !== undefined) this.runs.see(this.#seen.span, this.#seen.now);
    this.#askAround();
  }

  #askAround(): void {
    if (this.#seen === undefined) return;
    const { span, now } = this.#seen;
    const failed = (error: Error): void => {
      this.error.value = error;
    };
    call('absences', absencesQuery(span)).then(({ absences }) => {
      this.absences.value = absences;
    }, failed);
    if (span.until <= now) {
      this.upcoming.value = new Map();
      return;
    }
    const until = new Date(span.until).toISOString();
    call('next', { until, limit: MOST_UPCOMING }).then(({ runs }) => {
      this.upcoming.value = byJob(runs);
    }, failed);
  }

  #changed(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.version.value++;
    });
  }
}

const spanQuery = ({ from, until }: Span) => ({
  since: new Date(from).toISOString(),
  until: new Date(until).toISOString(),
});

const absencesQuery = ({ from, until }: Span) => ({
  from: new Date(from).toISOString(),
  until: new Date(until).toISOString(),
});

function byJob(runs: readonly Upcoming[]): ReadonlyMap<string, readonly number[]> {
  const jobs = new Map<string, number[]>();
  for (const { job, due } of runs) {
    const known = jobs.get(job);
    if (known === undefined) jobs.set(job, [Date.parse(due)]);
    else known.push(Date.parse(due));
  }
  return jobs;
}
