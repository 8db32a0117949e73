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

async function main(): Promise<number> {
  const message: ActionMessage = JSON.parse(process.argv[2] ?? '');
  if (parentPort !== undefined) await new Promise<void>((resolve) => parentPort.once('message', resolve));
  const controller = new AbortController();
  // Once: a second one does what signals do of themselves.
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => controller.abort(new Error(`${signal} was sent`)));
  const context: ActionContext = {
    job: message.job,
    files: (process.env.SOLOIST_FILES ?? '').split('\n').filter((file) => file !== ''),
    watched: message.watched,
    state: message.state,
    signal: controller.signal,
    print: (line) => void process.stdout.write(`${line}\n`),
    warn: (line) => void process.stderr.write(`${line}\n`),
  };
  try {
    await run(message, context);
    return 0;
  } catch (error) {
    if (error instanceof SoloistError) {
      context.warn([error.message, error.hint].filter(Boolean).join(' '));
      return FAILED;
    }
    context.warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return FAULT;
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

void main().then((exitCode) => {
  process.exitCode = exitCode;
  // The port of a utility process would keep it alive.
  if (parentPort !== undefined) process.exit(exitCode);
});
