import { statSync } from 'node:fs';
import { errorDetails } from '../errors.ts';
import type { Database } from '../sqlite/database.ts';
import { type Absence, addAbsence, pruneAbsences, readAbsences } from './absences.ts';
import {
  type Alert,
  acknowledgeAlerts,
  archiveAlerts,
  type Cause,
  findAlert,
  type Meeting,
  pruneAlerts,
  type Raised,
  raiseAlert,
  readAlerts,
  resolveAlert,
  resolveAlertById,
  standAlert,
} from './alerts.ts';
import { RUN_COLUMNS, RUN_TABLES, runFromRow } from './columns.ts';
import { Flusher } from './flusher.ts';
import { Jobs, type Pause } from './jobs.ts';
import { type Claim, type Claimed, type End, Life, type Start } from './life.ts';
import { moveOutputs } from './moved.ts';
import { closeDatabase, type OpenedDatabase, type OpenOptions, openDatabase } from './open.ts';
import { type Cursor, type Page, type PageFilter, readPage } from './page.ts';
import { outputsDeleted, type Pruned, pruneJob, type RetentionPolicy, releasedOutputs } from './retention.ts';
import type { Run, RunId, RunProcess, RunProcesses, Time, UnfinishedRun } from './run.ts';
import { parseRunId } from './run-id.ts';
import { readStatistics, type Statistics } from './statistics.ts';

export interface HistoryOptions extends OpenOptions {
  /**
   * Told when the disk does not take what was committed. What is committed outlives this process all the
   * same.
   */
  readonly onFlushError: (error: Error) => void;
}

export interface OpenedHistory extends Omit<OpenedDatabase, 'database'> {
  readonly history: History;
}

/** Opens the history in this file, or begins one; see `openDatabase` for damage and for what is refused. */
export function openHistory(path: string, options: HistoryOptions): OpenedHistory {
  const { database, ...rest } = openDatabase(path, options);
  return { history: new History(database, options.onFlushError), ...rest };
}

/**
 * Commits after which the log is folded into the database, right after a flush: when SQLite does it by
 * itself, it holds up the commit that filled the log, and with it the start of a run.
 */
const CHECKPOINT_AFTER = 100;

/** Reads exactly the runs returned: CROSS JOIN keeps this order of looking things up. */
const latestQuery = (condition: string): string => `
  SELECT ${RUN_COLUMNS} FROM json_each(:jobs) AS wanted
  CROSS JOIN jobs ON jobs.name = wanted.value
  CROSS JOIN runs ON runs.id IN (
    SELECT id FROM runs AS newest INDEXED BY runs_of_job WHERE newest.job = jobs.id AND ${condition}
    ORDER BY newest.id DESC LIMIT :limit)
  LEFT JOIN boots ON boots.id = runs.boot
  ORDER BY jobs.id, runs.id DESC`;

const LATEST = { all: latestQuery('TRUE'), ended: latestQuery('newest.ended_at IS NOT NULL') } as const;

/**
 * What happened: every run of every job, and what must outlive the daemon. All calls are synchronous; when
 * one that changes something has returned, the change outlives the death of this process at any instant.
 * Calls throw a `SoloistError` when the disk is full, the file read-only, locked or damaged; nothing was
 * changed then, and the call can be made again.
 */
export class History {
  readonly #database: Database;
  readonly #jobs: Jobs;
  readonly #life: Life;
  readonly #flusher: Flusher;
  #commitsInLog = 0;
  /** Why the last flush failed; undefined after one that did not. */
  #flushProblem: string | undefined;

  /** Takes over an open database; `openHistory` is the way to get one. */
  constructor(database: Database, onFlushError: (error: Error) => void) {
    this.#database = database;
    this.#jobs = new Jobs(database);
    this.#life = new Life(database, this.#jobs);
    this.#flusher = new Flusher(
      `${database.file}-wal`,
      () => this.#flushed(),
      (error) => {
        this.#flushProblem = `The disk did not take what was recorded in ${database.file}: ${error.message}.`;
        onFlushError(error);
      },
    );
    database.onCommit = () => {
      this.#commitsInLog++;
      this.#flusher.committed();
    };
    database.onRollback = () => {
      this.#jobs.forgetLearned();
      this.#life.forgetLearned();
    };
  }

  /** Has the outputs of runs lie in this folder (absolute), and returns where they lay if that was another one. */
  outputsIn(folder: string): string | undefined {
    return moveOutputs(this.#database, folder);
  }

  /** Makes the calls in `action`, which must be synchronous, one transaction: all of them hold, or none. */
  together<T>(action: () => T): T {
    return this.#database.transaction(action);
  }

  /**
   * Claims runs before anything of them starts, all in one transaction, and returns what became of each, in
   * the order given. A due time of a job that has a run with this attempt, or had one that retention removed,
   * is not claimed.
   */
  claimAll(claims: readonly Claim[]): Claimed[] {
    return this.#life.claim(claims);
  }

  /**
   * An id for a run that is claimed later, if at all. Nothing is recorded; no other run gets the id while this
   * history is open.
   */
  reserve(at: Time): RunId {
    return this.#life.reserve(at);
  }

  /** Claims one run; see `claimAll`. */
  claim(claim: Claim): Claimed {
    const [claimed] = this.claimAll([claim]);
    if (claimed === undefined) throw new Error('a claim was not answered');
    return claimed;
  }

  /**
   * Records a due time that is not run, with the reason. Like a claim, it is refused where the due time has a
   * run.
   */
  skipped(claim: Claim, reason: string): Claimed {
    return this.together(() => {
      const claimed = this.claim(claim);
      if (claimed.kind === 'claimed') {
        this.ended(claimed.run.id, { at: claim.at, outcome: { kind: 'skipped', reason } });
      }
      return claimed;
    });
  }

  /**
   * Records who the processes of a queued run are, before they may do anything. Throws if it is not queued.
   */
  started(run: RunId, start: Start): void {
    this.#life.started(run, start);
  }

  /**
   * Records the processes of a running run anew, once the child is known too. Throws if it is not running.
   */
  identified(run: RunId, processes: RunProcesses): void {
    this.#life.identified(run, processes);
  }

  /**
   * Records processes of a running run that have left its group, until it ends. Of a run that does not run, nothing
   * is recorded.
   */
  moved(run: RunId, processes: readonly RunProcess[]): void {
    this.together(() => this.#life.moved(run, processes));
  }

  /** The processes of a running run that were seen to have left its group; they may have ended meanwhile. */
  movedOf(run: RunId): RunProcess[] {
    return this.#life.movedOf(run);
  }

  /**
   * Ends a queued or running run. Returns false, changing nothing, if it has ended before: the first end
   * holds.
   */
  ended(run: RunId, end: End): boolean {
    return this.together(() => this.#life.ended(run, end));
  }

  /**
   * All queued and running runs, oldest first. At the start of a daemon: those that died with the one before.
   */
  unfinished(): UnfinishedRun[] {
    return this.#life.unfinished();
  }

  /** Ends the runs as lost, in one transaction, and returns how many had not ended before. */
  markLost(runs: readonly RunId[], at: Time): number {
    return this.together(
      () => runs.filter((run) => this.ended(run, { at, outcome: { kind: 'lost' } })).length,
    );
  }

  /** The run with this id, or undefined if there is none or the text is no id. */
  find(run: string): Run | undefined {
    const number = parseRunId(run);
    if (number === undefined) return undefined;
    const row = this.#database.get(`SELECT ${RUN_COLUMNS} FROM ${RUN_TABLES} WHERE runs.id = ?`, [number]);
    return row === undefined ? undefined : this.#database.decoded(row, runFromRow);
  }

  /** One page of runs, newest first. Throws a `SoloistError` for a cursor that is none. */
  page(filter: PageFilter, cursor: Cursor | undefined, limit: number): Page {
    return readPage(this.#database, this.#jobs, filter, cursor, limit);
  }

  /**
   * The last `limit` runs of each job, newest first in the order in which they were claimed; all of them, or
   * only those that have ended. Jobs without runs are not in the result.
   */
  latest(jobs: readonly string[], limit: number, which: keyof typeof LATEST = 'all'): Map<string, Run[]> {
    const runs = new Map<string, Run[]>();
    for (const row of this.#database.all(LATEST[which], { jobs: JSON.stringify(jobs), limit })) {
      const run = this.#database.decoded(row, runFromRow);
      const known = runs.get(run.job);
      if (known === undefined) runs.set(run.job, [run]);
      else known.push(run);
    }
    return runs;
  }

  /** Outcomes and durations of a job's last `last` ended runs. */
  statistics(job: string, last: number): Statistics {
    return readStatistics(this.#database, this.#jobs.find(job), last);
  }

  /** All jobs ever mentioned, also those that the configuration no longer has. */
  jobs(): string[] {
    return this.#jobs.names();
  }

  /** The latest due time of each job that has one, claimed or set. */
  lastDue(): Map<string, Time> {
    return this.#jobs.lastDue();
  }

  /** Sets from when on due times of these jobs count as missed, whatever was claimed. One transaction. */
  setLastDue(times: ReadonlyMap<string, Time>): void {
    this.together(() => {
      for (const [job, due] of times) this.#jobs.setLastDue(job, due);
    });
  }

  /** Returns whether this call paused the job; a paused one keeps who paused it and since when. */
  pause(job: string, by: string, at: Time): boolean {
    return this.#jobs.pause(job, by, at);
  }

  /** Returns whether the job was paused. */
  resume(job: string): boolean {
    return this.#jobs.resume(job);
  }

  paused(): Pause[] {
    return this.#jobs.paused();
  }

  /** The file, its size with what SQLite keeps beside it, and why it cannot be written to now, as a sentence. */
  facts(): { readonly file: string; readonly bytes: number; readonly problem: string | undefined } {
    const { file } = this.#database;
    const bytes = ['', '-wal'].reduce(
      (sum, suffix) => sum + (statSync(`${file}${suffix}`, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
    return { file, bytes, problem: this.#flushProblem ?? this.#writeProblem() };
  }

  #writeProblem(): string | undefined {
    try {
      // Takes the lock for writing, and writes nothing.
      this.#database.tryWriting();
      return undefined;
    } catch (error) {
      return errorDetails(error).message;
    }
  }

  /** When the job last succeeded without a person having started it, newest first; at most `last` times. */
  successes(job: string, last: number): Time[] {
    const { runs } = this.page({ job, outcomes: ['succeeded'] }, undefined, last);
    return runs.flatMap((run) => (run.state === 'ended' && run.trigger.kind !== 'person' ? run.endedAt : []));
  }

  /** When the job last succeeded, or undefined. */
  lastSuccess(job: string): Time | undefined {
    const [run] = this.page({ job, outcomes: ['succeeded'] }, undefined, 1).runs;
    return run?.state === 'ended' ? run.endedAt : undefined;
  }

  /** Records a time through which nothing could run. */
  absent(absence: Absence): void {
    addAbsence(this.#database, absence);
  }

  /** The times through which nothing could run and that touch this one, oldest first. */
  absences(from: Time, until: Time): Absence[] {
    return readAbsences(this.#database, from, until);
  }

  /** Raises an alert, or counts the one of the same cause that stands. */
  raise(raised: Raised, at: Time): Meeting {
    return this.together(() => raiseAlert(this.#database, raised, at));
  }

  /** Raises an alert, or gives the one of the same cause that stands its words now. */
  stand(raised: Raised, at: Time): Meeting {
    return this.together(() => standAlert(this.#database, raised, at));
  }

  /** Resolves the alert of this cause, and returns it; undefined if there was none. */
  resolve(cause: Cause, at: Time): Alert | undefined {
    return this.together(() => resolveAlert(this.#database, cause, at));
  }

  /** Resolves an alert by its id, and returns it; undefined if it did not stand. */
  resolveAlert(id: string, at: Time): Alert | undefined {
    return this.together(() => resolveAlertById(this.#database, id, at));
  }

  /** Acknowledges an alert, or all; returns how many. */
  acknowledge(id: string | undefined, at: Time): number {
    return acknowledgeAlerts(this.#database, id, at);
  }

  /** Archives the alerts that were resolved at this time or before; returns how many. */
  archiveAlerts(resolvedUntil: Time, at: Time): number {
    return archiveAlerts(this.#database, resolvedUntil, at);
  }

  /** Removes the alerts that were archived before this time; returns how many. */
  forgetAlerts(archivedBefore: Time): number {
    return pruneAlerts(this.#database, archivedBefore);
  }

  /** All alerts that stand, or the others too, a thousand at most; the newest first. */
  alerts(which: 'standing' | 'all'): Alert[] {
    return readAlerts(this.#database, which);
  }

  alert(id: string): Alert | undefined {
    return findAlert(this.#database, id);
  }

  /** Removes absences that were over before this time. */
  forgetAbsences(before: Time): void {
    pruneAbsences(this.#database, before);
  }

  /**
   * Removes what the policy no longer keeps of a job, a limited number of runs per call. The files it returns
   * are to be deleted and then reported to `outputsDeleted`.
   */
  prune(job: string, policy: RetentionPolicy, now: Time): Pruned {
    const id = this.#jobs.find(job);
    if (id === undefined) return { runs: 0, outputFiles: [], more: false };
    return this.together(() => pruneJob(this.#database, id, policy, now));
  }

  /** Output files that were to be deleted and are not reported deleted: what a crash in between left. */
  releasedOutputs(): string[] {
    return releasedOutputs(this.#database);
  }

  outputsDeleted(files: readonly string[]): void {
    this.together(() => outputsDeleted(this.#database, files));
  }

  /** Moves what is in the log into the database, as far as nobody is reading it. For calm moments. */
  checkpoint(): void {
    this.#commitsInLog = 0;
    this.#database.get('PRAGMA wal_checkpoint(PASSIVE)');
  }

  #flushed(): void {
    this.#flushProblem = undefined;
    if (this.#commitsInLog >= CHECKPOINT_AFTER) this.checkpoint();
  }

  /** Resolves when all that was recorded is on the disk, so that not even a power cut takes it. */
  flush(): Promise<void> {
    return this.#flusher.flush();
  }

  /** Writes everything to the disk and closes the file. */
  async close(): Promise<void> {
    await this.#flusher.close();
    closeDatabase(this.#database);
  }
}
