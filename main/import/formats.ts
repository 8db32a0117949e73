import { join } from 'node:path';
import { SoloistError } from '../daemon/errors.ts';
import type { Imported } from './imported.ts';

/** What an importer is told beside the text of a file. */
export interface ImportOptions {
  /** The path of the file; undefined: what `crontab -l` printed, or standard input. */
  readonly file: string | undefined;
  /** Who will run the jobs. */
  readonly user: string;
  /** The number of that account; undefined where there is none. */
  readonly userId: number | undefined;
  /** The home folder of that person, absolute. */
  readonly userFolder: string;
  /** Whether a crontab has a column of users; undefined: as it looks. */
  readonly system: boolean | undefined;
  /** Whether a file that is a program may be run to know what it says. */
  readonly runFile: boolean;
  /** The folder of whoever imports it, absolute. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

type Importer = (text: string, options: ImportOptions) => Imported;

export interface Format {
  readonly name: string;
  readonly description: string;
  /** How many files are named: none is the crontab of the person. */
  readonly files: 'one' | 'many' | 'one-or-none';
  /** Loads the importer when it is needed. */
  readonly load: () => Promise<Importer>;
  /** Options of the command beside those that all formats have. */
  readonly options?: readonly (readonly [flag: string, description: string])[];
}

/** What `soloist import` understands: a line for each, in the order of its help. */
export const FORMATS: readonly Format[] = [
  {
    name: 'crontab',
    description: 'your crontab, or a file of one',
    files: 'one-or-none',
    load: async () => (await import('./crontab/crontab.ts')).importCrontab,
    options: [['--system', 'each entry names a user, as in /etc/crontab (default: as the file looks)']],
  },
  {
    name: 'launchd',
    description: 'property lists of launchd (LaunchAgents)',
    files: 'many',
    load: async () => (await import('./launchd/launchd.ts')).importLaunchd,
  },
  {
    name: 'pm2',
    description: 'an ecosystem file of pm2, or the dump.pm2 of "pm2 save"',
    files: 'one',
    load: loadPm2,
    options: [['--run-file', 'run the file to know what it says, as pm2 does, if it is JavaScript']],
  },
  {
    name: 'supervisor',
    description: 'a supervisord.conf, or a file that it includes',
    files: 'one',
    load: async () => {
      const { importSupervisor } = await import('./supervisor/supervisor.ts');
      return (text, options) => importSupervisor(text, { ...options, file: pathOf(options) });
    },
  },
  {
    name: 'apscheduler-yaml',
    description: 'a YAML file with jobs for APScheduler',
    files: 'one',
    load: async () => {
      const { importApscheduler } = await import('./apscheduler/apscheduler.ts');
      return (text, options) => importApscheduler(text, { file: pathOf(options) });
    },
  },
];

/** Relative paths in what comes from standard input begin in the folder of whoever imports it. */
const pathOf = ({ file, folder }: ImportOptions): string => file ?? join(folder, 'standard-input');

async function loadPm2(): Promise<Importer> {
  const { importPm2 } = await import('./pm2/pm2.ts');
  const { isProgramFile, loadPm2Module } = await import('./pm2/module.ts');
  return (text, options) =>
    importPm2(text, {
      file: pathOf(options),
      environment: options.environment,
      user: options.user,
      userId: options.userId,
      isProgram: isProgramFile,
      load: options.runFile ? loadPm2Module : refuseToRun,
    });
}

function refuseToRun(file: string): never {
  throw new SoloistError({
    code: 'import-unreadable',
    message: `${file} is JavaScript, which has to be run to know what it says.`,
    hint: 'With --run-file it is run, as pm2 does it; or import ~/.pm2/dump.pm2, which "pm2 save" writes.',
  });
}
