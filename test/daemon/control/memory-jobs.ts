import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SoloistError } from '../../../main/daemon/errors.ts';
import { formatRunId } from '../../../main/daemon/history/run-id.ts';
import type {
  JobDetails,
  JobEvent,
  Jobs,
  JobView,
  OutputRequest,
  OutputView,
  RunsFilter,
  RunsPage,
  RunView,
  UpcomingRun,
} from '../../../main/daemon/jobs/views.ts';

export interface MemoryJob {
  readonly command: string;
  /** Milliseconds. */
  readonly every?: number;
}

/** Jobs without a schedule or a history: it runs shell commands when asked, and remembers the runs. */
export class MemoryJobs implements Jobs {
  readonly runs: RunView[] = [];
  readonly children = new Map<string, ChildProcess>();
  /** Skips what it is asked to run, as an overlap policy may. */
  isBusy = false;
  readonly #folder: string;
  readonly #jobs: Readonly<Record<string, MemoryJob>>;
  readonly #paused = new Map<string, { by: string; since: string }>();
  readonly #listeners = new Set<(event: JobEvent) => void>();
  #number = Date.now();

  constructor(folder: string, jobs: Readonly<Record<string, MemoryJob>>) {
    this.#folder = folder;
    this.#jobs = jobs;
    mkdirSync(folder, { recursive: true });
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  list(): readonly JobView[] {
    return Object.entries(this.#jobs).map(([name, { every }]): JobView => {
      const own = this.runs.filter(({ job }) => job === name);
      return {
        name,
        description: null,
        tags: [],
        kind: 'triggered',
        enabled: true,
        notify: 'on-failure' as const,
        paused: this.#paused.get(name) ?? null,
        schedule: every === undefined ? 'by hand' : `every ${every / 60_000} minutes`,
        nextDue: every === undefined ? null : new Date(Date.now() + every).toISOString(),
        running: own.filter(({ state }) => state === 'running'),
        queued: own.filter(({ state }) => state === 'queued'),
        last: own.findLast(({ state }) => state === 'ended') ?? null,
      };
    });
  }

  async run(job: string, words: readonly string[]): Promise<RunView> {
    const { command } = this.#jobs[job] ?? this.#unknown(job);
    const id = formatRunId(this.#number++);
    const run: RunView = {
      id,
      job,
      trigger: 'person',
      due: null,
      attempt: 1,
      state: 'queued',
      queuedAt: now(),
      startedAt: null,
      endedAt: null,
      outcome: null,
      pid: null,
      usage: null,
      output: null,
    };
    if (this.isBusy) {
      const outcome = { kind: 'skipped', reason: 'its last run is still going' } as const;
      return this.add({ ...run, state: 'ended', endedAt: now(), outcome });
    }
    this.add(run);
    setTimeout(() => this.#start(run, command, words), 50);
    return run;
  }

  #start(run: RunView, command: string, words: readonly string[]): void {
    const file = join(this.#folder, `${run.id}.log`);
    const output = openSync(file, 'w');
    const child = spawn('/bin/sh', ['-c', command, run.job, ...words], { stdio: ['ignore', output, output] });
    closeSync(output);
    this.children.set(run.id, child);
    const running = {
      ...run,
      state: 'running',
      startedAt: now(),
      pid: child.pid ?? null,
      output: { file, bytes: 0 },
    } as const;
    this.add(running);
    child.once('close', (code, signal) => {
      const cause =
        signal === null
          ? ({ kind: 'exit', code: code ?? 0 } as const)
          : ({ kind: 'signal', signal } as const);
      const outcome =
        code === 0 ? ({ kind: 'succeeded', exitCode: 0 } as const) : ({ kind: 'failed', cause } as const);
      const bytes = statSync(file).size;
      this.add({ ...running, state: 'ended', endedAt: now(), pid: null, outcome, output: { file, bytes } });
    });
  }

  /** Adds a run, or puts it in the place of the one that it was. */
  add(run: RunView): RunView {
    const index = this.runs.findIndex(({ id }) => id === run.id);
    if (index < 0) this.runs.push(run);
    else this.runs[index] = run;
    this.tell({ kind: 'run', run });
    return run;
  }

  tell(event: JobEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  async cancel(target: string): Promise<readonly RunView[]> {
    const found = this.runs.filter(({ id, job }) => id === target || job === target);
    if (found.length === 0 && !(target in this.#jobs)) this.#unknown(target);
    const going = found.filter(({ state }) => state === 'running');
    for (const { id } of going) this.children.get(id)?.kill('SIGTERM');
    return going;
  }

  pause(job: string | 'all', by: string): readonly string[] {
    const names = this.#named(job).filter((name) => !this.#paused.has(name));
    for (const name of names) this.#paused.set(name, { by, since: now() });
    this.tell({ kind: 'jobs' });
    return names;
  }

  resume(job: string | 'all'): readonly string[] {
    return this.#named(job).filter((name) => this.#paused.delete(name));
  }

  #named(job: string): string[] {
    if (job === 'all') return Object.keys(this.#jobs);
    return job in this.#jobs ? [job] : this.#unknown(job);
  }

  page({ job, failed, since }: RunsFilter, cursor: string | null, limit: number): RunsPage {
    if (job !== undefined && !(job in this.#jobs)) this.#unknown(job);
    const found = this.runs
      .filter((run) => job === undefined || run.job === job)
      .filter((run) => !failed || run.outcome?.kind === 'failed')
      .filter((run) => since === undefined || run.queuedAt >= since)
      .toReversed();
    const start = Number(cursor ?? 0);
    const end = start + limit;
    return { runs: found.slice(start, end), next: end < found.length ? String(end) : null };
  }

  show(id: string): RunView {
    const found = this.runs.find((run) => run.id === id);
    if (found !== undefined) return found;
    throw new SoloistError({ code: 'unknown-run', message: `There is no run '${id}'.` });
  }

  upcoming(until: string, limit: number): readonly UpcomingRun[] {
    return Object.entries(this.#jobs)
      .flatMap(([job, { every }]) => {
        const due = Date.now() + (every ?? Number.POSITIVE_INFINITY);
        return due <= Date.parse(until) ? { job, due: new Date(due).toISOString() } : [];
      })
      .sort((one, other) => (one.due < other.due ? -1 : 1))
      .slice(0, limit);
  }

  details(name: string): JobDetails {
    const job = this.list().find((one) => one.name === name);
    if (job === undefined)
      throw new SoloistError({ code: 'unknown-job', message: `There is no job "${name}".` });
    const outcomes = { succeeded: 0, failed: 0, 'timed-out': 0, cancelled: 0, skipped: 0, lost: 0 };
    return { job, settings: [], next: [], statistics: { runs: 0, outcomes, durations: null } };
  }

  recent(): readonly never[] {
    return [];
  }

  async output({ from }: OutputRequest): Promise<OutputView> {
    return { parts: [], from, to: from, size: 0, isEnded: true, cut: null };
  }

  absences(): readonly never[] {
    return [];
  }

  alerts(): readonly never[] {
    return [];
  }

  acknowledge(): void {}

  archive(): void {}

  subscribe(listener: (event: JobEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #unknown(job: string): never {
    throw new SoloistError({
      code: 'unknown-job',
      message: `There is no job '${job}'.`,
      hint: 'Did you mean hello?',
    });
  }
}

const now = (): string => new Date().toISOString();
