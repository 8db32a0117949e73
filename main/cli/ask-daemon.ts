import { ask, type InputArgument, type ValueCall } from '../control/client.ts';
import type { Handlers } from '../control/contract.ts';
import { contractDifference } from '../control/contract-version.ts';
import { findDaemon } from '../control/find-daemon.ts';
import { SoloistError } from '../daemon/errors.ts';
import type { CommandContext } from './command.ts';

/** How long the daemon may take over a call that waits for nothing, in milliseconds. */
const CALL_MS = 10_000;

/**
 * Where the daemon of a home answers. Throws a `SoloistError` that says how it stands if there is none that does.
 */
export async function daemonSocket({ home }: CommandContext): Promise<string> {
  const finding = await findDaemon(home);
  switch (finding.kind) {
    case 'answering': {
      const difference = contractDifference(finding.owner, finding.status, 'the command line');
      if (difference !== undefined) throw difference;
      return finding.owner.socket;
    }
    case 'absent':
    case 'crashed':
      throw new SoloistError({
        code: 'not-running',
        message: `No daemon is running in ${home}.`,
        hint: "Start it with 'soloist up'.",
      });
    case 'elsewhere':
      throw new SoloistError({
        code: 'held-by-another-host',
        message: `The daemon runs on another computer: ${finding.owner.host.name}, PID ${finding.owner.pid}.`,
        hint: 'Use this command there.',
      });
    case 'silent':
      throw new SoloistError({
        code: 'not-answering',
        message: 'The daemon does not answer.',
        hint: "It is starting, suspended or stuck. End it with 'soloist down', by force if it must be.",
      });
  }
}

/**
 * Asks the daemon of a home. `timeout` is in milliseconds. Throws a `SoloistError` if there is none, and what it
 * refuses with.
 */
export async function askDaemon<Name extends ValueCall>(
  context: CommandContext,
  name: Name,
  input: InputArgument<Name>,
  timeout: number = CALL_MS,
): Promise<Awaited<ReturnType<Handlers[Name]>>> {
  return ask(await daemonSocket(context), name, timeout, ...input);
}
