import { once } from 'node:events';
import { createWriteStream, openSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type UtilityProcess, utilityProcess } from 'electron';
import {
  ACTION_FLAGS,
  type ActionMessage,
  actionProgram,
  type LaunchAction,
} from '../daemon/actions/action-message.ts';
import { identifyProcess } from '../daemon/process/identity.ts';
import { checkCommand } from '../daemon/run/command.ts';
import type { Exit, Launch, LaunchRequest } from '../daemon/run/launcher.ts';
import { startFailed } from '../daemon/run/launcher.ts';
import { MARK_VARIABLE } from '../daemon/run/mark.ts';
import { signalExactly } from '../daemon/run/signals.ts';

/** How long what a process printed may be on its way when it has ended, in milliseconds. */
const LAST_OUTPUT_MS = 10_000;

/**
 * Starts an action in a utility process of the app: a packaged Electron is no Node that could be started otherwise. It
 * waits to be told to begin, and ends with the app, however that ends.
 */
export const launchAction: LaunchAction = async (message, request) => {
  const { command, cwd, environment } = request;
  checkCommand(command, { cwd, searchPath: environment.PATH });
  const child = fork(message, request);
  const ended = new Promise<number>((resolve) => child.once('exit', resolve));
  try {
    const printed = passOn(child, request);
    const hasStarted = await Promise.race([once(child, 'spawn').then(() => true), ended.then(() => false)]);
    const identity = hasStarted && child.pid !== undefined ? await identifyProcess(child.pid) : undefined;
    if (identity === undefined)
      throw startFailed(new Error('the process of the action ended before it began'));
    const exited = ended.then(async (code) => {
      await Promise.race([printed, sleep(LAST_OUTPUT_MS, undefined, { ref: false })]);
      return exitOf(code);
    });
    return {
      // It is in the group of the app, which must never be signalled: this number is no group's.
      process: { ...identity, group: identity.pid },
      exited,
      isGroupHeld: () => false,
      go: () => child.postMessage('go'),
      async abandon() {
        await signalExactly([identity], ['SIGKILL']);
        await exited;
      },
      async dismissGuard() {},
      release() {},
    } satisfies Launch;
  } catch (error) {
    child.kill();
    throw error;
  }
};

function fork(message: ActionMessage, { cwd, environment, mark }: LaunchRequest): UtilityProcess {
  try {
    return utilityProcess.fork(actionProgram(), [JSON.stringify(message)], {
      cwd,
      env: { ...environment, PWD: cwd, [MARK_VARIABLE]: mark },
      // As Chromium takes them; as Node does, they have no effect here.
      execArgv: [`--js-flags=${ACTION_FLAGS.join(' ')}`],
      stdio: ['ignore', 'pipe', 'pipe'],
      serviceName: `Soloist: ${message.job}`,
    });
  } catch (error) {
    throw startFailed(error);
  }
}

/**
 * What it prints goes where the output of any run goes. The descriptors are the caller's: these are copies. Resolves when
 * all of it has gone there.
 */
function passOn(child: UtilityProcess, { output }: LaunchRequest): Promise<unknown> {
  const copies = [output.stdout, output.stderr].map((descriptor) =>
    createWriteStream('', { fd: openSync(`/dev/fd/${descriptor}`, 'a') }),
  );
  return Promise.all(
    copies.map((sink, index) => {
      const stream = index === 0 ? child.stdout : child.stderr;
      // The run has been ended, and nobody reads any more.
      sink.on('error', () => {});
      // Without a stream there is nothing to wait for.
      if (stream === null) sink.end();
      else passOnAll(stream, sink);
      return new Promise((resolve) => sink.once('close', () => resolve(undefined)));
    }),
  );
}

/**
 * Electron pipes the socket of the process into a stream, and takes all listeners off that stream when the process ends:
 * if the socket waits for it to be read then, it waits for ever, with what it still has to give. So it goes round it.
 */
function passOnAll(stream: NodeJS.ReadableStream, sink: NodeJS.WritableStream): void {
  stream.pipe(sink);
  stream.once('pipe', (socket: NodeJS.ReadableStream) => {
    socket.unpipe(stream as unknown as NodeJS.WritableStream);
    stream.unpipe(sink);
    socket.pipe(sink);
  });
}

/** The exit codes of an action itself; see main/action.ts. */
const ownCodes = [0, 1, 70];
/** In the status of a process that a signal has ended, the signal's number; another bit tells of a core dump. */
const SIGNAL_BITS = 0x7f;

/** Electron tells the exit code of a process that ended itself, and of another one what wait(2) said. */
function exitOf(code: number): Exit {
  if (ownCodes.includes(code)) return { kind: 'exit', code };
  const [signal] =
    Object.entries(constants.signals).find(([, number]) => number === (code & SIGNAL_BITS)) ?? [];
  return signal === undefined ? { kind: 'exit', code } : { kind: 'signal', signal: signal as NodeJS.Signals };
}
