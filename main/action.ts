import type { ActionContext } from './daemon/actions/action.ts';
import type { ActionMessage } from './daemon/actions/action-message.ts';
import { SoloistError } from './daemon/errors.ts';

/*
 * The process of an action: what to do is its one argument. In the app it is a utility process, which has to be told when to
 * begin; otherwise whoever starts it lets it begin.
 */

const FAILED = 1;
/** EX_SOFTWARE of sysexits.h: a fault of Soloist. */
const FAULT = 70;

/** Electron's way for a utility process to be spoken to; undefined in Node. */
const parentPort = (process as { parentPort?: { once(event: 'message', listener: () => void): void } })
  .parentPort;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const warn = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const message: ActionMessage = JSON.parse(process.argv[2] ?? '');
  if (parentPort !== undefined) await new Promise<void>((resolve) => parentPort.once('message', resolve));
  const controller = new AbortController();
  const { signal } = controller;
  // Once: a second one does what signals do of themselves.
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.once(name, () => controller.abort(new RunEnded(name)));
  const files = (process.env.SOLOIST_FILES ?? '').split('\n').filter((file) => file !== '');
  const { job, watched, state } = message;
  await run(message, { job, files, watched, state, signal, print, warn });
}

/** Why the signal of an action is aborted. */
class RunEnded extends SoloistError {
  constructor(signal: string) {
    super({ code: 'run-ended', message: `The run was ended (${signal}).` });
  }
}

/** Loads only the action that is wanted. */
async function run({ command }: ActionMessage, context: ActionContext): Promise<void> {
  switch (command.action) {
    case 'screenshots': {
      const { screenshots } = await import('./daemon/actions/screenshots/index.ts');
      return screenshots(command.settings, context);
    }
    case 'links': {
      const { links } = await import('./daemon/actions/links/index.ts');
      return links(command.settings, context);
    }
  }
}

/** What a person can mend is said in words, anything else with its stack. */
function fail(thrown: unknown): void {
  // Node's own functions wrap why they were aborted.
  const error = thrown instanceof Error && thrown.cause instanceof RunEnded ? thrown.cause : thrown;
  if (error instanceof SoloistError) {
    warn([error.message, error.hint].filter(Boolean).join(' '));
    end(FAILED);
  } else {
    warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
    end(FAULT);
  }
}

/** Ends when all that was printed is on its way: what still holds the process open has nothing to do any more. */
function end(exitCode: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
}

for (const fault of ['uncaughtException', 'unhandledRejection'] as const) process.on(fault, fail);
// Nobody reads any more, so that there is nobody to print for either.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(FAULT));
main().then(() => end(0), fail);
