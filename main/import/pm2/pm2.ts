import { dirname, resolve } from 'node:path';
import { SoloistError } from '../../daemon/errors.ts';
import { shellWord } from '../../daemon/shell-word.ts';
import { leaveForeign, listed } from '../account.ts';
import { gatherer } from '../gather.ts';
import type { Imported } from '../imported.ts';
import { isMapping, shown } from '../values.ts';
import { type AppContext, type ImportedApp, importApp } from './app.ts';
import { readPm2Text } from './text.ts';

export interface Pm2Options {
  /** The file's path, as absolute as it is known: pm2's relative paths are taken to begin in its folder. */
  readonly file: string;
  /** The environment of the import. What `pm2 save` has saved of the same is not carried over. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Who will run the jobs. */
  readonly user?: string;
  /** The number of that account. */
  readonly userId?: number | undefined;
  /** Gives what a JavaScript file exports, which runs it (`loadPm2Module`). Without it such files are refused. */
  readonly load?: (file: string) => unknown;
  /** Whether a file is a program and no script (`isProgramFile`); undefined where that is not known. */
  readonly isProgram?: (path: string) => boolean | undefined;
}

/**
 * Makes jobs of an ecosystem file of pm2 (JSON, YAML or JavaScript), of a process.json, or of the dump.pm2 that `pm2 save`
 * writes. Throws a `SoloistError` where the text is none of these.
 */
export function importPm2(text: string, options: Pm2Options): Imported {
  const {
    file,
    environment = {},
    user = environment.USER,
    userId,
    load = refuseToRun,
    isProgram = () => undefined,
  } = options;
  const read = readPm2Text(text, file, load);
  const gathered = gatherer();
  const made: ImportedApp[] = [];
  const clusters = new Set<string>();
  const context: AppContext = {
    gathered,
    isDump: read.isDump,
    folder: resolve(dirname(file)),
    environment,
    user,
    userId,
    isProgram,
  };
  for (const [index, app] of read.apps.entries()) {
    const lineOf = (key?: string) => read.lineOf(index, key);
    if (!isMapping(app)) {
      const why = 'An app of pm2 is a mapping with "script"; this is none.';
      gathered.remark({ line: lineOf(), what: shown(app), kind: 'left-out', why });
      continue;
    }
    const imported = importApp(app, { ...context, lineOf, clusters });
    if (imported !== undefined) made.push(imported);
  }
  for (const key of read.rest) {
    const line = read.lineOfRest(key);
    gathered.remark({ line, what: key, kind: 'left-out', why: REST[key] ?? 'pm2 does not know this key.' });
  }
  const changed = (what: string, why: string) =>
    gathered.remark({ line: undefined, what, kind: 'changed', why });
  if (made.length > 0) changed('SIGINT', SIGNAL);
  if (made.some(({ takesFolder }) => takesFolder)) changed('cwd', FOLDER);
  if (!read.isDump && /\bprocess\.env\b/.test(text)) changed('process.env', EVALUATED);
  return gathered.done(made.length === 0 ? [] : switchOff(made));
}

const SIGNAL =
  'pm2 asks a process to end by SIGINT, Soloist by SIGTERM: a program that cleans up on SIGINT must do so on SIGTERM too.';
const FOLDER =
  'pm2 starts relative paths where `pm2 start` was called; here that is taken to be the folder of the file.';
const EVALUATED =
  'What the file takes from process.env was looked up once, during this import; under pm2 it was at each start.';

const REST: Readonly<Record<string, string>> = {
  deploy: 'Soloist does not deploy; `pm2 deploy` goes on working without it.',
  module_conf: "It is for pm2's own modules, which are not there any more.",
};

function refuseToRun(file: string): never {
  throw new SoloistError({
    code: 'import-unreadable',
    message: `${file} is JavaScript, which has to be run to know what it says.`,
    hint: 'Save what it exports as JSON and import that.',
  });
}

function switchOff(apps: readonly ImportedApp[]): string[] {
  const foreign = apps.filter(({ isForeign }) => isForeign);
  const own = foreign.length === apps.length ? apps : apps.filter(({ isForeign }) => !isForeign);
  const namesOf = (some: readonly ImportedApp[]) => [...new Set(some.map(({ pm2Name }) => pm2Name))];
  const known = namesOf(own).map(shellWord).join(' ');
  return [
    ...(foreign.length === 0 ? [] : [leaveForeign(listed(namesOf(foreign)), 'pm2')]),
    `pm2 delete ${known} && pm2 save --force`,
    'If pm2 runs nothing else (`pm2 list` shows that): pm2 unstartup, do what it prints, and then pm2 kill.',
  ];
}
