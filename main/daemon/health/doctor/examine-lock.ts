import { momentInWords, ownerInWords } from '../../lock/already-running.ts';
import { type Fix, type Judged, modeText, warning, well, wrong } from './diagnosis.ts';
import { type InsideScene, isHeld, type Scene } from './scene.ts';

/** Whether the record tells of an owner that died without releasing its lock. */
export function isCrashed({ record, lock }: InsideScene): boolean {
  const { owner, isAlive, isForeign } = record;
  return (
    owner !== undefined && owner.endedAt === null && !isAlive && !isForeign && lock.state.kind !== 'held'
  );
}

/** How something that a dead owner left goes away: with all of it after a crash, else by itself; not while it is held. */
function removal(inside: InsideScene, path: string): Fix | null {
  if (isHeld(inside)) return null;
  const { owner } = inside.record;
  const isClearable = isCrashed(inside) && owner !== undefined && inside.lock.state.kind !== 'unusable';
  return isClearable ? { kind: 'clear-crash', pid: owner.pid } : { kind: 'remove', path };
}

/** The lock file: what it is, and who holds it. */
export function examineLock({ inside }: Scene): Judged[] {
  if (inside === undefined) return [];
  const { path, entry, state } = inside.lock;
  const { owner, isAlive, isForeign } = inside.record;
  const current = owner?.endedAt === null && !isForeign ? owner : undefined;
  switch (state.kind) {
    case 'unusable':
      return [
        wrong(
          `The lock file ${path} cannot be used: ${state.reason}.`,
          'Without it nothing keeps a second daemon away, so that none starts.',
          'Move it elsewhere; the next start makes it anew.',
          isHeld(inside) || entry === undefined || entry.kind === 'file'
            ? null
            : { kind: 'move-aside', path },
        ),
      ];
    case 'missing':
    case 'free':
      if (current !== undefined && isAlive) {
        return [
          wrong(
            `The daemon ${ownerInWords(current)} lives, and does not hold the lock file ${path}.`,
            'The file was deleted or replaced while it ran. It notices by itself within a minute and ends, unless it is stuck.',
            "Wait a minute. If it is still so, end it with 'soloist down'.",
            { kind: 'end-daemon', owner: current, process: inside.record.process },
          ),
        ];
      }
      return [
        well(
          state.kind === 'missing' ? `There is no lock file ${path} yet.` : `The lock ${path} is free.`,
          'No daemon holds this home; one can start.',
        ),
      ];
    case 'held': {
      const pids = state.holders?.map(({ pid }) => pid);
      const by = pids?.join(', ');
      const isOthers = pids !== undefined && current !== undefined && !pids.includes(current.pid);
      if (isOthers || (current !== undefined && !isAlive)) {
        return [
          wrong(
            `The lock ${path} is held by ${by === undefined ? 'another process' : `PID ${by}`}, and the owner record names PID ${current?.pid}.`,
            'Somebody put the record of another daemon there, or a child of a dead daemon has kept its lock.',
            "Look at that process; if it is a left-over, end it. Then use 'soloist up'.",
          ),
        ];
      }
      if (current === undefined && inside.answer.kind !== 'answering') {
        return [
          warning(
            `The lock ${path} is held${by === undefined ? '' : ` by PID ${by}`}, by a process that has not written who it is.`,
            'A daemon is just starting or ending, or the disk is too full for its record.',
            "Look again in some seconds; see also its log with 'soloist logs daemon'.",
          ),
        ];
      }
      return [
        well(
          `The lock ${path} is held${by === undefined ? '' : ` by PID ${by}`}.`,
          'No second daemon can start.',
        ),
      ];
    }
  }
}

/** The owner record: who holds the home, or who held it last. */
export function examineRecord({ inside }: Scene): Judged[] {
  if (inside === undefined) return [];
  const { path, entry, owner, isAlive, isForeign, lastCrash } = inside.record;
  if (entry === undefined) {
    if (inside.lock.state.kind === 'held' || inside.answer.kind === 'answering')
      return [
        wrong(
          `There is no owner record ${path}, although a daemon holds the home.`,
          'It was deleted, or the disk was full when the daemon started. Other programs cannot tell who owns the home.',
          'Free some space if the disk is full. A daemon whose record was deleted ends by itself.',
        ),
      ];
    return [well('There is no owner record.', 'No daemon has held this home yet.')];
  }
  if (owner === undefined) {
    const what =
      entry.kind === 'folder'
        ? 'a folder'
        : entry.kind === 'other'
          ? 'not a file'
          : 'not readable as a record';
    return [
      wrong(
        `The owner record ${path} is ${what}.`,
        'Nothing can be told from it: who held the home last, and whether that daemon crashed.',
        'Move it elsewhere; the next start writes it anew.',
        isHeld(inside) ? null : { kind: 'move-aside', path },
      ),
    ];
  }
  const who = `${ownerInWords(owner)}, started by ${owner.startedBy}, generation ${owner.generation}`;
  const crash =
    lastCrash === null
      ? 'No crash before it is known.'
      : `The last crash known is that of PID ${lastCrash.pid}, found ${momentInWords(lastCrash.foundAt)}.`;
  if (isForeign && owner.endedAt === null) {
    return [
      warning(
        `The home is in use on another computer: ${owner.host.name}, ${who}.`,
        'Its process cannot be seen from here, so that nothing is concluded from its silence.',
        `Stop the daemon on ${owner.host.name}. Only if it surely runs there no more, start here with 'soloist up --take-over'.`,
      ),
    ];
  }
  if (isCrashed(inside)) {
    return [
      wrong(
        `The last daemon, ${who}, is dead and had not released the home.`,
        'It crashed, was killed, or the computer lost power. Nothing stands in the way of a new start.',
        "Start it again with 'soloist up'; see what it said last with 'soloist logs daemon'.",
        inside.lock.state.kind === 'unusable' ? null : { kind: 'clear-crash', pid: owner.pid },
      ),
    ];
  }
  if (owner.endedAt !== null)
    return [
      well(
        `The last daemon, ${who}, ended ${momentInWords(owner.endedAt)}.`,
        `It released the home. ${crash}`,
      ),
    ];
  if (isAlive) return [well(`The home is held by ${who}.`, crash)];
  return [
    wrong(
      `The owner record names ${who}, which is dead, and another process holds the lock.`,
      'The record is not that of the process that holds the home.',
      'See the finding about the lock.',
    ),
  ];
}

/** `daemon.pid` must name the owner, or not be there. */
export function examinePid({ inside }: Scene): Judged[] {
  if (inside === undefined) return [];
  const { path, entry, text } = inside.pid;
  const { owner, isAlive } = inside.record;
  const current = owner?.endedAt === null && isAlive ? owner : undefined;
  if (entry === undefined) {
    if (current === undefined) return [well('There is no daemon.pid.', 'That is so while no daemon runs.')];
    return [
      warning(
        `There is no ${path}, although a daemon runs.`,
        'Only scripts that read it miss it.',
        'A daemon that is well writes it again within a minute.',
      ),
    ];
  }
  if (current !== undefined) {
    if (text === `${current.pid}\n`)
      return [well(`daemon.pid names the owner, PID ${current.pid}.`, 'Scripts may use it.')];
    return [
      warning(
        `${path} does not name the owner, PID ${current.pid}.`,
        'Somebody wrote to it. Scripts that use it would signal another process.',
        'A daemon that is well writes it again within a minute.',
      ),
    ];
  }
  if (entry.kind === 'folder')
    return [
      wrong(
        `${path} is a folder.`,
        'It may hold somebody’s things. The next start renames it.',
        'Move it elsewhere.',
        isHeld(inside) ? null : { kind: 'move-aside', path },
      ),
    ];
  const named = /^\d+$/.test(text?.trim() ?? '')
    ? ` It names PID ${text?.trim()}, which is no daemon of this home.`
    : '';
  return [
    wrong(
      `${path} was left although no daemon runs.${named}`,
      'A daemon that died had no time to remove it. Scripts that use it could signal a stranger.',
      "The next 'soloist up' replaces it.",
      removal(inside, path),
    ),
  ];
}

/** proper-lockfile's folder, which tells other computers on a network folder that the home is held. */
export function examineHostLock({ inside }: Scene): Judged[] {
  if (inside === undefined) return [];
  const { entry, foreign } = inside.hostLock;
  const [other] = foreign;
  if (other !== undefined && entry !== undefined) {
    return [
      wrong(
        `The host lock ${entry.path} is that of another computer: ${other.host.name}, PID ${other.pid}, last seen ${momentInWords(new Date(entry.modifiedMs).toISOString())}.`,
        'The home lies where several computers reach it, and that one has it. No daemon starts here meanwhile.',
        `Stop the daemon on ${other.host.name}. Only if it surely runs there no more, start here with 'soloist up --take-over'.`,
      ),
    ];
  }
  if (entry === undefined) return [well('There is no host lock.', 'No other computer has this home.')];
  if (isHeld(inside))
    return [well('The host lock is that of this computer.', 'Other computers see that the home is held.')];
  return [
    warning(
      `The host lock ${entry.path} was left by a dead daemon of this computer.`,
      'It keeps nobody away here, and other computers from starting.',
      "The next 'soloist up' clears it.",
      removal(inside, entry.path),
    ),
  ];
}

/** What was written under a temporary name and never renamed. */
export function examineStaged({ inside }: Scene): Judged[] {
  if (inside === undefined || isHeld(inside)) return [];
  if (inside.staged.length === 0)
    return [well('No temporary files were left.', 'All that was begun was finished.')];
  return inside.staged.map((entry) =>
    warning(
      `The temporary file ${entry.path} was left (mode ${modeText(entry.mode)}).`,
      'A daemon or a command died while it wrote it. It is of no use to anybody.',
      'The next start replaces it.',
      // After a crash, what follows the dead owner replaces its own files, but not all of these.
      isHeld(inside) ? null : { kind: 'remove', path: entry.path },
    ),
  );
}
