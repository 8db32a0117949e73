import { crossCheck } from '../daemon/config/checks.ts';
import { checkPattern } from '../daemon/config/pattern-check.ts';
import { pathText } from '../daemon/config/problems.ts';
import { validateFile } from '../daemon/config/validate.ts';
import type { ImportedJob, Remark } from './imported.ts';

/** Why a job with these settings cannot stand in soloist.yaml, as a sentence; undefined if it can. */
export function jobProblem({ name, settings }: Pick<ImportedJob, 'name' | 'settings'>): string | undefined {
  const validated = validateFile({ jobs: { [name]: settings } }, 1);
  const findings = validated.ok ? crossCheck(validated.file, checkPattern).problems : validated.findings;
  const [first] = findings;
  if (first === undefined) return undefined;
  const key = pathText(first.path.slice(2)) || 'It';
  return first.kind === 'conflict'
    ? `${key}: ${first.reason}.`
    : `${key} cannot be carried over; expected ${first.expected}.`;
}

/**
 * The jobs that can stand in soloist.yaml, and a remark for each that cannot: whatever an importer has overlooked, what it
 * makes is valid. `what` says how the file calls a job.
 */
export function usableJobs(
  jobs: readonly ImportedJob[],
  what: (job: ImportedJob) => string = ({ name }) => name,
): { readonly jobs: readonly ImportedJob[]; readonly remarks: readonly Remark[] } {
  const usable: ImportedJob[] = [];
  const remarks: Remark[] = [];
  for (const job of jobs) {
    const why = jobProblem(job);
    if (why === undefined) usable.push(job);
    else remarks.push({ line: job.line, job: job.name, what: what(job), kind: 'left-out', why });
  }
  return { jobs: usable, remarks };
}

/** Remarks in the order of the file; those about the whole file come last. */
export function inOrder(remarks: readonly Remark[]): readonly Remark[] {
  const line = (remark: Remark): number => remark.line ?? Number.POSITIVE_INFINITY;
  return [...remarks].sort((one, other) => (line(one) === line(other) ? 0 : line(one) - line(other)));
}
