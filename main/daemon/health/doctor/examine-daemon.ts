import { ownerInWords } from '../../lock/already-running.ts';
import type { StrayView } from '../report.ts';
import { type Judged, modeText, warning, well, wrong } from './diagnosis.ts';
import { isCrashed } from './examine-lock.ts';
import { type InsideScene, isHeld, type OrphanScene, type Scene } from './scene.ts';
import { stateInWords } from './words.ts';

/** The daemon as it answers at its control socket. */
export function examineDaemon(scene: Scene): Judged[] {
  const { inside } = scene;
  if (inside === undefined) return [];
  const { answer, record, socket } = inside;
  switch (answer.kind) {
    case 'answering': {
      const { owner } = answer;
      const isOther = record.owner !== undefined && record.owner.instanceId !== owner.instanceId;
      if (isOther)
        return [
          wrong(
            `The daemon that answers is ${ownerInWords(owner)}, and the owner record is that of another one.`,
            'Two daemons have met in this home, or somebody changed the record.',
            "Use 'soloist down', look again, then 'soloist up'.",
          ),
        ];
      return [
        well(
          `The daemon ${stateInWords(answer.state)} with ${ownerInWords(owner)} and answers.`,
          'It is the one that holds the home.',
        ),
      ];
    }
    case 'silent': {
      const { owner, isAlive, isSuspended, process: details } = record;
      if (owner !== undefined && owner.endedAt === null && isAlive) {
        const how = isSuspended
          ? 'is suspended: it was stopped by a signal'
          : 'does not answer: it is starting, or stuck';
        const wake = isSuspended
          ? `Let it go on with 'kill -CONT ${owner.pid}', or end`
          : 'Wait some seconds, or end';
        return [
          wrong(
            `The daemon ${ownerInWords(owner)} lives and ${how}.`,
            'It starts no runs, and holds the home so that no other daemon can.',
            `${wake} it with 'soloist down' and start it again with 'soloist up'.`,
            { kind: 'end-daemon', owner, process: details },
          ),
        ];
      }
      return [silentHolder(inside) ?? foreignListener(scene, 'says nothing')];
    }
    case 'stranger':
      return [foreignListener(scene, `does not speak as Soloist does (${answer.reason})`)];
    case 'elsewhere':
      return [
        warning(
          'The daemon runs on another computer.',
          'It cannot be reached from here.',
          'See the finding about the owner record.',
        ),
      ];
    case 'crashed':
    case 'absent':
      if (socket.isListening && !isHeld(inside))
        return [foreignListener(scene, 'does not speak as Soloist does')];
      if (isHeld(inside))
        return [
          warning(
            'A daemon holds the home, and nobody answers for it yet.',
            'It is just starting or ending.',
            "Look again in some seconds with 'soloist doctor'.",
          ),
        ];
      if (isCrashed(inside))
        return [
          wrong(
            'No daemon runs: the last one crashed.',
            'Nothing becomes due.',
            "Start it again with 'soloist up'.",
          ),
        ];
      return [well('No daemon runs.', 'Nothing becomes due until one does.', "Start it with 'soloist up'.")];
  }
}

/** A daemon that holds the lock, has no record, and does not answer; undefined if nobody is known to hold it. */
function silentHolder({ lock, record }: InsideScene): Judged | undefined {
  const processes = lock.state.kind === 'held' ? (lock.state.holders ?? []) : [];
  const [first] = processes;
  if (first === undefined || record.owner?.endedAt === null) return undefined;
  return wrong(
    `PID ${first.pid} holds the home, has no owner record and does not answer.`,
    'It is a daemon that is starting, suspended or stuck, and no command can reach it.',
    `Look again in some seconds. If it is still so, end it: kill -CONT ${first.pid}; kill ${first.pid}`,
    { kind: 'end-processes', processes },
  );
}

function foreignListener({ inside }: Scene, how: string): Judged {
  const path = inside?.socket.path ?? '';
  const isFile = inside?.socket.entry !== undefined;
  return wrong(
    `Something that is no daemon of this home listens at ${path} and ${how}.`,
    'Commands of soloist take it for the daemon, and no daemon starts while it is there.',
    `Find it with 'lsof ${path}' and end it.`,
    isFile && inside !== undefined && !isHeld(inside) ? { kind: 'remove', path } : null,
  );
}

/** The control socket as a file. */
export function examineSocket({ inside }: Scene): Judged[] {
  if (inside === undefined) return [];
  const { path, entry, isListening } = inside.socket;
  if (entry === undefined) {
    if (!isListening && isHeld(inside) && inside.record.isAlive)
      return [
        wrong(
          `There is no control socket ${path}, although a daemon holds the home.`,
          'It was deleted, or the daemon is just starting. Nobody can reach the daemon.',
          "If it is still so in some seconds: 'soloist down', then 'soloist up'.",
        ),
      ];
    return [
      isListening
        ? well(`Somebody listens at ${path}.`, 'That is where commands and windows reach the daemon.')
        : well('There is no control socket.', 'That is so while no daemon runs.'),
    ];
  }
  if (isListening) {
    if ((entry.mode & 0o077) !== 0)
      return [
        wrong(
          `The control socket ${path} is open to other users (mode ${modeText(entry.mode)}).`,
          'They could control the daemon and run commands as you.',
          `Run: chmod 600 '${path}'`,
          { kind: 'tighten', path, mode: 0o600 },
        ),
      ];
    return [well(`Somebody listens at ${path}.`, 'That is where commands and windows reach the daemon.')];
  }
  if (isHeld(inside))
    return [
      wrong(
        `Nobody listens at ${path}, although a daemon holds the home.`,
        'The daemon is just starting or ending, or somebody put that file there.',
        "If it is still so in some seconds: 'soloist down', then 'soloist up'.",
      ),
    ];
  const { owner } = inside.record;
  const clears = isCrashed(inside) && owner !== undefined && inside.lock.state.kind !== 'unusable';
  return [
    wrong(
      `${path} was left although nobody listens there.`,
      'A daemon that died had no time to remove it.',
      "The next 'soloist up' replaces it.",
      entry.kind === 'folder'
        ? { kind: 'move-aside', path }
        : clears
          ? { kind: 'clear-crash', pid: owner.pid }
          : { kind: 'remove', path },
    ),
  ];
}

/** Other daemon processes of this user. The one that has the lock is none, also if nothing says who it is. */
export function examineStrays({ strays: found, inside }: Scene): Judged[] {
  const state = inside?.lock.state;
  const holders = state?.kind === 'held' ? (state.holders ?? []) : [];
  const strays = found.filter(({ pid, started }) =>
    holders.every((holder) => holder.pid !== pid || holder.started !== started),
  );
  if (strays.length === 0)
    return [well('No other daemon of Soloist was found.', 'Nothing runs twice because of one.')];
  return strays.map(strayInWords);
}

function strayInWords(stray: StrayView): Judged {
  const since = stray.since === null ? '' : `, since ${stray.since}`;
  const sentence = `PID ${stray.pid} (${stray.command}${since})`;
  const fix = { kind: 'end-processes', processes: [stray] } as const;
  switch (stray.kind) {
    case 'same-home':
      return wrong(`${sentence} is a second daemon of this home.`, 'Its jobs may run twice.', 'End it.', fix);
    case 'home-gone':
      return warning(
        `${sentence} is a daemon whose home is gone.`,
        'It should have ended by itself. Nobody sees what it does.',
        `End it: kill ${stray.pid}`,
      );
    case 'program-gone':
      return warning(
        `${sentence} is a daemon whose program is gone.`,
        'It was replaced by an update or removed while it ran, and goes on as it was.',
        'Restart it.',
      );
    case 'other-home':
      return well(
        `${sentence} is the daemon of another home${stray.home === null ? '' : `, ${stray.home}`}.`,
        'It has jobs of its own.',
      );
  }
}

/** What of runs lives although no daemon does. */
export function examineOrphans({ inside }: Scene): Judged[] {
  if (inside === undefined || isHeld(inside)) return [];
  if (inside.orphans.length === 0)
    return [well('Nothing is left of runs of earlier daemons.', 'All their processes have ended.')];
  return inside.orphans.map(orphanInWords);
}

function orphanInWords({ job, run, key, processes, graceMs, wish }: OrphanScene): Judged {
  const pids = processes.map(({ pid }) => pid).join(', ');
  const sentence = `Of ${job === undefined ? 'a run' : `${job}, run`} ${run}, ${processes.length === 1 ? 'PID' : 'PIDs'} ${pids} ${processes.length === 1 ? 'goes' : 'go'} on without a daemon.`;
  switch (wish) {
    case 'keep':
      return warning(
        sentence,
        "The job says 'orphans: keep', so that it was left alone. The next daemon follows it and does not run the job beside it.",
        `Start the daemon with 'soloist up'; 'soloist cancel ${job ?? run}' then ends it.`,
      );
    case 'unknown':
      return warning(
        sentence,
        'Whether it is to be left alone, the configuration says, which cannot be read.',
        'Mend the configuration first.',
      );
    case 'end':
      return wrong(
        sentence,
        'Its daemon died, and nobody limits or records what it does.',
        "'soloist up' ends it.",
        { kind: 'end-run', job, key, graceMs, processes },
      );
  }
}

/** Which versions are at work. */
export function examineVersions({ program, inside }: Scene): Judged[] {
  const { version, node, electron, system } = program;
  const own = `Soloist ${version} on Node ${node}${electron === undefined ? '' : ` (Electron ${electron})`}, ${system}`;
  const running = inside?.answer.kind === 'answering' ? inside.answer.version : undefined;
  if (running !== undefined && running !== version)
    return [
      warning(
        `The daemon is version ${running}, this program ${version}.`,
        'Soloist was updated while the daemon ran; it goes on as the former version.',
        "Use 'soloist restart' if the daemon is that of the command line, or quit and open the app.",
      ),
    ];
  return [
    well(
      `This is ${own}.`,
      running === undefined ? 'No daemon tells its version.' : 'The daemon has the same version.',
    ),
  ];
}
