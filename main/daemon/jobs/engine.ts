import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { LaunchAction } from '../actions/action-message.ts';
import { compareConfigurations } from '../config/compare.ts';
import type { Configuration, OutputPolicy } from '../config/configuration.ts';
import type { LoginEnvironment } from '../config/login-environment.ts';
import { Alerts } from '../health/alerts.ts';
import type { JobsHealth } from '../health/health.ts';
import { Hook } from '../health/hook.ts';
import { openHistory } from '../history/history.ts';
import type { RunId, Trigger } from '../history/run.ts';
import type { Owner } from '../lock/owner.ts';
import { createOutputPipes } from '../run/pipes.ts';
import { shareLooks, systemLook } from '../run/processes.ts';
import { systemClock } from '../schedule/system-clock.ts';
import type { TimerClock } from '../schedule/timer.ts';
import { type StopReason, stopReasonInWords } from '../state.ts';
import { type Undo, undoAll } from '../undo.ts';
import { Announcer } from './announcer.ts';
import { type AppliedParts, ConfiguredJobs } from './configured-jobs.ts';
import { alertView } from './details.ts';
import { Dispatcher, type Wanted } from './dispatcher.ts';
import { canPrepare, execute, prepareExecution } from './execution.ts';
import { FileTriggers } from './file-triggers.ts';
import { FirstSeen } from './first-seen.ts';
import { HeldFiles } from './held-files.ts';
import { Housekeeping } from './housekeeping.ts';
import { type DueTime, JobSchedule } from './job-schedule.ts';
import { EngineHealth } from './jobs-health.ts';
import { clearLeftOver } from './left-over.ts';
import { LEAD_MS, Preparations } from './prepared.ts';
import { Presence } from './presence.ts';
import { Records } from './records.ts';
import { Requests } from './requests.ts';
import { askLoginShell, loginVariables, runEnvironment } from './run-environment.ts';
import { Services } from './services.ts';
import type { Jobs } from './views.ts';

export interface JobsOptions {
  /** The home's real path; the history and the output of runs go there. */
  readonly home: string;
  readonly owner: Owner;
  readonly configuration: Configuration;
  readonly logger: Logger;
  /** Asked before each start; false means that the daemon is already ending itself. */
  isOwner(): boolean;
  /** Told while the jobs stop: the runs that are waited for, and when the last of them is ended by force. */
  onWaiting?(runs: number, untilMs: number): void;
  readonly clock?: TimerClock;
  /** How the process of an action is started where it cannot be a Node. */
  readonly launchAction?: LaunchAction | undefined;
  /** Tells what jobs begin with; asked once, when the first run starts. */
  readonly loginEnvironment?: () => Promise<LoginEnvironment>;
  /** How a claimed run is executed; a test that holds the clock plays it, and nothing is prepared then. */
  readonly play?: Execute;
}

type Execute = typeof execute;

export interface RunningJobs {
  readonly jobs: Jobs;
  readonly health: JobsHealth;
  /** Puts a configuration in force: only jobs that changed are touched, and runs in progress go on. */
  update(configuration: Configuration): void;
  /** To be called when the system says that it woke or that its clock was set. */
  wake(): void;
  /** Whether the clock makes a job due within so many milliseconds from now. */
  dueWithin(ms: number): boolean;
  /** Ends what a stop still waits for, without any grace. */
  hurry(): void;
  /** Starts nothing more, ends all runs and closes the history. Settles when nothing of them is left. */
  stop(reason: StopReason): Promise<void>;
}

/** The longest grace in milliseconds once another daemon may own the home. */
const HURRY_MS = 500;

/**
 * Starts the jobs of a daemon: opens the history, ends or watches what the last daemon left, then runs jobs as
 * they are due. Rejects with a `SoloistError` if the history cannot be used; nothing is left open then.
 */
export async function startJobs(options: JobsOptions): Promise<RunningJobs> {
  const { logger } = options;
  const undo: Undo[] = [];
  const onUndoError = (error: unknown): void => logger.error({ err: error }, 'the jobs did not stop cleanly');
  try {
    return await start(options, undo, onUndoError);
  } catch (error) {
    await undoAll(undo, onUndoError);
    throw error;
  }
}

async function start(
  options: JobsOptions,
  undo: Undo[],
  onUndoError: (error: unknown) => void,
): Promise<RunningJobs> {
  const { home, logger } = options;
  const isOwner = (): boolean => options.isOwner();
  const folder = join(home, 'history');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { history, created, movedAside } = openHistory(join(folder, 'history.sqlite'), {
    now: () => new Date(),
    onFlushError: (error) => logger.error({ err: error }, 'the disk did not take what was recorded'),
  });
  undo.push(() => history.close());
  for (const moved of movedAside) logger.error({ files: moved.files }, moved.reason);
  const outputs = join(home, 'runs');
  const formerly = history.outputsIn(outputs);
  if (formerly !== undefined) logger.info({ formerly, outputs }, 'the home was moved or copied');
  const pipes = await createOutputPipes(outputs);
  undo.push(() => pipes.close());

  const look = shareLooks(systemLook());
  const orphans = await clearLeftOver(options.configuration, { home, history, logger, look, isOwner });

  const presence = new Presence(join(folder, 'alive'), history, logger);
  presence.begin(Date.now());
  undo.push(() => presence.end(Date.now()));
  const clock = presence.clock(options.clock ?? systemClock);

  const announcer = new Announcer(history, logger);
  const alerts = new Alerts({
    history,
    logger,
    now: () => clock.now(),
    isHeld: (job) => parts.pauses.has(job),
    onChanged: () => announcer.alertsChanged(),
    onNews: (news, alert) => hook.tell(news, alertView(alert)),
  });
  undo.push(() => alerts.stop());
  const firstSeenFile = join(folder, 'first-seen.json');
  const warnFirstSeen = (error: unknown): void =>
    logger.warn(
      { err: error, file: firstSeenFile },
      'missed runs are not made up for: since when jobs exist is lost',
    );
  const parts: AppliedParts = {
    logger,
    history,
    // Without its history nothing is known of what was run, and nothing must be made up for.
    firstSeen: created ? FirstSeen.empty(firstSeenFile) : FirstSeen.read(firstSeenFile, warnFirstSeen),
    pauses: new Map(history.paused().map((pause) => [pause.job, pause])),
  };
  const records = new Records(history, logger, (run) => announcer.runChanged(run));
  undo.push(() => records.close());
  const keepOf = (name: string): OutputPolicy['keep'] => {
    const { jobs, output } = configured.current;
    return (jobs.get(name)?.output ?? output).keep;
  };
  const housekeeping = new Housekeeping(history, keepOf, logger);
  undo.push(() => housekeeping.stop());

  const login = loginVariables(logger, options.loginEnvironment ?? askLoginShell);
  const environment = runEnvironment(login);
  const onStarted = (run: RunId): void => {
    logger.debug({ run }, 'a run has started');
    announcer.runChanged(run);
  };
  const run = { pipes, look, launchAction: options.launchAction };
  const stoodBefore = new Set(alerts.standing().map(({ id }) => id));
  const hook = new Hook({ home, logger, run, environment: login, stoodBefore, isOwner });
  undo.push(() => hook.stop());
  const prepared = new Preparations({
    logger,
    now: () => clock.now(),
    startable(name) {
      const job = configured.current.jobs.get(name);
      const mayStart = isOwner() && configured.withheld(name) === undefined && dispatcher.wouldStart(name);
      const canBe = mayStart && options.play === undefined && job !== undefined && canPrepare(job);
      return canBe ? job : undefined;
    },
    places: () => dispatcher.places(),
    reserve: () => history.reserve(Date.now()),
    environment,
    prepare: (queued, job, variables) => prepareExecution(queued, job, [], variables, { home, run, records }),
  });
  undo.push(() => prepared.stop());
  const tools = { home, records, prepared, logger, run, environment, isOwner, onStarted };
  const dispatcher = new Dispatcher({
    history,
    records,
    logger,
    job: (name) => configured.current.jobs.get(name),
    maxConcurrent: () => configured.current.maxConcurrent,
    withheld: (name) => configured.withheld(name),
    prepared,
    execute: (run, job, words) => (options.play ?? execute)(run, job, words, tools),
    onChanged: (run) => announcer.runChanged(run),
    onWaiting: (runs, untilMs) => options.onWaiting?.(runs, untilMs),
    onEnded(run, ended, isRetried) {
      logger.info({ job: run.job, run: run.id, outcome: ended.end.outcome, isRetried }, 'a run has ended');
      housekeeping.ended(run.job);
      services.ended(run.job, ended);
      const job = configured.current.jobs.get(run.job);
      if (job !== undefined) alerts.ended(run.id, job, ended.end.outcome, isRetried);
      if (!isRetried) heldFiles.ended(run.job);
      if (ended.end.outcome.kind === 'succeeded') configured.succeeded(run);
      prepared.prepare();
    },
  });
  const arrive = configuredArrival(dispatcher);
  const services = new Services({
    logger,
    start: (job, trigger) => arrive(job, trigger),
    end: (job, reason) => dispatcher.cancel((run) => run.job === job, reason),
    has: (job) => dispatcher.has(job),
    onChanged: () => announcer.jobsChanged(),
    onGivenUp: (job, why) => alerts.givenUp(job, history.latest([job], 1).get(job)?.[0]?.id, why),
    onForgiven: (job) => alerts.forgiven(job),
  });
  const schedule = new JobSchedule({
    clock,
    firstSeen: parts.firstSeen,
    onDue(times) {
      dispatcher.arrive(times.map(wantedAt));
    },
    leadMs: LEAD_MS,
    onNear: (times) => prepared.near(times),
    onGap(fromMs, untilMs) {
      presence.asleep(fromMs, untilMs);
      alerts.woke();
    },
  });
  const heldFiles = new HeldFiles({
    job: (name) => configured.current.jobs.get(name),
    has: (name) => dispatcher.has(name),
    arrive: (name, files) => arrive(name, { kind: 'watch', files }),
  });
  const files = new FileTriggers(
    logger,
    (name, list) => heldFiles.came(name, list),
    (name, path, isThere) => alerts.folder(name, path, isThere),
  );
  undo.push(() => files.close());
  const configured = new ConfiguredJobs(options.configuration, {
    ...parts,
    dispatcher,
    services,
    schedule,
    files,
    prepared,
    arrive,
  });

  for (const { run, execution } of orphans) {
    dispatcher.watch(run, configured.current.jobs.get(run.job)?.kind === 'service', execution);
  }
  hook.configured(configured.current.onAlert);
  alerts.begin(configured.current);
  configured.begin();

  const stopStarting = (): void => {
    schedule.stop();
    services.stop();
    void prepared.stop();
  };
  const jobs = new Requests({
    history,
    dispatcher,
    schedule,
    services,
    pauses: parts.pauses,
    announcer,
    alerts,
    configuration: () => configured.current,
    onPaused: (job, by) => configured.paused(job, by),
    onResumed: (job) => configured.resumed(job),
  });
  const health = new EngineHealth({
    history,
    records,
    dispatcher,
    schedule,
    services,
    files,
    alerts,
    jobs,
    configuration: () => configured.current,
  });
  return {
    jobs,
    health,
    update(next) {
      hook.configured(next.onAlert);
      alerts.configured(next);
      const changes = compareConfigurations(configured.current, next);
      configured.update(next, changes);
      housekeeping.changed(changes.changed);
      announcer.jobsChanged();
    },
    wake: () => schedule.wake(),
    hurry: () => dispatcher.hurry('the daemon stopped at once'),
    dueWithin: (ms) => jobs.upcoming(new Date(clock.now() + ms).toISOString(), 1).length > 0,
    async stop(reason) {
      stopStarting();
      try {
        const words = `the daemon stopped ${stopReasonInWords(reason)}`;
        await dispatcher.stop(words, reason.kind === 'lock-lost' ? HURRY_MS : undefined);
      } catch (error) {
        onUndoError(error);
      }
      await undoAll(undo, onUndoError);
    },
  };
}

/** How runs come that nobody waits for: each a first attempt, without words. */
function configuredArrival(dispatcher: Dispatcher): AppliedArrive {
  return (job, trigger) => dispatcher.arrive([wantedAt({ job, trigger, skip: undefined })]);
}

function wantedAt({
  job,
  trigger,
  skip,
  before,
}: Pick<DueTime, 'job' | 'skip' | 'before'> & { trigger: Trigger }): Wanted {
  const first = { job, trigger, attempt: 1, words: [], delayMs: 0, skip };
  if (before === undefined) return first;
  return {
    ...first,
    before() {
      const time = before();
      return time === undefined ? undefined : wantedAt(time);
    },
  };
}

type AppliedArrive = ConstructorParameters<typeof ConfiguredJobs>[1]['arrive'];
