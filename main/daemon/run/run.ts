import { type SoloistError, systemErrorCode } from '../errors.ts';
import type { RunProcess } from '../history/run.ts';
import { ActiveRun, type RunRequest, type RunTools } from './active-run.ts';
import { type Capture, captureInFile, captureThroughPipes } from './capture.ts';
import { type Launch, launch, startFailed } from './launcher.ts';
import type { RunOutcome } from './outcome.ts';
import { jobsUnsupported } from './unsupported.ts';
import { UsageMeter } from './usage.ts';

/** A run whose process waits at the gate and has done nothing yet. */
export interface PreparedRun {
  /** The job's own process; to be recorded before `go`. */
  readonly process: RunProcess;
  /** Lets the job begin. */
  go(): ActiveRun;
  /** The job never ran. */
  abandon(): Promise<void>;
}

/**
 * Starts a run up to the point at which its command would begin. Done a moment before a run is due, it takes
 * the time for starting processes out of the run's lateness. Throws a `SoloistError` if the command cannot
 * start.
 */
export async function prepareRun(request: RunRequest, tools: RunTools): Promise<PreparedRun> {
  if (process.platform === 'win32') throw jobsUnsupported();
  const meter = new UsageMeter();
  const capture = await captureFor(request, tools, meter).catch((error: unknown) => {
    throw systemErrorCode(error) === undefined ? error : startFailed(error);
  });
  let launched: Launch;
  try {
    const { action } = request;
    const wanted = { ...request, output: capture.descriptors };
    launched =
      action !== undefined && tools.launchAction !== undefined
        ? await tools.launchAction(action, wanted)
        : await launch(wanted);
  } catch (error) {
    await capture.discard();
    throw error;
  }
  meter.watch([launched.process.pid]);
  return {
    process: launched.process,
    go() {
      launched.go();
      capture.begin();
      return new ActiveRun(request, tools, launched, capture, meter);
    },
    async abandon() {
      await launched.abandon();
      await capture.discard();
    },
  };
}

/** A run that outlives its daemon writes its file itself; any other writes to the daemon. */
async function captureFor(request: RunRequest, tools: RunTools, meter: UsageMeter): Promise<Capture> {
  switch (request.orphans) {
    case 'keep':
      return captureInFile(request.output);
    case 'end':
      return captureThroughPipes(request.output, tools.pipes, {
        arrived(part) {
          meter.sampleIfDue();
          request.observe({ kind: 'output', ...part });
        },
        // Most often the process has just ended and not been reaped: the last moment, and the best, to read
        // its usage.
        closed: () => meter.sample(),
      });
  }
}

/**
 * Lets a prepared run begin. The job does nothing before `record` has written its process down; if that fails,
 * the job never runs and the failure is thrown.
 */
export async function beginRun(
  prepared: PreparedRun,
  record: (process: RunProcess) => void | Promise<void>,
): Promise<ActiveRun> {
  try {
    await record(prepared.process);
  } catch (error) {
    await prepared.abandon();
    throw error;
  }
  return prepared.go();
}

/** The outcome of a run whose command could not start. */
export function notStarted(error: SoloistError): RunOutcome {
  return { kind: 'failed', cause: { kind: 'not-started', reason: error.message } };
}
