import type { Imported } from './imported.ts';

/** What an importer is told beside the text of a file. */
export interface ImportOptions {
  /** The path of the file; undefined: what `crontab -l` printed, or standard input. */
  readonly file: string | undefined;
  /** Who will run the jobs. */
  readonly user: string;
  /** The home folder of that person, absolute. */
  readonly userFolder: string;
  /** Whether a crontab has a column of users; undefined: as it looks. */
  readonly system: boolean | undefined;
}

export interface Format {
  readonly name: string;
  readonly description: string;
  /** How many files are named: none is the crontab of the person. */
  readonly files: 'one' | 'many' | 'one-or-none';
  /** Loads the importer when it is needed. */
  readonly load: () => Promise<(text: string, options: ImportOptions) => Imported>;
}

/** What `soloist import` understands: a line for each, in the order of its help. */
export const FORMATS: readonly Format[] = [
  {
    name: 'crontab',
    description: 'your crontab, or a file of one',
    files: 'one-or-none',
    load: async () => (await import('./crontab.ts')).importCrontab,
  },
  {
    name: 'launchd',
    description: 'property lists of launchd (LaunchAgents)',
    files: 'many',
    load: async () => (await import('./launchd.ts')).importLaunchd,
  },
];
