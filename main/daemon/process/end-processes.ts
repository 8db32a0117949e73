import { setTimeout as sleep } from 'node:timers/promises';
import { signalExactly } from '../run/signals.ts';
import { descendantsOf } from './descendants.ts';
import { type ProcessDetails, processDetails } from './details.ts';
import { currentBootId, livingAmong, type ProcessIdentity } from './identity.ts';
import { type ProcessEntry, processPlatform } from './platform.ts';

/** Who a process is, as details tell it. */
type Known = Pick<ProcessDetails, 'pid' | 'started'>;

export interface EndProcessesOptions {
  /** From SIGTERM to SIGKILL, in milliseconds. */
  readonly graceMs: number;
  /** What stays, with everything below it, whatever it has in common with what is ended. */
  readonly spare?: readonly Known[];
}

/** What ending processes came to. */
export interface EndedProcesses {
  /** Those of the given ones that are gone. */
  readonly ended: readonly ProcessDetails[];
  /** What is alive all the same, of the given ones and of what is below them. */
  readonly left: readonly ProcessDetails[];
}

/** How long to wait until it is looked again whether something lives, in milliseconds. */
const LOOK_AGAIN_MS = 50;

/** How often SIGKILL is sent to what is found, and how long each time is waited for its end, in milliseconds. */
const KILL_ROUNDS = 20;
const KILL_WAIT_MS = 250;

/** Windows knows only one way to end a process. */
const ASK: readonly NodeJS.Signals[] = process.platform === 'win32' ? ['SIGTERM'] : ['SIGTERM', 'SIGCONT'];

/**
 * Ends processes and everything below each: SIGTERM, the grace period, SIGKILL. Before each signal it is checked that a
 * process is still the one that was given or found. This process, its ancestors and PID 1 are never ended, nor is
 * anything below them for their sake. Rejects if the system does not list its processes.
 */
export async function endProcesses(
  processes: readonly ProcessDetails[],
  { graceMs, spare = [] }: EndProcessesOptions,
): Promise<EndedProcesses> {
  const known = new Map<string, ProcessEntry>();
  const find = async (): Promise<readonly ProcessEntry[]> => {
    const list = endable(await processPlatform().list(), spare);
    const living = new Map(list.map((entry) => [nameOf(entry), entry]));
    for (const one of [...processes, ...known.values()]) {
      const entry = living.get(nameOf(one));
      if (entry === undefined) continue;
      for (const member of [entry, ...descendantsOf(entry.pid, list)]) known.set(nameOf(member), member);
    }
    return [...known.keys()].flatMap((name) => living.get(name) ?? []);
  };

  let found = await find();
  const deadline = performance.now() + graceMs;
  for (const asked = new Set<string>(); found.length > 0; found = await find()) {
    const unasked = found.filter((entry) => !asked.has(nameOf(entry)));
    for (const entry of unasked) asked.add(nameOf(entry));
    await signalExactly(await identities(unasked), ASK);
    if (!(await goneBy(deadline, found))) break;
  }
  for (let round = 0; found.length > 0 && round < KILL_ROUNDS; round++) {
    await signalExactly(await identities(found), ['SIGKILL']);
    await goneBy(performance.now() + KILL_WAIT_MS, found);
    found = await find();
  }
  return outcome(processes, known);
}

/** What may be ended of a list of processes. */
function endable(list: readonly ProcessEntry[], spare: readonly Known[]): readonly ProcessEntry[] {
  const byPid = new Map(list.map((entry) => [entry.pid, entry]));
  const never = new Set([0, 1]);
  for (let pid = process.pid; !never.has(pid); pid = byPid.get(pid)?.parent ?? 0) never.add(pid);
  for (const one of spare) {
    if (byPid.get(one.pid)?.started !== one.started) continue;
    for (const { pid } of [one, ...descendantsOf(one.pid, list)]) never.add(pid);
  }
  return list.filter(({ pid }) => !never.has(pid));
}

const nameOf = ({ pid, started }: Known): string => `${pid} ${started}`;

async function identities(processes: readonly Known[]): Promise<ProcessIdentity[]> {
  const bootId = await currentBootId();
  return processes.map(({ pid, started }) => ({ pid, processStarted: started, bootId }));
}

/** Waits until none of these lives; returns false if some do at that moment of the monotonic clock. */
async function goneBy(deadline: number, processes: readonly ProcessEntry[]): Promise<boolean> {
  for (let remaining = await identities(processes); ; remaining = await livingAmong(remaining)) {
    if (remaining.length === 0) return true;
    const rest = deadline - performance.now();
    if (rest <= 0) return false;
    await sleep(Math.min(LOOK_AGAIN_MS, rest));
  }
}

async function outcome(
  processes: readonly ProcessDetails[],
  known: ReadonlyMap<string, ProcessEntry>,
): Promise<EndedProcesses> {
  const entries = [...known.values()];
  const given = new Map(processes.map((one) => [nameOf(one), one]));
  const all = await identities([...given.values(), ...entries]);
  const living = new Set(
    (await livingAmong(all)).map(({ pid, processStarted }) => nameOf({ pid, started: processStarted })),
  );
  const below = entries.filter((entry) => living.has(nameOf(entry)) && !given.has(nameOf(entry)));
  return {
    ended: processes.filter((one) => !living.has(nameOf(one))),
    left: [...processes.filter((one) => living.has(nameOf(one))), ...(await processDetails(below))],
  };
}
