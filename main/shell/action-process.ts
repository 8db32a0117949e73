import { createWriteStream, openSync } from 'node:fs';
import { type UtilityProcess, utilityProcess } from 'electron';
import {
  ACTION_FLAGS,
  type ActionMessage,
  actionProgram,
  type LaunchAction,
} from '../daemon/actions/action-message.ts';
import { identifyProcess } from '../daemon/process/identity.ts';
import type { Exit, Launch, LaunchRequest } from '../daemon/run/launcher.ts';
import { startFailed } from '../daemon/run/launcher.ts';
import { MARK_VARIABLE } from '../daemon/run/mark.ts';

/**
 * Starts an action in a utility process of the app: a packaged Electron is no Node that could be started otherwise. It
 * waits to be told to begin, and ends with the app, however that ends.
 */
export const launchAction: LaunchAction = async (message, request) => {
  const child = fork(message, request);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code) => resolve({ kind: 'exit', code }));
  });
  passOn(child, request);
  const hasStarted = await Promise.race([
    new Promise<true>((resolve) => child.once('spawn', () => resolve(true))),
    exited.then(() => false),
  ]);
  const identity = hasStarted && child.pid !== undefined ? await identifyProcess(child.pid) : undefined;
  if (identity === undefined) {
    child.kill();
    throw startFailed(new Error('the process of the action ended before it began'));
  }
  return {
    // It is in the group of the app, which must never be signalled: this number is no group's.
    process: { ...identity, group: identity.pid },
    exited,
    isGroupHeld: () => false,
    go: () => child.postMessage('go'),
    async abandon() {
      child.kill();
      await exited;
    },
    async dismissGuard() {},
    release() {},
  } satisfies Launch;
};

function fork(message: ActionMessage, { cwd, environment, mark }: LaunchRequest): UtilityProcess {
  try {
    return utilityProcess.fork(actionProgram(), [JSON.stringify(message)], {
      cwd,
      env: { ...environment, PWD: cwd, [MARK_VARIABLE]: mark },
      execArgv: [...ACTION_FLAGS],
      stdio: ['ignore', 'pipe', 'pipe'],
      serviceName: `Soloist: ${message.job}`,
    });
  } catch (error) {
    throw startFailed(error);
  }
}

/** What it prints goes where the output of any run goes. The descriptors are the caller's: these are copies. */
function passOn(child: UtilityProcess, { output }: LaunchRequest): void {
  for (const [stream, descriptor] of [
    [child.stdout, output.stdout],
    [child.stderr, output.stderr],
  ] as const) {
    const copy = openSync(`/dev/fd/${descriptor}`, 'a');
    // Without a stream there is nothing to wait for.
    const sink = createWriteStream('', { fd: copy });
    // The run has been ended, and nobody reads any more.
    sink.on('error', () => {});
    if (stream === null) sink.end();
    else stream.pipe(sink);
  }
}
