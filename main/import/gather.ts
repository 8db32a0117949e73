import { crossCheck } from '../daemon/config/checks.ts';
import { checkPattern } from '../daemon/config/pattern-check.ts';
import { pathText } from '../daemon/config/problems.ts';
import { validateFile } from '../daemon/config/validate.ts';
import type { Imported, ImportedJob, Remark } from './imported.ts';
import { jobNames } from './job-name.ts';
import { isMapping } from './values.ts';

/** Collects what an importer makes, so that whatever a file says, all jobs in the result are valid. */
export interface Gatherer {
  readonly jobs: readonly ImportedJob[];
  /** A valid name that no other job of this import has. */
  name(wanted: string): string;
  /**
   * Adds a job; settings that are undefined or an empty mapping are left out. Returns false, and remarks why, where our
   * configuration would refuse the job. `what` is how the file calls it.
   */
  job(job: ImportedJob, what?: string): boolean;
  remark(remark: Remark): void;
  /**
   * Remarks in the order of the file, those about the whole file last. Remarks of one job with the same reason become
   * one, at the line of the first.
   */
  done(switchOff: readonly string[]): Imported;
}

export function gatherer(): Gatherer {
  const jobs: ImportedJob[] = [];
  const remarks: Remark[] = [];
  return {
    jobs,
    name: jobNames(),
    job({ name, line, settings }, what = name) {
      const job = { name, line, settings: withoutEmpty(settings) };
      const why = problemOf(job);
      if (why === undefined) jobs.push(job);
      else remarks.push({ line, job: name, what, kind: 'left-out', why });
      return why === undefined;
    },
    remark: (remark) => remarks.push(withoutJob(remark)),
    done: (switchOff) => ({ jobs, remarks: merged(inOrder(remarks)), switchOff }),
  };
}

/** Why a job cannot stand in soloist.yaml, as a sentence; undefined if it can. */
function problemOf({ name, settings }: ImportedJob): string | undefined {
  const validated = validateFile({ jobs: { [name]: settings } }, 1);
  const findings = validated.ok ? crossCheck(validated.file, checkPattern).problems : validated.findings;
  const [first] = findings;
  if (first === undefined) return undefined;
  const key = pathText(first.path.slice(2)) || 'It';
  return first.kind === 'conflict'
    ? `${key}: ${first.reason}.`
    : `${key} cannot be carried over; expected ${first.expected}.`;
}

/** A remark about no job has no `job` at all. */
function withoutJob(remark: Remark): Remark {
  const { job, ...rest } = remark;
  return job === undefined ? rest : { ...rest, job };
}

function withoutEmpty(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined) return true;
  return isMapping(value) && Object.keys(value).length === 0;
}

function inOrder(remarks: readonly Remark[]): Remark[] {
  const line = (remark: Remark): number => remark.line ?? Number.POSITIVE_INFINITY;
  return [...remarks].sort((one, other) => (line(one) === line(other) ? 0 : line(one) - line(other)));
}

function merged(remarks: readonly Remark[]): Remark[] {
  const merged = new Map<string, Remark>();
  for (const remark of remarks) {
    const { job, kind, why, line } = remark;
    const key = JSON.stringify([job, kind, why, job === undefined ? line : undefined]);
    const earlier = merged.get(key);
    if (earlier === undefined) merged.set(key, remark);
    else if (!earlier.what.split(', ').includes(remark.what))
      merged.set(key, { ...earlier, what: `${earlier.what}, ${remark.what}` });
  }
  return [...merged.values()];
}
