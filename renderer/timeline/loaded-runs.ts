import type { RunView } from '../../main/control/views.ts';
import type { RunsPage } from '../history/run-pages.ts';
import { lengthOf, type Span } from './span.ts';

/** Asks for a page of the runs that were queued in a span. */
export type LoadSpan = (span: Span, cursor: string | undefined, limit: number) => Promise<RunsPage>;

const PAGE = 1_000;
/** More runs are not held: at such a density they are not told apart anyway. */
export const MOST_HELD = 30_000;

/**
 * The runs around the span that is seen, by job. One stretch of time without gaps is held; it grows at the side where
 * more is seen, and begins anew after a leap.
 */
export class LoadedRuns {
  readonly #load: LoadSpan;
  readonly #onChange: () => void;
  #held: Span | undefined;
  #lanes = new Map<string, LoadedLane>();
  #size = 0;
  #wanted: Span | undefined;
  #isLoading = false;
  /** What is held is of another time, and shown until the first page comes. */
  #isStale = false;
  /** Since when there are too many to be held; undefined if all of the wanted span are. */
  #tooManyBefore: number | undefined;
  error: Error | undefined;

  constructor(load: LoadSpan, onChange: () => void) {
    this.#load = load;
    this.#onChange = onChange;
  }

  get isLoading(): boolean {
    return this.#isLoading;
  }

  /** Runs before this time are not loaded, since there are too many in the span; undefined if all are. */
  get tooManyBefore(): number | undefined {
    return this.#tooManyBefore;
  }

  get size(): number {
    return this.#size;
  }

  has({ id, job }: RunView): boolean {
    return this.#lanes.get(job)?.runs.has(id) === true;
  }

  /** Loads all anew, since events may have been missed, also after an error; what is held is shown until then. */
  reload(): void {
    this.error = undefined;
    this.#held = undefined;
    void this.#fill();
  }

  /** The runs of a job, oldest first. Put in order when asked for, and only if they have changed. */
  lane(job: string): readonly RunView[] {
    const lane = this.#lanes.get(job);
    if (lane === undefined) return [];
    lane.sorted ??= [...lane.runs.values()].sort(byBegin);
    return lane.sorted;
  }

  /** To be called with the span that is seen and how far it can be known: up to now. */
  see(span: Span, now: number): void {
    // Some more on the left: runs that began before and reach into what is seen.
    const from = Math.floor(span.from - lengthOf(span) * 0.25);
    this.#wanted = { from, until: Math.max(from, Math.min(span.until, now)) };
    void this.#fill();
  }

  /** Takes a run as it is now, if it belongs to what is held. */
  take(run: RunView): void {
    const at = Date.parse(run.queuedAt);
    if (this.#held === undefined || at < this.#held.from) return;
    this.#add(run);
    this.#onChange();
  }

  #add(run: RunView): void {
    let lane = this.#lanes.get(run.job);
    if (lane === undefined) {
      lane = { runs: new Map(), sorted: undefined };
      this.#lanes.set(run.job, lane);
    }
    if (!lane.runs.has(run.id)) this.#size++;
    lane.runs.set(run.id, run);
    lane.sorted = undefined;
  }

  /** Lets go of the runs that were queued at such a time, in milliseconds since 1970. */
  #letGo(isFar: (queuedAt: number) => boolean): void {
    for (const lane of this.#lanes.values()) {
      for (const run of lane.runs.values()) {
        if (!isFar(Date.parse(run.queuedAt))) continue;
        lane.runs.delete(run.id);
        lane.sorted = undefined;
        this.#size--;
      }
    }
    this.#onChange();
  }

  async #fill(): Promise<void> {
    if (this.#isLoading || this.error !== undefined) return;
    this.#isLoading = true;
    try {
      for (let missing = this.#missing(); missing !== undefined; missing = this.#missing())
        await this.#loadSpan(missing);
    } catch (error) {
      this.error = error as Error;
    } finally {
      this.#isLoading = false;
      this.#onChange();
    }
  }

  /** The next stretch to load, or undefined. */
  #missing(): Span | undefined {
    const wanted = this.#wanted;
    if (wanted === undefined) return undefined;
    const held = this.#held;
    // Apart from what is held, or so much longer ago that the way there is not worth loading.
    if (held === undefined || wanted.until < held.from || wanted.from > held.until) {
      this.#isStale = true;
      this.#held = { from: wanted.until, until: wanted.until };
      this.#tooManyBefore = undefined;
      return wanted;
    }
    this.#letGoBefore(wanted.from);
    if (wanted.until > held.until) return { from: held.until, until: wanted.until };
    if (wanted.from >= held.from) {
      this.#tooManyBefore = undefined;
      return undefined;
    }
    this.#letGoAfter(wanted.until);
    if (this.#size < MOST_HELD) return { from: wanted.from, until: held.from };
    this.#tooManyBefore = held.from;
    return undefined;
  }

  /** Newest first, page by page: what is held grows with each. */
  async #loadSpan(span: Span): Promise<void> {
    const isBefore = this.#held !== undefined && span.until <= this.#held.from;
    let cursor: string | undefined;
    const wanted = this.#wanted;
    do {
      const { runs, next } = await this.#load(span, cursor, PAGE);
      if (this.#isStale) {
        this.#lanes = new Map();
        this.#size = 0;
        this.#isStale = false;
      }
      for (const run of runs) this.#add(run);
      cursor = next ?? undefined;
      const reached = cursor === undefined ? span.from : Date.parse(runs.at(-1)?.queuedAt ?? '');
      if (isBefore && this.#held !== undefined && Number.isFinite(reached))
        this.#held = { from: reached, until: this.#held.until };
      this.#onChange();
      // Somewhere else is looked at meanwhile, or there are too many.
      if (isBefore && (this.#wanted !== wanted || this.#size >= MOST_HELD)) return;
    } while (cursor !== undefined);
    if (!isBefore && this.#held !== undefined) this.#held = { from: this.#held.from, until: span.until };
  }

  #letGoBefore(from: number): void {
    if (this.#size < MOST_HELD || this.#held === undefined || this.#held.from >= from) return;
    this.#held = { from, until: this.#held.until };
    this.#letGo((queuedAt) => queuedAt < from);
  }

  /** Makes room: what lies the wanted span is let go of. */
  #letGoAfter(until: number): void {
    if (this.#size < MOST_HELD || this.#held === undefined || this.#held.until <= until) return;
    this.#held = { from: Math.min(this.#held.from, until), until };
    this.#letGo((queuedAt) => queuedAt >= until);
  }
}

interface LoadedLane {
  readonly runs: Map<string, RunView>;
  /** Undefined if it has to be made anew. */
  sorted: readonly RunView[] | undefined;
}

/** Times in ISO 8601 sort as text. */
function byBegin(one: RunView, other: RunView): number {
  const [begin, otherBegin] = [beginOf(one), beginOf(other)];
  return begin < otherBegin ? -1 : begin > otherBegin ? 1 : 0;
}

const beginOf = (run: RunView): string => run.startedAt ?? run.due ?? run.queuedAt;
