import type { Logger } from 'pino';
import type { Job } from '../config/configuration.ts';
import { SoloistError } from '../errors.ts';
import type { JobsFacts } from '../health/facts.ts';
import type { History } from '../history/history.ts';
import type { Claimed } from '../history/life.ts';
import type { QueuedRun, RunId, RunningRun, Trigger } from '../history/run.ts';
import { pickToStart } from '../schedule/fair-queue.ts';
import { decideOverlap, mostAtOnce, OVERLAP_REASONS, type OverlapPolicy } from '../schedule/overlap.ts';
import { Arrivals } from './arrivals.ts';
import { Board, type Going, type Waiting } from './board.ts';
import type { Ended, Execution } from './execution.ts';
import type { Preparations } from './prepared.ts';
import type { EndOfRun, Records } from './records.ts';
import { retryAfterMs } from './retry.ts';

/** A run that something asks for. */
export interface Wanted {
  readonly job: string;
  readonly trigger: Trigger;
  /** From 1; more for a retry. */
  readonly attempt: number;
  /** What a person adds to the command. */
  readonly words: readonly string[];
  /** How long it has to wait first, in milliseconds. */
  readonly delayMs: number;
  /** Why it is not to be run, or undefined if it is. */
  readonly skip: string | undefined;
  /** What is to be recorded in its place if its due time was claimed already. */
  readonly before?: () => Wanted | undefined;
}

export interface DispatcherParts {
  readonly history: History;
  readonly records: Records;
  readonly logger: Logger;
  /** The job as it is configured now. */
  job(name: string): Job | undefined;
  maxConcurrent(): number;
  /** Why the job runs only by hand now, or undefined if it runs. */
  withheld(job: string): string | undefined;
  readonly prepared: Pick<Preparations, 'idFor' | 'claimed'>;
  execute(run: QueuedRun, job: Job, words: readonly string[]): Execution;
  onChanged(run: RunId): void;
  /** While it stops: the runs it still waits for, and when (epoch milliseconds) the last of them is ended by force. */
  onWaiting(runs: number, untilMs: number): void;
  /** After the end is recorded. `isRetried`: another attempt follows. */
  onEnded(run: QueuedRun | RunningRun, ended: Ended, isRetried: boolean): void;
}

/** Which of the runs that wait or go on are meant. */
export type Selection = (run: QueuedRun | RunningRun) => boolean;

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const NO_OVERLAP: OverlapPolicy = { kind: 'skip' };

/** Runs from when they are claimed to their end: whether they overlap, when they have their turn, and retries. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #waiting = new Board<Waiting>();
  readonly #going = new Board<Going>();
  /** When each job last got a place, on the clock of `performance.now`. */
  readonly #lastStarted = new Map<string, number>();
  readonly #arrivals: Arrivals<Wanted>;
  #isStopped = false;
  /** When all runs will have been ended by force, once it stops. */
  #endsBy: number | undefined;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#arrivals = new Arrivals((wanted) => this.admit(wanted), parts.logger);
  }

  /** Takes in runs; all that come in one turn are claimed together. What the history does not take is tried again. */
  arrive(wanted: readonly Wanted[]): void {
    this.#arrivals.add(wanted);
  }

  /** Claims these runs, then skips, queues or starts each. Throws a `SoloistError` if the history does not take them. */
  admit(wanted: readonly Wanted[]): readonly Claimed[] {
    if (this.#isStopped) {
      const hint = 'Try again when the daemon runs.';
      throw new SoloistError({
        code: 'stopping',
        message: 'The daemon is stopping and starts no runs.',
        hint,
      });
    }
    const at = Date.now();
    const claims = wanted.map(({ job, trigger, attempt }) => {
      const id = attempt === 1 ? this.#parts.prepared.idFor(job, trigger) : undefined;
      return { job, trigger, attempt, at, id };
    });
    const answers = this.#parts.history.claimAll(claims);
    const ends: EndOfRun[] = [];
    answers.forEach((answer, index) => {
      const one = wanted[index];
      if (one === undefined) return;
      if (answer.kind === 'claimed') ends.push(...this.#settle(one, answer.run));
      else {
        const { job, trigger } = one;
        const before = one.before?.();
        if (before !== undefined) this.arrive([before]);
        this.#parts.logger.info({ job, trigger, run: answer.existing }, 'this due time was claimed already');
      }
    });
    this.#parts.records.ended(ends);
    this.pump();
    for (const { job, trigger } of wanted) this.#parts.prepared.claimed(job, trigger);
    // Of those that have ended, listeners were told already.
    const isOver = new Set(ends.map(({ run }) => run));
    for (const answer of answers)
      if (answer.kind === 'claimed' && !isOver.has(answer.run.id)) this.#parts.onChanged(answer.run.id);
    return answers;
  }

  /** Decides about a claimed run, and returns what ends by that. */
  #settle(wanted: Wanted, run: QueuedRun): readonly EndOfRun[] {
    const { trigger, attempt, words, delayMs } = wanted;
    const withheld = trigger.kind === 'person' ? undefined : this.#parts.withheld(run.job);
    const skip = wanted.skip ?? withheld;
    if (skip !== undefined) return [ended(run.id, { kind: 'skipped', reason: skip })];
    const ends: EndOfRun[] = [];
    if (attempt === 1) {
      const decision = decideOverlap(
        this.#overlapOf(run.job),
        this.#going.idsOf(run.job),
        this.#waiting.idsOf(run.job),
      );
      if (decision.kind === 'skip')
        return [ended(run.id, { kind: 'skipped', reason: OVERLAP_REASONS[decision.reason] })];
      if (decision.kind === 'replace') {
        const reason = 'a newer run of the job takes its place';
        for (const id of decision.end) this.#going.get(id)?.execution.cancel(reason);
        const dropped = new Set(decision.drop);
        ends.push(...this.#drop((one) => dropped.has(one.id), reason));
      }
    }
    const waiting: Waiting = { run, words, sinceMs: performance.now(), delay: undefined };
    if (delayMs > 0) {
      waiting.delay = setTimeout(
        () => {
          waiting.delay = undefined;
          this.pump();
        },
        Math.min(delayMs, LONGEST_TIMER_MS),
      );
    }
    this.#waiting.add(waiting);
    return ends;
  }

  #overlapOf(name: string): OverlapPolicy {
    const job = this.#parts.job(name);
    return job?.kind === 'triggered' ? job.overlap : NO_OVERLAP;
  }

  /** Starts what may start now. */
  pump(): void {
    if (this.#isStopped || this.#waiting.size === 0) return;
    const isService = (job: string): boolean => this.#parts.job(job)?.kind === 'service';
    const picked = pickToStart(
      this.#waiting
        .all()
        .filter(({ delay }) => delay === undefined)
        .map(({ run, sinceMs }) => ({
          runId: run.id,
          job: run.job,
          dueMs: 'due' in run.trigger ? run.trigger.due : run.queuedAt,
          waitingSinceMs: sinceMs,
          mostAtOnce: mostAtOnce(this.#overlapOf(run.job)),
          service: isService(run.job),
        })),
      this.#going.all().map(({ run, service }) => ({ job: run.job, service })),
      this.#parts.maxConcurrent(),
      this.#lastStarted,
    );
    for (const id of picked) {
      const waiting = this.#waiting.get(id);
      const job = waiting && this.#parts.job(waiting.run.job);
      if (waiting === undefined || job === undefined) continue;
      this.#waiting.take(id);
      this.#lastStarted.set(job.name, performance.now());
      this.watch(waiting.run, job.kind === 'service', this.#parts.execute(waiting.run, job, waiting.words));
    }
  }

  /** Gives an execution its place until it ends; also to an orphan, which has begun long ago. */
  watch(run: QueuedRun | RunningRun, service: boolean, execution: Execution): void {
    const over = execution.ended
      .then((end) => this.#ended(run, end))
      .catch((error: unknown) => {
        this.#parts.logger.error({ err: error, job: run.job, run: run.id }, 'what follows a run has failed');
      });
    this.#going.add({ run, service, sinceMs: performance.now(), execution, over });
  }

  #ended(run: QueuedRun | RunningRun, end: Ended): void {
    this.#going.take(run.id);
    this.#tellWaiting();
    this.#parts.records.ended([{ run: run.id, end: end.end }]);
    const { job, trigger, attempt } = run;
    const { outcome } = end.end;
    const configured = this.#isStopped ? undefined : this.#parts.job(job);
    const delayMs =
      configured === undefined || this.#parts.withheld(job) !== undefined
        ? undefined
        : retryAfterMs(configured, { trigger, attempt, outcome }, Math.random);
    if (delayMs !== undefined)
      this.arrive([{ job, trigger, attempt: attempt + 1, words: [], delayMs, skip: undefined }]);
    this.#parts.onEnded(run, end, delayMs !== undefined);
    this.pump();
  }

  /** Whether a run of the job would begin at once, were there a place for it. */
  wouldStart(job: string): boolean {
    const { going, waiting } = this.runsOf(job);
    return !this.#isStopped && decideOverlap(this.#overlapOf(job), going, waiting).kind === 'start';
  }

  /** How many more runs would have a place. */
  places(): number {
    const going = this.#going.all().filter(({ service }) => !service).length;
    return this.#parts.maxConcurrent() - going - this.#waiting.size;
  }

  /** The runs that go on and are no services, and those that wait although their job has none going. */
  facts(): Pick<JobsFacts, 'going' | 'waiting' | 'maxConcurrent'> & { readonly unclaimed: number } {
    const nowMs = performance.now();
    return {
      going: this.#going
        .all()
        .filter(({ service }) => !service)
        .map(({ run, sinceMs }) => ({ job: run.job, run: run.id, wentOnMs: nowMs - sinceMs })),
      waiting: this.#waiting
        .all()
        .filter(({ run, delay }) => delay === undefined && this.#going.idsOf(run.job).length === 0)
        .map(({ run, sinceMs }) => ({ job: run.job, run: run.id, waitedMs: nowMs - sinceMs })),
      maxConcurrent: this.#parts.maxConcurrent(),
      unclaimed: this.#arrivals.refused,
    };
  }

  /** Settles when a run has begun, if it has its place. */
  async begun(run: RunId): Promise<void> {
    await this.#going.get(run)?.execution.begun;
  }

  /** The runs of a job that have their place, and those that wait for one, oldest first. */
  runsOf(job: string): { readonly going: readonly RunId[]; readonly waiting: readonly RunId[] } {
    return { going: this.#going.idsOf(job), waiting: this.#waiting.idsOf(job) };
  }

  /** Whether the job has a run that goes on or waits. */
  has(job: string): boolean {
    const { going, waiting } = this.runsOf(job);
    return going.length + waiting.length > 0;
  }

  /** Cancels waiting runs. */
  dropWaiting(selection: Selection, reason: string): readonly RunId[] {
    const ends = this.#drop(selection, reason);
    this.#parts.records.ended(ends);
    return ends.map(({ run }) => run);
  }

  /** Ends runs, waiting ones first so that none of them takes a place; settles when all are over. */
  async cancel(selection: Selection, reason: string, graceMs?: number): Promise<readonly RunId[]> {
    const dropped = this.dropWaiting(selection, reason);
    const going = this.#going.all().filter(({ run }) => selection(run));
    for (const { execution } of going) execution.cancel(reason, graceMs);
    await Promise.all(going.map(({ over }) => over));
    return [...dropped, ...going.map(({ run }) => run.id)];
  }

  #drop(selection: Selection, reason: string): EndOfRun[] {
    return this.#waiting
      .all()
      .filter(({ run }) => selection(run))
      .map(({ run, delay }) => {
        clearTimeout(delay);
        this.#waiting.take(run.id);
        return ended(run.id, { kind: 'cancelled', reason });
      });
  }

  /**
   * Starts nothing more, cancels what waits and ends what runs; settles when all is over.
   *
   * @param hurry a grace in milliseconds that no run exceeds, when the daemon has lost its home; runs that outlive
   *   their daemon are left then
   */
  async stop(reason: string, hurry: number | undefined): Promise<void> {
    this.#isStopped = true;
    this.#arrivals.stop();
    const left = this.#going.all().filter(({ execution }) => hurry !== undefined && execution.leave());
    for (const { run } of left) this.#going.take(run.id);
    const graceOf = (job: string): number | undefined =>
      hurry === undefined ? undefined : Math.min(hurry, this.#parts.job(job)?.grace ?? hurry);
    this.dropWaiting(() => true, reason);
    const jobs = new Set(this.#going.all().map(({ run }) => run.job));
    const longest = Math.max(0, ...[...jobs].map((job) => graceOf(job) ?? this.#parts.job(job)?.grace ?? 0));
    this.#endsBy = Date.now() + longest;
    const over = [...jobs].map((job) => this.cancel((run) => run.job === job, reason, graceOf(job)));
    this.#tellWaiting();
    await Promise.all(over);
  }

  /** Ends what a stop still waits for, without any grace. */
  hurry(reason: string): void {
    this.#endsBy = Date.now();
    for (const { execution } of this.#going.all()) execution.cancel(reason, 0);
    this.#tellWaiting();
  }

  #tellWaiting(): void {
    if (this.#endsBy !== undefined) this.#parts.onWaiting(this.#going.size, this.#endsBy);
  }
}

function ended(run: RunId, outcome: EndOfRun['end']['outcome']): EndOfRun {
  return { run, end: { at: Date.now(), outcome } };
}
