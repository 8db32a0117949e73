import { setTimeout as sleep } from 'node:timers/promises';
import type { RunProcess } from '../history/run.ts';
import { currentBootId, livingAmong } from '../process/identity.ts';
import type { Look, SeenProcess } from './processes.ts';
import { signalExactly, signalGroup } from './signals.ts';
import { findTree, identityOf, type Tree, type TreeKey } from './tree.ts';

export interface EndOptions {
  /** From SIGTERM to SIGKILL, in milliseconds. */
  readonly graceMs: number;
  readonly look: Look;
  /** Ends the grace period early when it is aborted. */
  readonly hurry?: AbortSignal;
}

/** What ending a tree came to. */
export interface EndReport {
  /** What was alive when it began, and what came while it went on. */
  readonly ended: readonly RunProcess[];
  /** What is still alive after SIGKILL: it belongs to another user, or waits in the kernel for a device. */
  readonly left: readonly RunProcess[];
}

/** How long a look for what is left waits after a signal, first and at most, in milliseconds. */
const FIRST_WAIT_MS = 4;
const LONGEST_WAIT_MS = 100;

/** How often a look is tried that the system refuses, and how long to wait in between, in milliseconds. */
const LOOK_ATTEMPTS = 5;
const LOOK_AGAIN_MS = 200;

/** How often SIGKILL is sent to what is found, at most: enough to outrun a tree that forks meanwhile. */
const KILL_ROUNDS = 60;

/**
 * Ends everything that belongs to a run: SIGTERM to all, the grace period, SIGKILL, then looks again until
 * nothing is left. Before each signal it is checked that a process is still the one that was found; the group
 * is signalled as one only while the caller knows that its number is still the run's. The run's guard is left
 * alone until SIGKILL. Rejects if the system does not list its processes.
 */
export async function endTree(
  key: TreeKey,
  isGroupHeld: () => boolean,
  options: EndOptions,
): Promise<EndReport> {
  const ended = new Map<string, RunProcess>();
  const find = async (): Promise<Tree> => {
    const seen = await lookPatiently(options.look);
    const tree = findTree({ ...key, known: [...ended.values(), ...key.known] }, seen, isGroupHeld());
    for (const member of tree.members) ended.set(nameOf(member), identityOf(member, key.leader));
    return tree;
  };

  let tree = await find();
  const deadline = performance.now() + options.graceMs;
  const isGraceOver = (): boolean => performance.now() >= deadline || options.hurry?.aborted === true;
  const signal = (members: readonly SeenProcess[], signals: readonly NodeJS.Signals[]): Promise<void> =>
    signalMembers(members, key, isGroupHeld(), signals);
  await signal(tree.members, ['SIGTERM', 'SIGCONT']);
  while (tree.members.length > 0 && !isGraceOver()) {
    await untilGone(tree, key, isGraceOver);
    const asked = new Set(ended.keys());
    tree = await find();
    // What a job starts in its group while it cleans up may finish; what turns up elsewhere was missed
    // before.
    const missed = tree.members.filter((one) => !asked.has(nameOf(one)) && one.group !== key.leader.group);
    await signal(missed, ['SIGTERM', 'SIGCONT']);
  }
  for (let round = 0; tree.members.length > 0 && round < KILL_ROUNDS; round++) {
    await signal(tree.members, ['SIGKILL']);
    await untilGone(tree, key, timePassed(LONGEST_WAIT_MS));
    tree = await find();
  }
  return { ended: [...ended.values()], left: tree.members.map((member) => identityOf(member, key.leader)) };
}

function nameOf(member: SeenProcess): string {
  return `${member.pid} ${member.started}`;
}

/** Sends signals, in order, to the group as one where it may be, and to each process elsewhere. */
async function signalMembers(
  members: readonly SeenProcess[],
  { leader }: TreeKey,
  isGroupHeld: boolean,
  signals: readonly NodeJS.Signals[],
): Promise<void> {
  const isReached = (member: SeenProcess): boolean => isGroupHeld && member.group === leader.group;
  if (members.some(isReached)) for (const signal of signals) signalGroup(leader.group, signal);
  const elsewhere = members.filter((member) => !isReached(member));
  await signalExactly(
    elsewhere.map((member) => identityOf(member, leader)),
    signals,
  );
}

/** A list of processes, also if the system is too busy to give one at once. */
async function lookPatiently(look: Look): Promise<readonly SeenProcess[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await look();
    } catch (error) {
      if (attempt === LOOK_ATTEMPTS) throw error;
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

/** Waits until none of these is alive, or until it is over. */
async function untilGone(tree: Tree, key: TreeKey, isOver: () => boolean): Promise<void> {
  let remaining = tree.members.map((member) => identityOf(member, key.leader));
  for (let wait = FIRST_WAIT_MS; !isOver(); wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    await sleep(wait);
    remaining = await livingAmong(remaining);
    if (remaining.length === 0) return;
  }
}

function timePassed(ms: number): () => boolean {
  const deadline = performance.now() + ms;
  return () => performance.now() >= deadline;
}

/**
 * Whether nothing of a run is left but its guard, now or by itself within this time (in milliseconds).
 */
export async function isEmptyWithin(
  key: TreeKey,
  isGroupHeld: () => boolean,
  waitMs: number,
  options: Omit<EndOptions, 'graceMs'>,
): Promise<boolean> {
  const isTimeOver = timePassed(waitMs);
  const isOver = (): boolean => isTimeOver() || options.hurry?.aborted === true;
  for (;;) {
    const tree = findTree(key, await lookPatiently(options.look), isGroupHeld());
    if (tree.members.length === 0) return true;
    if (isOver()) return false;
    await untilGone(tree, key, isOver);
  }
}

/**
 * Ends what an earlier daemon left of a run, its guard too. Nothing is done if the computer has been started
 * anew since: none of it can be alive.
 */
export async function endRecorded(key: TreeKey, options: EndOptions): Promise<EndReport> {
  if (key.leader.bootId !== (await currentBootId())) return { ended: [], left: [] };
  const report = await endTree(key, () => false, options);
  const { guards } = findTree(key, await lookPatiently(options.look), false);
  await signalExactly(
    guards.map((guard) => identityOf(guard, key.leader)),
    ['SIGKILL'],
  );
  return report;
}

/** The living processes of a run that an earlier daemon left, its guard not among them. */
export async function findRecorded(key: TreeKey, look: Look): Promise<readonly RunProcess[]> {
  if (key.leader.bootId !== (await currentBootId())) return [];
  return findTree(key, await lookPatiently(look), false).members.map((member) =>
    identityOf(member, key.leader),
  );
}

/**
 * Between two looks at a run that an earlier daemon left running: the system tells only parents of an end.
 */
const WATCH_INTERVAL_MS = 2_000;

/**
 * Waits for the end of a run that outlived its daemon (`orphans: keep`), however long that takes. Returns
 * early, with false, if the signal is aborted.
 */
export async function waitForRecorded(key: TreeKey, look: Look, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if ((await findRecorded(key, look)).length === 0) return true;
    await sleep(WATCH_INTERVAL_MS, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
  return false;
}
