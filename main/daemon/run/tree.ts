import type { RunProcess } from '../history/run.ts';
import type { ProcessIdentity } from '../process/identity.ts';
import { GUARD_NAME } from './guard.ts';
import type { SeenProcess } from './processes.ts';

/** What the processes of a run are known by. */
export interface TreeKey {
  /** From `runMark`. */
  readonly mark: string;
  /** The job's own process, the first of its group and session. */
  readonly leader: RunProcess;
  /** Others that were seen to be of the run, of the same boot as the leader. */
  readonly known: readonly ProcessIdentity[];
}

/** What of a run is alive. */
export interface Tree {
  readonly members: readonly SeenProcess[];
  /** The guard, and what it has started to do its work. */
  readonly guards: readonly SeenProcess[];
  /** Whether the group's number is certainly the run's, so that the group can be signalled as one. */
  readonly isGroupHeld: boolean;
}

/**
 * Finds what belongs to a run in a list of processes:
 * - its recorded processes, by PID and start time;
 * - those that carry its mark, also when they have moved to another session and lost their parent;
 * - the members of its group and session, if the number cannot have become a stranger's meanwhile;
 * - everything that descends from these.
 *
 * A process that moved away, lost its parent and cleared its environment (or wrote over it, as servers do that
 * change their title) is found only if it is among the known.
 *
 * @param isGroupHeld whether the caller knows that the group's number is still the run's
 */
export function findTree(key: TreeKey, seen: readonly SeenProcess[], isGroupHeld: boolean): Tree {
  const { leader, mark } = key;
  const others = seen.filter((process_) => process_.pid !== process.pid && process_.pid > 1);
  const recorded = new Map([...key.known, leader].map((identity) => [identity.pid, identity.processStarted]));
  const isGuard = (one: SeenProcess): boolean =>
    one.group === leader.group && one.pid !== leader.pid && one.command().includes(`${GUARD_NAME} ${mark}`);

  const guards = withDescendants(others.filter(isGuard), others);
  const proven = others.filter(
    (one) => recorded.get(one.pid) === one.started || one.mark(leader.processStarted) === mark,
  );
  const isHeld =
    isGroupHeld ||
    guards.size > 0 ||
    proven.some((one) => one.group === leader.group || one.session === leader.group);
  const companions = isHeld
    ? others.filter((one) => one.group === leader.group || one.session === leader.group)
    : [];
  const members = withDescendants([...proven, ...companions], others);
  return {
    members: [...members].filter((one) => !guards.has(one)),
    guards: [...guards],
    isGroupHeld: isHeld,
  };
}

function withDescendants(roots: readonly SeenProcess[], all: readonly SeenProcess[]): Set<SeenProcess> {
  const found = new Set(roots);
  const pids = new Set(roots.map((root) => root.pid));
  let before: number;
  do {
    before = found.size;
    for (const one of all) {
      if (!pids.has(one.parent) || found.has(one)) continue;
      found.add(one);
      pids.add(one.pid);
    }
  } while (found.size > before);
  return found;
}

/** Who a seen process is. */
export function identityOf(seen: SeenProcess, leader: ProcessIdentity): RunProcess {
  return { pid: seen.pid, processStarted: seen.started, bootId: leader.bootId, group: seen.group };
}
