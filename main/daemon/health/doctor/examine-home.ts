import { basename, dirname, join } from 'node:path';
import { type Judged, modeText, warning, well, wrong } from './diagnosis.ts';
import { type Entry, isHeld, type Scene } from './scene.ts';

/** What others may do by a mode: write as a member of the group, or as anybody. */
const OTHERS_WRITE = 0o022;

/** The home: is it a folder of this user's in which nobody else can write? */
export function examineHome({ home, path, program }: Scene): Judged[] {
  switch (home.kind) {
    case 'missing':
      return [
        well(
          `There is no home ${path} yet.`,
          'No daemon was ever started with it. It is made at the first start.',
        ),
      ];
    case 'hangs':
      return [
        wrong(
          `The home ${path} does not answer.`,
          'It lies on a disk or a network folder that is not there now, and whoever looks into it waits. Nothing more can be said about it.',
          'Connect that disk or network folder again, or choose another home with --home.',
        ),
      ];
    case 'unusable':
      return [wrong(home.message, 'No daemon can start with it.', home.hint)];
    case 'folder':
      break;
  }
  const { entry, isLink } = home;
  const where = isLink ? `${path} (a link to ${entry.path})` : path;
  if (program.user !== undefined && entry.user !== program.user) {
    return [
      wrong(
        `The home ${where} belongs to another user (uid ${entry.user}, not ${program.user}).`,
        'Commands are run from it, so that no daemon starts with it.',
        'Run soloist as the user whose home it is, without sudo, or choose another folder with --home.',
      ),
    ];
  }
  if (program.user !== undefined && (entry.mode & OTHERS_WRITE) !== 0) {
    return [
      wrong(
        `The home ${where} can be written by other users (mode ${modeText(entry.mode)}).`,
        'Commands are run from it, so that others could run theirs as you. No daemon starts with it.',
        `See that nothing in it is a stranger's, then run: chmod go-w '${entry.path}'`,
        { kind: 'tighten', path: entry.path, mode: entry.mode & ~OTHERS_WRITE },
      ),
    ];
  }
  const mode = program.user === undefined ? '' : ` (mode ${modeText(entry.mode)})`;
  return [well(`The home ${where} is a folder of yours${mode}.`, 'Only you can write to it.')];
}

/** Which kind of thing must stand at a name of the home, where Soloist does not put it right by itself. */
const FOLDERS: readonly string[] = ['history', 'runs', 'logs'];

/** What lies in the home: whose it is, who may write to it, and whether it is what it should be. */
export function examinePermissions({ inside, home, program }: Scene): Judged[] {
  if (inside === undefined || home.kind !== 'folder') return [];
  const found: Judged[] = [];
  const root = home.entry.path;
  for (const entry of inside.entries) {
    if (dirname(entry.path) === root && FOLDERS.includes(basename(entry.path)) && entry.kind !== 'folder')
      found.push(notAFolder(entry, isHeld(inside)));
    // The control socket has a finding of its own.
    if (program.user === undefined || entry.kind === 'link' || entry.path === inside.socket.path) continue;
    if (entry.user !== program.user) found.push(ofAnother(entry, program.user));
    else if ((entry.mode & OTHERS_WRITE) !== 0) found.push(writable(entry));
  }
  for (const { path, reason } of inside.unwritable) {
    found.push(
      wrong(
        `You may not write to ${path}: ${reason}.`,
        'The daemon can do its work there only in part, or not start at all.',
        `Mend that, such as with: chmod u+rwX '${path}'`,
      ),
    );
  }
  if (found.length > 0) return shortened(found);
  return [
    well(
      `All ${inside.entries.length} files and folders of Soloist in the home are yours.`,
      'You can write to them, and nobody else can.',
    ),
  ];
}

/** Ten that are alike say what a thousand do. */
const MOST = 10;

function shortened(found: readonly Judged[]): Judged[] {
  const rest = found.slice(MOST);
  if (rest.length === 0) return [...found];
  const more = wrong(
    `${rest.length} more files or folders have the same trouble.`,
    'They are not listed one by one.',
    `Mend those above, and look again: 'soloist doctor' shows what is left.`,
  );
  return [...found.slice(0, MOST), more];
}

function notAFolder(entry: Entry, held: boolean): Judged {
  return wrong(
    `${entry.path} is not a folder.`,
    'The daemon keeps its files there and cannot make that folder.',
    'Move it elsewhere.',
    held ? null : { kind: 'move-aside', path: entry.path },
  );
}

function ofAnother({ path, user }: Entry, own: number): Judged {
  return wrong(
    `${path} belongs to another user (uid ${user}, not ${own}).`,
    'It was probably made by a start with sudo. The daemon may not be able to use it, and its owner can change it.',
    `Make it yours: sudo chown -R ${own} '${path}'`,
  );
}

function writable(entry: Entry): Judged {
  return wrong(
    `${entry.path} can be written by other users (mode ${modeText(entry.mode)}).`,
    'They could change what the daemon goes by.',
    `Run: chmod go-w '${entry.path}'`,
    { kind: 'tighten', path: entry.path, mode: entry.mode & ~OTHERS_WRITE },
  );
}

const LITTLE_BYTES = 100_000_000;
const NO_BYTES = 1_000_000;
const LITTLE_FILES = 1_000;

/** The disk: is there room for what the daemon writes? */
export function examineSpace({ inside }: Scene): Judged[] {
  if (inside?.space === undefined) return [];
  const { freeBytes, freeFiles } = inside.space;
  const megabytes = `${Math.floor(freeBytes / 1_000_000)} MB`;
  const advice = 'Free some space on that disk.';
  if (freeBytes < NO_BYTES)
    return [
      wrong(
        'The disk of the home is full.',
        'Runs can neither be recorded nor keep what they print.',
        advice,
      ),
    ];
  if (freeFiles === 0)
    return [
      wrong(
        'The disk of the home takes no more files, although it has room.',
        'Its file system has used up its inodes: nothing new can be made.',
        'Remove files that are not needed; usually one folder has millions of small ones.',
      ),
    ];
  if (freeBytes < LITTLE_BYTES)
    return [warning(`The disk of the home has ${megabytes} left.`, 'It will be full soon.', advice)];
  if (freeFiles !== undefined && freeFiles < LITTLE_FILES)
    return [
      warning(`The disk of the home takes ${freeFiles} more files only.`, 'It will be full soon.', advice),
    ];
  return [well(`The disk of the home has ${megabytes} left.`, 'That is enough.')];
}

/** The clock: times of the history and the log must not lie ahead. */
export function examineClock({ inside, atMs }: Scene): Judged[] {
  if (inside === undefined) return [];
  const { history, record, log } = inside;
  const times = [
    history.kind === 'read' ? history.lastMs : undefined,
    log.latestMs,
    record.owner === undefined ? undefined : Date.parse(record.owner.startedAt),
  ];
  const last = Math.max(...times.map((time) => time ?? Number.NEGATIVE_INFINITY));
  // Clocks are set by a little all the time.
  const SLACK_MS = 60_000;
  if (last <= atMs + SLACK_MS)
    return [
      well(`The clock shows ${new Date(atMs).toISOString()}.`, 'Nothing was recorded later than that.'),
    ];
  return [
    warning(
      `The clock shows ${new Date(atMs).toISOString()}, which is before what was recorded at ${new Date(last).toISOString()}.`,
      'It was set back, or it was ahead then. Due times that were claimed in that time do not run again.',
      `See that date and time of this computer are right; its time server sets them. Files: ${join(log.folder, 'daemon-*.log')}`,
    ),
  ];
}
