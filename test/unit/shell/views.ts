import type { Check, HealthSummary } from '../../../main/daemon/health/report.ts';
import type { Outcome } from '../../../main/daemon/history/run.ts';
import type { JobView, RunView } from '../../../main/daemon/jobs/views.ts';
import type { Owner } from '../../../main/daemon/lock/owner.ts';
import type { DaemonStatus } from '../../../main/daemon/status.ts';
import type { Alert } from '../../../main/shell/tray/state.ts';

/** What the tests of the shell speak of: each with the least that it needs. */

export const noon = new Date(2026, 10, 29, 12).getTime();
const since = new Date(noon - 3_600_000).toISOString();

export const owner = (more: Partial<Owner> = {}): Owner => ({
  pid: 4242,
  processStarted: '1',
  bootId: 'boot',
  host: { name: 'here', id: 'h' },
  kind: 'headless',
  version: '1.2.3',
  startedAt: since,
  startedBy: 'soloist up',
  instanceId: 'one',
  generation: 1,
  lock: '/home/daemon.lock',
  socket: '/home/daemon.sock',
  lastCrash: null,
  endedAt: null,
  ...more,
});

export const status = (
  daemon: DaemonStatus['daemon'] = { state: 'running', since, pid: 1 },
  more: Partial<DaemonStatus> = {},
): DaemonStatus => ({
  daemon,
  home: '/home',
  version: '1.2.3',
  contract: 1,
  owner: null,
  configuration: { path: '/home/soloist.yaml', problem: null, kept: null },
  health: null,
  ...more,
});

export const run = (job: string, more: Partial<RunView> = {}): RunView => ({
  id: `run-of-${job}` as RunView['id'],
  job,
  trigger: 'person',
  due: null,
  attempt: 1,
  state: 'running',
  queuedAt: since,
  startedAt: since,
  endedAt: null,
  outcome: null,
  pid: 7,
  usage: null,
  output: null,
  ...more,
});

export const ended = (job: string, outcome: Outcome, more: Partial<RunView> = {}): RunView =>
  run(job, { state: 'ended', endedAt: since, outcome, pid: null, ...more });

export const job = (name: string, more: Partial<JobView> = {}): JobView => ({
  name,
  description: null,
  tags: [],
  kind: 'triggered',
  enabled: true,
  notify: 'on-failure',
  paused: null,
  schedule: 'every hour',
  nextDue: null,
  running: [],
  queued: [],
  last: null,
  ...more,
});

export const alert = (more: Partial<Alert> = {}): Alert => ({
  id: 'a1',
  kind: 'given-up',
  job: 'sync',
  subject: null,
  run: null,
  message: 'sync was given up after 10 failures.',
  hint: null,
  count: 1,
  first: since,
  last: since,
  state: 'open',
  ...more,
});

export const check = (name: string, verdict: Check['verdict'], more: Partial<Check> = {}): Check => ({
  name,
  group: 'daemon',
  subject: null,
  verdict,
  sentence: `This is what ${name} found.`,
  remedy: null,
  ...more,
});

export const health = (more: Partial<HealthSummary> = {}): HealthSummary => ({
  verdict: 'ok',
  at: since,
  errors: 0,
  warnings: 0,
  sentence: null,
  ...more,
});
