import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type DestinationStream, pino } from 'pino';
import type { Configuration, Job, Service, TriggeredJob } from '../../../main/daemon/config/configuration.ts';
import { DEFAULTS, emptyConfiguration } from '../../../main/daemon/config/resolve.ts';
import type { Vitals } from '../../../main/daemon/health/facts.ts';
import { openHistory } from '../../../main/daemon/history/history.ts';
import type { EndedRun, Run } from '../../../main/daemon/history/run.ts';
import { type JobsOptions, type RunningJobs, startJobs } from '../../../main/daemon/jobs/engine.ts';
import type { JobEvent, RunView } from '../../../main/daemon/jobs/views.ts';
import type { Owner } from '../../../main/daemon/lock/owner.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { killAllWith, newToken, processesWith, until } from '../run/support.ts';

export { until };

/** The grace of jobs in tests, in milliseconds. */
export const GRACE_MS = 300;

const owner: Owner = {
  pid: process.pid,
  processStarted: '1',
  bootId: 'boot',
  host: { id: 'host', name: 'host' },
  kind: 'headless',
  version: '0',
  startedAt: new Date().toISOString(),
  startedBy: 'a test',
  instanceId: 'instance',
  generation: 1,
  lock: '',
  socket: '',
  lastCrash: null,
  endedAt: null,
};

/** A job that runs this shell text in this folder, and only by hand unless `changes` say otherwise. */
export function job(
  name: string,
  text: string,
  place: { readonly folder: string; readonly token: string },
  changes: Partial<TriggeredJob> = {},
): TriggeredJob {
  return { kind: 'triggered', ...basics(name, text, place), ...TRIGGERED, ...changes };
}

export function service(
  name: string,
  text: string,
  place: { readonly folder: string; readonly token: string },
  changes: Partial<Service> = {},
): Service {
  const policy = { restart: 'always', backoff: { from: 5, to: 20 } } as const;
  return { kind: 'service', ...basics(name, text, place), ...policy, ...changes };
}

const TRIGGERED = {
  triggers: [],
  timeout: undefined,
  retry: { attempts: 1, backoff: { from: 10, to: 20 } },
  overlap: { kind: 'skip' },
  missed: { kind: 'skip' },
  missedGrace: undefined,
  jitter: 0,
  quietAfter: undefined,
} as const;

function basics(name: string, text: string, { folder, token }: { folder: string; token: string }) {
  return {
    name,
    description: undefined,
    tags: [],
    enabled: true,
    command: { kind: 'shell', text, shell: '/bin/sh' },
    cwd: folder,
    environment: { defaults: {}, files: [], own: { TOKEN: token } },
    stdin: { kind: 'none' },
    grace: GRACE_MS,
    orphans: 'end',
    output: DEFAULTS.output,
    successCodes: [0],
    notify: 'never',
  } as const;
}

/** A configuration of these jobs. */
export function configurationOf(jobs: readonly Job[], maxConcurrent = 10): Configuration {
  const { platform } = process;
  const empty = emptyConfiguration({ userFolder: '/', fileFolder: '/', timezone: 'UTC', platform });
  return { ...empty, maxConcurrent, jobs: new Map(jobs.map((one) => [one.name, one])) };
}

/** What an engine logged: level and message with all else. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [key: string]: unknown;
}

/** What an engine in a test is started with, apart from its configuration. */
export function testOptions(home: string, log: DestinationStream = { write: () => {} }) {
  return {
    home,
    owner,
    logger: pino({ level: 'trace' }, log),
    isOwner: () => true,
    changed: () => {},
    judged: () => {},
    vitals: (): Vitals => ({
      lock: { path: join(home, 'daemon.lock'), pid: process.pid, lost: undefined },
      errors: { count: 0, last: undefined },
      configuration: { path: join(home, 'soloist.yaml'), problem: null },
    }),
    waiting: () => {},
    loginEnvironment: async () => ({
      kind: 'system' as const,
      variables: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    }),
  };
}

/** Everything that an engine needs, and cleans up after it. */
export class Workshop {
  readonly token = newToken();
  readonly home = temporaryFolder();
  /** Where the jobs run, and leave their traces. */
  readonly folder = join(this.home, 'work');
  readonly log: LogLine[] = [];
  readonly events: JobEvent[] = [];
  #engine: RunningJobs | undefined;
  #configuration: Configuration = configurationOf([]);

  constructor() {
    mkdirSync(this.folder);
  }

  /** Starts the jobs; `restart` and `update` keep what is not given anew. */
  async start(jobs: readonly Job[], changes: Partial<JobsOptions> & { maxConcurrent?: number } = {}) {
    const { maxConcurrent, ...options } = changes;
    this.#configuration = configurationOf(jobs, maxConcurrent);
    const destination: DestinationStream = {
      write: (line) => {
        this.log.push(JSON.parse(line));
      },
    };
    this.#engine = await startJobs({
      ...testOptions(this.home, destination),
      configuration: this.#configuration,
      ...options,
    });
    this.#engine.jobs.subscribe((event) => this.events.push(event));
    return this.#engine;
  }

  get engine(): RunningJobs {
    if (this.#engine === undefined) throw new Error('the engine was not started');
    return this.#engine;
  }

  /** All runs of a job, oldest first. */
  runs(name?: string): readonly RunView[] {
    const found: RunView[] = [];
    for (let cursor: string | null = null; ; ) {
      const page = this.engine.jobs.page({ job: name }, cursor, 1_000);
      found.push(...page.runs);
      if (page.next === null) return found.reverse();
      cursor = page.next;
    }
  }

  /** The runs of a job as `kind` or `kind: reason`, oldest first. */
  outcomes(name: string): readonly string[] {
    return this.runs(name).map(({ outcome, state }) => {
      if (outcome === null) return state;
      return 'reason' in outcome ? `${outcome.kind}: ${outcome.reason}` : outcome.kind;
    });
  }

  /** The lines that jobs have written to a file of this name. */
  trace(file: string): readonly string[] {
    try {
      return readFileSync(join(this.folder, file), 'utf8').trim().split('\n').filter(Boolean);
    } catch {
      return [];
    }
  }

  /** What is alive of all that was started here. */
  alive() {
    return processesWith(this.token);
  }

  async stop(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    await engine?.stop({ kind: 'asked' });
  }

  /** All that the history holds, once no engine has it open. */
  async history(): Promise<readonly Run[]> {
    const { history } = openHistory(join(this.home, 'history', 'history.sqlite'), {
      now: () => new Date(),
      onFlushError: (error) => {
        throw error;
      },
    });
    try {
      return history.page({}, undefined, 100_000).runs.toReversed();
    } finally {
      await history.close();
    }
  }

  async close(): Promise<void> {
    await this.stop();
    await killAllWith(this.token);
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Whether no two of these runs were for the same job, due time and attempt. */
export function duplicates(runs: readonly Run[]): number {
  const names = runs.flatMap(({ trigger, job: name, attempt }) =>
    'due' in trigger ? [`${name} ${trigger.due} ${attempt}`] : [],
  );
  return names.length - new Set(names).size;
}

export function isEnded(run: Run): run is EndedRun {
  return run.state === 'ended';
}
