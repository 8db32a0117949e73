import { type Database, integer, optionalInteger, text } from '../sqlite/database.ts';
import { outcomeColumns, RUN_COLUMNS, RUN_TABLES, runFromRow, runNumber, triggerColumns } from './columns.ts';
import type { Jobs } from './jobs.ts';
import type {
  Outcome,
  QueuedRun,
  RunId,
  RunProcess,
  RunProcesses,
  Time,
  Trigger,
  UnfinishedRun,
  Usage,
} from './run.ts';
import { formatRunId, nextRunNumber } from './run-id.ts';

/** A run that is wanted. */
export interface Claim {
  readonly job: string;
  readonly trigger: Trigger;
  /** 1 unless it is a retry. */
  readonly attempt: number;
  readonly at: Time;
  /** From `reserve`; a run without one, or whose id has been taken meanwhile, gets the next. */
  readonly id?: RunId | undefined;
}

/** `existing` is undefined where retention has removed the run that had the due time. */
export type Claimed =
  | { readonly kind: 'claimed'; readonly run: QueuedRun }
  | { readonly kind: 'already-claimed'; readonly existing: RunId | undefined };

export interface Start {
  readonly at: Time;
  readonly processes: RunProcesses;
  /** Where the output goes, or undefined if it is not kept. */
  readonly outputFile: string | undefined;
}

export interface End {
  readonly at: Time;
  readonly outcome: Outcome;
  /** The size of the output file; undefined leaves what is recorded. */
  readonly outputBytes?: number | undefined;
  readonly usage?: Usage | undefined;
}

const INSERT = `
  INSERT INTO runs (id, job, queued_at, trigger_kind, due, attempt, after_run, files)
  VALUES (:id, :job, :queued_at, :trigger_kind, :due, :attempt, :after_run, :files)
  ON CONFLICT (job, due, attempt) WHERE due IS NOT NULL DO NOTHING`;

const START = `
  UPDATE runs SET started_at = :started_at, output_file = :output_file, output_bytes = :output_bytes,
    boot = :boot, shell_pid = :shell_pid, shell_started = :shell_started, shell_group = :shell_group,
    child_pid = :child_pid, child_started = :child_started, child_group = :child_group
  WHERE id = :id AND started_at IS NULL AND ended_at IS NULL`;

const IDENTIFY = `
  UPDATE runs SET boot = :boot, shell_pid = :shell_pid, shell_started = :shell_started,
    shell_group = :shell_group, child_pid = :child_pid, child_started = :child_started,
    child_group = :child_group
  WHERE id = :id AND started_at IS NOT NULL AND ended_at IS NULL`;

const END = `
  UPDATE runs SET ended_at = :ended_at, outcome = :outcome, exit_code = :exit_code, signal = :signal,
    reason = :reason, output_bytes = coalesce(:output_bytes, output_bytes), cpu_ms = :cpu_ms,
    peak_memory_bytes = :peak_memory_bytes
  WHERE id = :id AND ended_at IS NULL`;

const MOVED = `
  INSERT INTO moved_processes (run, pid, started, process_group)
  SELECT id, :pid, :started, :group FROM runs WHERE id = :run AND started_at IS NOT NULL AND ended_at IS NULL
  ON CONFLICT DO UPDATE SET process_group = :group`;

const MOVED_OF = `
  SELECT pid, started, process_group, boots.boot AS boot
  FROM moved_processes JOIN runs ON runs.id = moved_processes.run JOIN boots ON boots.id = runs.boot
  WHERE moved_processes.run = ?`;

/** A run's way from claimed to ended. */
export class Life {
  readonly #database: Database;
  readonly #jobs: Jobs;
  readonly #boots = new Map<string, number>();
  /** The last number that `reserve` gave out. */
  #reserved: number | undefined;

  constructor(database: Database, jobs: Jobs) {
    this.#database = database;
    this.#jobs = jobs;
  }

  /** To be called after a rollback, which may have taken rows that were just learned. */
  forgetLearned(): void {
    this.#boots.clear();
  }

  claim(claims: readonly Claim[]): Claimed[] {
    if (claims.length === 0) return [];
    return this.#database.transaction(() => {
      let last = this.#lastNumber();
      return claims.map((claim) => {
        const number = this.#reservedFor(claim) ?? nextRunNumber(last, claim.at);
        const claimed = this.#claim(claim, number);
        if (claimed.kind === 'claimed') last = Math.max(last ?? number, number);
        return claimed;
      });
    });
  }

  reserve(at: Time): RunId {
    this.#reserved = nextRunNumber(this.#lastNumber(), at);
    return formatRunId(this.#reserved);
  }

  #lastNumber(): number | undefined {
    const row = this.#database.get('SELECT max(id) AS last FROM runs');
    const last = row === undefined ? undefined : optionalInteger(row, 'last');
    return last === undefined ? this.#reserved : Math.max(last, this.#reserved ?? last);
  }

  /** The number that was reserved for a run, unless somebody else has taken it. */
  #reservedFor({ id }: Claim): number | undefined {
    if (id === undefined) return undefined;
    const number = runNumber(id);
    const taken = this.#database.get('SELECT 1 FROM runs WHERE id = ?', [number]);
    return taken === undefined ? number : undefined;
  }

  #claim({ job, trigger, attempt, at }: Claim, number: number): Claimed {
    const jobId = this.#jobs.learn(job);
    const columns = triggerColumns(trigger);
    const { due } = columns;
    // A retry follows an attempt that this daemon has seen end, so there its row alone decides.
    if (due !== null && attempt === 1 && this.#jobs.hasForgotten(jobId, due, at)) {
      return { kind: 'already-claimed', existing: this.#claimedBy(jobId, due, attempt) };
    }
    const inserted = this.#database.run(INSERT, {
      id: number,
      job: jobId,
      queued_at: at,
      attempt,
      ...columns,
    });
    if (inserted === 0) {
      return { kind: 'already-claimed', existing: this.#claimedBy(jobId, due, attempt) };
    }
    if (due !== null) this.#jobs.reachDue(jobId, due, at);
    const id = formatRunId(number);
    return { kind: 'claimed', run: { state: 'queued', id, job, trigger, attempt, queuedAt: at } };
  }

  #claimedBy(job: number, due: number | null, attempt: number): RunId | undefined {
    const sql = 'SELECT id FROM runs WHERE job = ? AND due = ? AND attempt = ?';
    const row = this.#database.get(sql, [job, due, attempt]);
    return row === undefined ? undefined : formatRunId(integer(row, 'id'));
  }

  started(run: RunId, start: Start): void {
    const changed = this.#database.run(START, {
      id: runNumber(run),
      started_at: start.at,
      output_file: start.outputFile ?? null,
      output_bytes: start.outputFile === undefined ? null : 0,
      ...this.#processColumns(start.processes),
    });
    if (changed === 0) throw new Error(`run ${run} cannot start: it is not queued`);
  }

  identified(run: RunId, processes: RunProcesses): void {
    const changed = this.#database.run(IDENTIFY, { id: runNumber(run), ...this.#processColumns(processes) });
    if (changed === 0) throw new Error(`run ${run} has no processes to identify: it is not running`);
  }

  moved(run: RunId, processes: readonly RunProcess[]): void {
    for (const { pid, processStarted, group } of processes) {
      this.#database.run(MOVED, { run: runNumber(run), pid, started: processStarted, group });
    }
  }

  movedOf(run: RunId): RunProcess[] {
    return this.#database.all(MOVED_OF, [runNumber(run)]).map((row) => ({
      pid: integer(row, 'pid'),
      processStarted: text(row, 'started'),
      bootId: text(row, 'boot'),
      group: integer(row, 'process_group'),
    }));
  }

  ended(run: RunId, end: End): boolean {
    const id = runNumber(run);
    this.#database.run('DELETE FROM moved_processes WHERE run = ?', [id]);
    const changed = this.#database.run(END, {
      id,
      ended_at: end.at,
      ...outcomeColumns(end.outcome),
      output_bytes: end.outputBytes ?? null,
      cpu_ms: rounded(end.usage?.cpuMs),
      peak_memory_bytes: rounded(end.usage?.peakMemoryBytes),
    });
    return changed === 1;
  }

  unfinished(): UnfinishedRun[] {
    const sql = `SELECT ${RUN_COLUMNS} FROM ${RUN_TABLES}
      WHERE runs.id IN (SELECT id FROM runs INDEXED BY runs_unfinished WHERE ended_at IS NULL) ORDER BY runs.id`;
    return this.#database
      .all(sql)
      .map((row) => this.#database.decoded(row, runFromRow))
      .filter((run) => run.state !== 'ended');
  }

  #processColumns({ shell, child }: RunProcesses): Record<string, number | string | null> {
    const known = shell ?? child;
    if (known === undefined) throw new Error('a run that started has a shell, a child or both');
    if (child !== undefined && child.bootId !== known.bootId) {
      throw new Error(`the shell and the child of a run are of different boots`);
    }
    return {
      boot: this.#learnBoot(known.bootId),
      ...processColumns('shell', shell),
      ...processColumns('child', child),
    };
  }

  #learnBoot(boot: string): number {
    const known = this.#boots.get(boot);
    if (known !== undefined) return known;
    this.#database.run('INSERT INTO boots (boot) VALUES (?) ON CONFLICT (boot) DO NOTHING', [boot]);
    const row = this.#database.get('SELECT id FROM boots WHERE boot = ?', [boot]);
    if (row === undefined) throw new Error(`the boot ${boot} could not be recorded`);
    const id = integer(row, 'id');
    this.#boots.set(boot, id);
    return id;
  }
}

function processColumns(
  role: 'shell' | 'child',
  process: RunProcess | undefined,
): Record<string, number | string | null> {
  return {
    [`${role}_pid`]: process?.pid ?? null,
    [`${role}_started`]: process?.processStarted ?? null,
    [`${role}_group`]: process?.group ?? null,
  };
}

/** Systems tell fractions; the columns hold whole numbers. */
function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value);
}
