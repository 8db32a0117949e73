import { positionText } from '../../config/problems.ts';
import { momentInWords } from '../../lock/already-running.ts';
import { type Judged, modeText, warning, well, wrong } from './diagnosis.ts';
import type { Scene } from './scene.ts';

const OTHERS_WRITE = 0o022;
/** Where anybody may make files, and only remove their own. */
const STICKY = 0o1000;
const MOST_PROBLEMS = 5;

/** The configuration: what it comes to, and who may change it. */
export function examineConfiguration(scene: Scene): Judged[] {
  return [content(scene), ...permissions(scene), ...inForce(scene)].flat();
}

function content({ configuration }: Scene): Judged[] {
  const { path } = configuration;
  switch (configuration.kind) {
    case 'missing':
      return [
        warning(
          `There is no configuration ${path}.`,
          'Without one there are no jobs.',
          "'soloist init' writes a first one; --config names another file.",
        ),
      ];
    case 'hangs':
      return [
        wrong(
          `The configuration ${path} does not answer.`,
          'It lies on a disk or a network folder that is not there now.',
          'Connect it again, or name another file with --config.',
        ),
      ];
    case 'unreadable':
      return [
        wrong(
          `The configuration ${path} cannot be read: ${configuration.reason}.`,
          'No daemon can start with it.',
          'Mend that, or name another file with --config.',
        ),
      ];
    case 'broken': {
      const { problems } = configuration;
      const more = problems.length - MOST_PROBLEMS;
      return problems.slice(0, MOST_PROBLEMS).map((problem, index) => {
        const added = index === MOST_PROBLEMS - 1 && more > 0 ? ` (and ${more} more)` : '';
        return wrong(
          `${positionText(problem)}: ${problem.message}${added}`,
          'The configuration cannot be used as it is: no daemon starts with it, and one that runs keeps the former.',
          "Mend the file; 'soloist config check' shows every problem with its line.",
        );
      });
    }
    case 'usable': {
      const { jobs } = configuration.configuration;
      const warnings = configuration.warnings
        .slice(0, MOST_PROBLEMS)
        .map((problem) =>
          warning(
            `${positionText(problem)}: ${problem.message}`,
            'The configuration can be used, but this may not be what was meant.',
            "'soloist config check' shows every warning with its line.",
          ),
        );
      const count = jobs.size === 1 ? '1 job' : `${jobs.size} jobs`;
      return [
        well(`The configuration ${path} can be used (${count}).`, 'It was read and checked now.'),
        ...warnings,
      ];
    }
  }
}

function permissions({ configuration, program, home }: Scene): Judged[] {
  const { entry, folder } = configuration;
  const found: Judged[] = [];
  if (program.user === undefined) return found;
  const meaning = 'They could have their commands run as you.';
  if (entry !== undefined && entry.kind !== 'link' && (entry.mode & OTHERS_WRITE) !== 0)
    found.push(
      wrong(
        `The configuration ${entry.path} can be written by other users (mode ${modeText(entry.mode)}).`,
        meaning,
        `See that nothing in it is a stranger's, then run: chmod go-w '${entry.path}'`,
        entry.user === program.user && entry.kind === 'file'
          ? { kind: 'tighten', path: entry.path, mode: entry.mode & ~OTHERS_WRITE }
          : null,
      ),
    );
  if (entry !== undefined && entry.user !== program.user && entry.user !== 0)
    found.push(
      wrong(
        `The configuration ${entry.path} belongs to another user (uid ${entry.user}).`,
        meaning,
        `Make it yours: sudo chown ${program.user} '${entry.path}'`,
      ),
    );
  // The home has a finding of its own.
  const isHome = home.kind === 'folder' && home.entry.path === folder?.path;
  if (
    folder !== undefined &&
    !isHome &&
    entry !== undefined &&
    (folder.mode & OTHERS_WRITE) !== 0 &&
    (folder.mode & STICKY) === 0
  )
    found.push(
      warning(
        `The folder ${folder.path} of the configuration can be written by other users (mode ${modeText(folder.mode)}).`,
        'They could put another file in its place.',
        `Run: chmod go-w '${folder.path}'`,
      ),
    );
  return found;
}

/** A daemon that runs may go by a former configuration. */
function inForce({ inside }: Scene): Judged[] {
  const problem = inside?.answer.kind === 'answering' ? inside.answer.problem : null;
  if (problem === null || problem === undefined) return [];
  return [
    wrong(
      `The daemon goes by the former configuration: ${problem.message}`,
      'What was changed since is not in force.',
      problem.hint ?? 'Mend the file; it is read again as soon as it is saved.',
    ),
  ];
}

/** The environment as jobs see it, and what they would not find in it. */
export function examineEnvironment({ environment }: Scene): Judged[] {
  const { login, jobs, folders } = environment;
  const path = login.variables.PATH ?? login.variables.Path;
  const found: Judged[] = [];
  if (login.kind === 'own')
    found.push(
      warning(
        `The environment of your login shell could not be read: ${login.reason}`,
        'Jobs get the environment that the daemon was started with, which may lack what your shell sets.',
        'Look at the start-up files of your shell, or set what jobs need under env.',
      ),
    );
  else
    found.push(
      well(
        login.kind === 'login'
          ? `Your login shell ${login.shell} tells its environment.`
          : 'Jobs get your environment.',
        `Jobs look for programs in: ${path ?? 'the folders of the system (PATH is not set)'}`,
      ),
    );
  for (const { job, message, hint } of jobs)
    found.push(wrong(`${job} could not start: ${message}`, 'Each of its runs fails.', hint));
  for (const { job, path, presence } of folders) {
    if (presence === 'hangs')
      found.push(
        wrong(
          `The folder ${path}, which ${job} names, does not answer.`,
          'It lies on a disk or a network folder that is not there now; whoever uses it waits.',
          'Connect it again.',
        ),
      );
    else if (presence === 'missing')
      found.push(
        wrong(
          `The folder ${path}, which ${job} names, is not there.`,
          'A job whose folder is missing cannot start; one that watches it is not told of files.',
          'Make the folder, or change the job.',
        ),
      );
  }
  return found;
}

/** What starts Soloist at login. */
export function examineLoginItem({ loginItem }: Scene): Judged[] {
  switch (loginItem.kind) {
    case 'app-tells':
      return [well('Whether Soloist starts at login, only the app can tell.', 'See its settings.')];
    case 'none':
      return [well('Soloist does not start at login.', 'The settings of the app can have it start then.')];
    case 'entry': {
      const { path, isEnabled, missing } = loginItem;
      if (missing !== undefined)
        return [
          (isEnabled ? wrong : warning)(
            `The autostart entry ${path} names ${missing}, which is not there.`,
            'Soloist was moved or removed since: at login nothing starts.',
            'Switch Start at login off and on in the settings of the app, or delete that file.',
          ),
        ];
      if (!isEnabled)
        return [well(`The autostart entry ${path} is switched off.`, 'Soloist does not start at login.')];
      return [well(`Soloist starts at login, by ${path}.`, 'Its program is there.')];
    }
  }
}

/** What the log says of the last hour. */
export function examineLog({ inside }: Scene): Judged[] {
  if (inside === undefined) return [];
  const { errors, last } = inside.log;
  const latest =
    last === undefined
      ? 'There is no error in what is kept of the log.'
      : `The last error was at ${momentInWords(new Date(last.atMs).toISOString())}: ${last.message}`;
  if (errors === 0) return [well("The daemon's log has no error of the last hour.", latest)];
  return [
    warning(
      `The daemon's log has ${errors === 1 ? 'an error' : `${errors} errors`} of the last hour.`,
      latest,
      "Read it with 'soloist logs daemon'.",
    ),
  ];
}
