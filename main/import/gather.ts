import type { Finding } from '../daemon/config/finding.ts';
import { validateFile } from '../daemon/config/validate.ts';
import type { Imported, ImportedJob, Remark } from './imported.ts';
import { jobNames } from './job-name.ts';

/** Collects what an importer makes, so that whatever a file says, all jobs in the result are valid. */
export interface Gatherer {
  /** A valid name that no other job of this import has. */
  name(wanted: string): string;
  /**
   * Adds a job; settings that are undefined or an empty mapping are left out. Returns false, and remarks why, where our
   * configuration would refuse the job.
   */
  job(job: ImportedJob): boolean;
  remark(remark: Remark): void;
  /** Remarks of one job with the same reason become one, at the line of the first. */
  done(switchOff: readonly string[]): Imported;
}

export function gatherer(): Gatherer {
  const jobs: ImportedJob[] = [];
  const remarks: Remark[] = [];
  return {
    name: jobNames(),
    job({ name, line, settings }) {
      const written = withoutEmpty(settings);
      const checked = validateFile({ jobs: { [name]: written } }, 1);
      if (checked.ok) jobs.push({ name, line, settings: written });
      else remarks.push({ line, job: name, what: name, kind: 'left-out', why: refusal(checked.findings[0]) });
      return checked.ok;
    },
    remark: (remark) => remarks.push(withoutJob(remark)),
    done: (switchOff) => ({ jobs, remarks: inOrder(remarks), switchOff }),
  };
}

/** A remark about no job has no `job` at all. */
function withoutJob(remark: Remark): Remark {
  const { job, ...rest } = remark;
  return job === undefined ? rest : { ...rest, job };
}

function refusal(finding: Finding | undefined): string {
  const where = finding?.path.slice(2).join('.') ?? '';
  const expected = finding !== undefined && 'expected' in finding ? finding.expected : 'valid';
  return where === ''
    ? `The job would not be valid here: it needs ${expected}.`
    : `The job would not be valid here: "${where}" must be ${expected}.`;
}

function withoutEmpty(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined) return true;
  return isMapping(value) && Object.keys(value).length === 0;
}

/** Lines ascending; what is about the whole file comes first. */
function inOrder(remarks: readonly Remark[]): Remark[] {
  const merged = new Map<string, Remark>();
  const place = ({ line, job }: Remark): number => line ?? (job === undefined ? -1 : 0);
  for (const remark of [...remarks].sort((one, other) => place(one) - place(other))) {
    const key = JSON.stringify([remark.job, remark.kind, remark.why]);
    const earlier = merged.get(key);
    if (earlier === undefined) merged.set(key, remark);
    else if (!earlier.what.split(', ').includes(remark.what))
      merged.set(key, { ...earlier, what: `${earlier.what}, ${remark.what}` });
  }
  return [...merged.values()];
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LONGEST_SHOWN = 80;

/** A value as a remark shows it: on one line, and not too long. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST_SHOWN ? line : `${line.slice(0, LONGEST_SHOWN)}…`;
}

export interface SortedVariables {
  readonly env: Record<string, string>;
  /** Names that were given and cannot be taken over. */
  readonly refused: readonly string[];
}

/** The variables that our configuration takes, and the names of those that it does not. */
export function sortedVariables(variables: Readonly<Record<string, unknown>>): SortedVariables {
  const env: Record<string, string> = {};
  const refused: string[] = [];
  for (const [name, value] of Object.entries(variables)) {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    if (/^(?!SOLOIST_|__proto__$|<<$)[^=\0]+$/.test(name) && !text.includes('\0')) env[name] = text;
    else refused.push(name);
  }
  return { env, refused };
}

export const REFUSED_VARIABLE =
  'Soloist takes no variable of this name or value: names have no "=" and do not begin with SOLOIST_, which it gives itself.';
