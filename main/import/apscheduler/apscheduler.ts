import { dirname, resolve } from 'node:path';
import { shellWord } from '../../daemon/shell-word.ts';
import { type Gatherer, gatherer } from '../gather.ts';
import type { Imported } from '../imported.ts';
import { isMapping, isRelativePath, REFUSED_VARIABLE, shown, sortedVariables } from '../values.ts';
import type { YamlText } from '../yaml-text.ts';
import type { Say } from './due.ts';
import { policiesOf } from './policies.ts';
import { type Entries, entriesOf, type Found, type JobText, readScheduler } from './read.ts';
import { RUN_KEYS, runOf } from './run.ts';
import { dueOf, TRIGGER_KEYS } from './trigger.ts';
import { flagOf, isNone } from './value.ts';

export interface ApschedulerOptions {
  /** The file's path, as absolute as it is known: Python is started in its folder. */
  readonly file: string;
}

/**
 * Makes jobs of a YAML file that describes jobs for APScheduler. It has no such format of its own: known are the shapes in which
 * people hand its `add_job` arguments over, Flask-APScheduler's JOBS among them. Throws a `SoloistError` where there are none.
 */
export function importApscheduler(text: string, { file }: ApschedulerOptions): Imported {
  const { yaml, jobs, settings } = readScheduler(text, file);
  const gathered = gatherer();
  remarkSettings(settings, yaml, gathered);
  const names: string[] = [];
  for (const job of jobs) {
    const name = importJob(job, { gathered, yaml, settings, folder: resolve(dirname(file)) });
    if (name !== undefined) names.push(name);
  }
  return gathered.done(names.length === 0 ? [] : switchOff(names, file, settings.has('jobstores')));
}

interface Context {
  readonly gathered: Gatherer;
  readonly yaml: YamlText;
  readonly settings: Entries;
  readonly folder: string;
}

/** Of a trigger that has no counterpart, which is said already. */
const CALENDAR_KEYS = ['years', 'months'];
const OTHER_KEYS = [
  ...['id', 'name', 'description', 'comment', 'enabled', 'disabled', 'paused', 'next_run_time'],
  ...['max_instances', 'misfire_grace_time', 'coalesce', 'replace_existing', 'env', 'environment'],
  ...['cwd', 'workdir', 'working_dir', 'working_directory', 'executor', 'jobstore'],
];
const CARRIED: ReadonlySet<string> = new Set([...OTHER_KEYS, ...RUN_KEYS, ...TRIGGER_KEYS]);

/** Adds the job, and returns by what name APScheduler has it. */
function importJob({ key, value, path }: JobText, context: Context): string | undefined {
  const { gathered, yaml, settings, folder } = context;
  const line = yaml.lineOf(path);
  const job = entriesOf(value, path);
  const known = knownAs(job) ?? key;
  const run = runOf(job, yaml);
  const of = run.kind === 'run' && run.isPython ? String(run.from.value).split(/[:.]/).at(-1) : undefined;
  const wanted = known ?? of ?? 'job';
  const name = gathered.name(wanted);
  const say: Say = (found, kind, why, what) => {
    const text = what ?? (found === undefined ? wanted : `${found.key}: ${shown(found.value)}`);
    // What the scheduler says for all jobs is said once.
    const isOwn = found === undefined || path.every((step, index) => found.path[index] === step);
    const about = isOwn ? { job: name } : {};
    gathered.remark({
      ...about,
      line: found === undefined ? line : yaml.lineOf(found.path),
      what: text,
      kind,
      why,
    });
  };
  if (!isMapping(value)) {
    say(undefined, 'left-out', 'A job is a mapping with "func" and "trigger"; this is none.', shown(value));
    return undefined;
  }
  if (run.kind === 'none') {
    say(run.from, 'left-out', run.why);
    return undefined;
  }
  const due = dueOf(job, settings.get('timezone'), yaml, say);
  if (run.isPython) {
    gathered.remark({ line: undefined, what: 'python3', kind: 'changed', why: PYTHON });
    say(run.from, 'changed', `A Python of its own calls it. Try: soloist run ${shellWord(name)} --wait`);
  }
  const words = typeof run.run === 'string' ? run.run.split(/\s+/) : run.run;
  const isInFolder = !run.isPython && cwdOf(job) === undefined && words.some(isRelativePath);
  if (isInFolder) gathered.remark({ line: undefined, what: 'cwd', kind: 'changed', why: FOLDER });
  const { timezone, jitter, ...triggers } = due;
  const isTimed = due.schedule !== undefined || due.every !== undefined || due.at !== undefined;
  const written: Record<string, unknown> = {
    run: run.run,
    description: descriptionOf(job, wanted),
    enabled: enabledOf(job, say),
    ...triggers,
    timezone,
    cwd: cwdOf(job) ?? (run.isPython || isInFolder ? folder : undefined),
    env: environmentOf(job, say),
    ...policiesOf(job, settings, isTimed, say),
    jitter: isTimed ? jitter : undefined,
  };
  remarkRest(job, say);
  return gathered.job({ name, line, settings: written }) ? wanted : undefined;
}

const FOLDER =
  'Relative paths begin in the folder in which the program with the scheduler was started; here that is taken to be the folder of the file.';
const PYTHON =
  'Python is started in the folder of the file, and knows nothing of what the application has set up before. Where a module is not found, write the python of its virtual environment in place of python3, or another "cwd".';

const textOf = (found: Found | undefined): string | undefined =>
  typeof found?.value === 'string' || typeof found?.value === 'number' ? String(found.value) : undefined;

function knownAs(job: Entries): string | undefined {
  return textOf(job.get('id')) ?? textOf(job.get('name'));
}

function descriptionOf(job: Entries, wanted: string): string | undefined {
  const text = textOf(job.get('description')) ?? textOf(job.get('comment')) ?? textOf(job.get('name'));
  return text === wanted || text?.trim() === '' ? undefined : text;
}

function cwdOf(job: Entries): string | undefined {
  const keys = ['cwd', 'workdir', 'working_dir', 'working_directory'];
  return keys.map((key) => textOf(job.get(key))).find((text) => text !== undefined);
}

function enabledOf(job: Entries, say: Say): false | undefined {
  const next = job.get('next_run_time');
  if (next !== undefined && !isNone(next.value))
    say(next, 'left-out', 'When a job is due first follows from its trigger alone.');
  const isOff =
    flagOf(job.get('enabled')?.value) === false ||
    flagOf(job.get('disabled')?.value) === true ||
    flagOf(job.get('paused')?.value) === true ||
    // That is how a job is added paused.
    (next !== undefined && isNone(next.value));
  return isOff ? false : undefined;
}

function environmentOf(job: Entries, say: Say): Record<string, string> | undefined {
  const found = job.get('env') ?? job.get('environment');
  if (!isMapping(found?.value)) return undefined;
  const { env, refused } = sortedVariables(found.value);
  for (const name of refused) say(found, 'left-out', REFUSED_VARIABLE, name);
  return env;
}

const LEFT_OUT: Readonly<Record<string, string>> = {
  executor: 'Each run is a process of its own; "max_concurrent" says how many there may be at one time.',
  jobstore: 'When a job ran, and when it is due, is in the history of Soloist.',
};

function remarkRest(job: Entries, say: Say): void {
  const isCalendar = /calendarinterval/i.test(String(job.get('trigger')?.value));
  for (const [key, found] of job) {
    const why = LEFT_OUT[key];
    if (why !== undefined && found.value !== 'default' && !isNone(found.value)) say(found, 'left-out', why);
    else if (!CARRIED.has(key) && !(isCalendar && CALENDAR_KEYS.includes(key)))
      say(found, 'left-out', 'APScheduler does not know this key of a job.');
  }
}

const SETTINGS: readonly (readonly [RegExp, string | undefined])[] = [
  [/^timezone$|^job_defaults\.(?:coalesce|max_instances|misfire_grace_time)$/, undefined],
  [/^executors?\b/, LEFT_OUT.executor],
  [
    /^jobstores?\b/,
    'Jobs that the program itself puts into this store are not in the file, and are not imported.',
  ],
  [
    /^(?:api_|endpoint|auth|allowed_hosts)/,
    'There is no such interface over the network; the command line does that.',
  ],
];

function remarkSettings(settings: Entries, yaml: YamlText, gathered: Gatherer): void {
  for (const [name, found] of settings) {
    const known = SETTINGS.find(([about]) => about.test(name));
    // Names such as these hold what anchors repeat.
    if (known === undefined && /^[._]|^x-/.test(name)) continue;
    const why = known === undefined ? 'APScheduler does not know this key.' : known[1];
    if (why === undefined) continue;
    const what = `${found.key}: ${shown(found.value)}`;
    gathered.remark({ line: yaml.lineOf(found.path), what, kind: 'left-out', why });
  }
}

function switchOff(names: readonly string[], file: string, hasStore: boolean): string[] {
  const jobs = names.join(', ');
  return [
    `Remove these jobs from ${file}, or from where the program adds them to its scheduler: ${jobs}.`,
    ...(hasStore ? ['Remove them from the job store too: scheduler.remove_job(ID), once for each.'] : []),
    'Restart the program that runs the scheduler, or end it for good if it does nothing else.',
  ];
}
