import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { importApscheduler } from '../../../main/import/apscheduler/apscheduler.ts';
import { importCrontab } from '../../../main/import/crontab/crontab.ts';
import type { Imported } from '../../../main/import/imported.ts';
import { importLaunchd } from '../../../main/import/launchd/launchd.ts';
import { loadPm2Module } from '../../../main/import/pm2/module.ts';
import { importPm2 } from '../../../main/import/pm2/pm2.ts';
import { importSupervisor } from '../../../main/import/supervisor/supervisor.ts';

const FOLDER = resolve(import.meta.dirname, '../../fixtures/import');
/** Where the samples are taken to stand, on whichever computer the tests run. */
export const HOME = '/home/ada';
export const ENVIRONMENT = { HOME, USER: 'ada', LANG: 'de_AT.UTF-8' };

export const IMPORTERS = {
  crontab: (text: string, file: string): Imported =>
    importCrontab(text, { file, user: 'ada', userFolder: HOME }),
  launchd: (text: string, file: string): Imported => importLaunchd(text, { file, user: 'ada' }),
  pm2: (text: string, file: string): Imported =>
    importPm2(text, {
      file,
      environment: ENVIRONMENT,
      userId: 1000,
      load: () => loadPm2Module(join(FOLDER, 'pm2', basename(file))),
    }),
  supervisor: (text: string, file: string): Imported =>
    importSupervisor(text, { file, environment: ENVIRONMENT, host: 'laptop' }),
  'apscheduler-yaml': (text: string, file: string): Imported => importApscheduler(text, { file }),
} as const;

export type Format = keyof typeof IMPORTERS;
export const FORMATS = Object.keys(IMPORTERS) as Format[];

export interface Sample {
  readonly file: string;
  /** The path of the file with what is expected of it. */
  readonly expectedFile: string;
}

export function samplesOf(format: Format): Sample[] {
  const folder = join(FOLDER, format);
  return readdirSync(folder)
    .filter((name) => !name.endsWith('.expected.yaml'))
    .sort()
    .map((name) => ({
      file: join(folder, name),
      expectedFile: join(folder, `${name.replace(/(?:\.config)?\.\w+$/, '')}.expected.yaml`),
    }));
}

/** What an importer makes of a sample, as the files with what is expected say it. */
export function importedText(format: Format, { file }: Sample): string {
  const imported = IMPORTERS[format](readFileSync(file, 'utf8'), join(HOME, 'app', basename(file)));
  // Only what a file computes from its own folder knows where the samples really are.
  return JSON.parse(
    JSON.stringify(expectedForm(imported)).replaceAll(join(FOLDER, 'pm2'), join(HOME, 'app')),
  );
}

function expectedForm({ jobs, remarks, switchOff }: Imported): object {
  return {
    jobs: Object.fromEntries(jobs.map(({ name, settings }) => [name, settings])),
    remarks,
    switchOff,
  };
}

/** The jobs as a person's soloist.yaml. */
export function asConfiguration(imported: Imported): string {
  return stringify({ jobs: Object.fromEntries(imported.jobs.map(({ name, settings }) => [name, settings])) });
}
