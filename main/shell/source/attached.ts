import { ask, type ValueCall } from '../../control/client.ts';
import { contract, type Emit, type Handlers } from '../../control/contract.ts';
import { SoloistError } from '../../daemon/errors.ts';

export type DaemonHandlers = Omit<Handlers, 'events'>;
export type DaemonEmit = Emit<'events'>;

/** How long another daemon may take over a call, in milliseconds. */
const CALL_MS = 10_000;
/** Calls that wait for something. */
const LONGER: Partial<Record<ValueCall, number>> = {
  restart: 60_000,
  output: 40_000,
  endGuarded: 60_000,
  endStrays: 60_000,
};

/** The contract, answered by another daemon at the socket that is there when a call comes. */
export function attachedHandlers(socket: () => string): DaemonHandlers {
  const names = Object.keys(contract).filter((name): name is ValueCall => name !== 'events');
  const handler = (name: ValueCall) => async (input: object) => {
    const answer: unknown = await ask<ValueCall>(socket(), name, LONGER[name] ?? CALL_MS, input as never);
    // It may be of another version.
    const parsed = contract[name].answer.schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new SoloistError(
      {
        code: 'unknown-answer',
        message: `The other daemon answered '${name}' in a way that this version does not know.`,
        hint: 'It may be of another version: update both, or stop it and start the daemon here.',
      },
      { cause: parsed.error },
    );
  };
  return Object.fromEntries(names.map((name) => [name, handler(name)])) as unknown as DaemonHandlers;
}

/** Hands an event of another daemon on if it is one that this version knows; returns whether it was. */
export function passOn(emit: DaemonEmit, event: string, data: unknown): boolean {
  const schemas = contract.events.answer.events;
  if (!Object.hasOwn(schemas, event)) return false;
  const name = event as keyof typeof schemas;
  const parsed = schemas[name].safeParse(data);
  if (parsed.success) (emit as (event: string, data: unknown) => void)(name, parsed.data);
  return parsed.success;
}
