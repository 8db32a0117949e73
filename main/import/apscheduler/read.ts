import type { Path } from '../../daemon/config/syntax.ts';
import { SoloistError } from '../../daemon/errors.ts';
import { isMapping } from '../values.ts';
import { readYamlText, type YamlText } from '../yaml-text.ts';

/** A value of the file, and where it stands. */
export interface Found {
  readonly value: unknown;
  readonly path: Path;
  /** As the file writes the key. */
  readonly key: string;
}

/** Values by key in lower case. */
export type Entries = ReadonlyMap<string, Found>;

export interface JobText {
  /** The key of the job, where jobs are a mapping. */
  readonly key: string | undefined;
  readonly value: unknown;
  readonly path: Path;
}

export interface SchedulerText {
  readonly yaml: YamlText;
  readonly jobs: readonly JobText[];
  /** What is said of the scheduler: `timezone`, `job_defaults.coalesce` and others, without its own prefixes. */
  readonly settings: Entries;
}

const JOBS = /^(?:scheduled_)?jobs$|^tasks$|^schedules$/i;
const SCHEDULER = /^(?:flask_)?(?:ap)?scheduler$/i;
const PREFIX = /^(?:apscheduler[._]|scheduler[._])+/;

/** Finds the jobs in a file. Throws a `SoloistError` where it is no YAML, or holds no jobs. */
export function readScheduler(text: string, file: string): SchedulerText {
  const yaml = readYamlText(text, file);
  const root = yaml.value;
  if (Array.isArray(root)) return { yaml, jobs: jobsOf(root, []), settings: new Map() };
  const top = entriesOf(root, []);
  const scheduler = [...top.values()].find(({ key, value }) => SCHEDULER.test(key) && isMapping(value));
  const inside = scheduler === undefined ? new Map() : entriesOf(scheduler.value, scheduler.path);
  for (const entries of [inside, top]) {
    const jobs = jobsEntry(entries);
    if (jobs === undefined) continue;
    const others = [...inside.values(), ...top.values()].filter(
      (entry) => entry !== jobs && entry !== scheduler,
    );
    const isOfScheduler = ({ key, path }: Found) =>
      path.length > 1 || scheduler === undefined || PREFIX.test(`${key.toLowerCase()}.`);
    return { yaml, jobs: jobsOf(jobs.value, jobs.path), settings: settingsOf(others.filter(isOfScheduler)) };
  }
  // Some files have nothing but jobs by their names.
  const all = [...top.values()];
  if (all.length > 0 && all.every(({ value, path }) => hasFunction(entriesOf(value, path))))
    return { yaml, jobs: jobsOf(root, []), settings: new Map() };
  throw new SoloistError({
    code: 'import-nothing',
    message: `${file} has no jobs for APScheduler.`,
    hint: 'It takes a list, or "jobs" (or "scheduler.jobs", "SCHEDULER.JOBS"), of jobs with "func" and "trigger".',
  });
}

const hasFunction = (job: Entries): boolean =>
  ['func', 'function', 'callable'].some((key) => typeof job.get(key)?.value === 'string');

function jobsEntry(entries: Entries): Found | undefined {
  return [...entries.values()].find(
    ({ key, value }) =>
      JOBS.test(key.replace(/^(?:ap)?scheduler_/i, '')) && (Array.isArray(value) || isMapping(value)),
  );
}

function jobsOf(value: unknown, path: Path): JobText[] {
  if (Array.isArray(value)) {
    return value.map((job, index) => ({ key: undefined, value: job, path: [...path, index] }));
  }
  return isMapping(value)
    ? Object.entries(value).map(([key, job]) => ({ key, value: job, path: [...path, key] }))
    : [];
}

/** A mapping's values by their keys in lower case. */
export function entriesOf(value: unknown, path: Path): Map<string, Found> {
  if (!isMapping(value)) return new Map();
  return new Map(
    Object.entries(value).map(([key, one]) => [key.toLowerCase(), { key, value: one, path: [...path, key] }]),
  );
}

/** `apscheduler.job_defaults.coalesce`, `SCHEDULER_JOB_DEFAULTS: { coalesce }` and the like are one. */
function settingsOf(found: readonly Found[]): Entries {
  const settings = new Map<string, Found>();
  for (const entry of found) {
    const name = entry.key.toLowerCase().replace(PREFIX, '');
    if (name === 'job_defaults' && isMapping(entry.value)) {
      for (const [key, one] of entriesOf(entry.value, entry.path)) settings.set(`job_defaults.${key}`, one);
    } else settings.set(name, entry);
  }
  return settings;
}
