import type { core, ZodMiniType } from 'zod/mini';
import { withValues } from './action-values.ts';
import type { Finding } from './finding.ts';
import { issueFindings } from './issues.ts';
import { type FileValues, fileSchema, type JobValues, jobSchema } from './schema.ts';
import type { Path } from './syntax.ts';
import { jobName, runExpected } from './values.ts';

export type Validated =
  | { readonly ok: true; readonly file: FileValues }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Checks the value of a file against the schema. Each job is checked by itself, so that looking for problems ends when
 * there are `most` of them: to collect the problems of all of a hundred thousand wrong jobs overflows the stack.
 */
export function validateFile(value: unknown, most: number): Validated {
  const written = isMapping(value) && isMapping(value.jobs) ? value.jobs : undefined;
  const rest = written === undefined ? value : { ...Object(value), jobs: {} };
  const file = validate(fileSchema, rest, []);
  const findings = [...file.findings];
  const jobs: Record<string, JobValues> = {};
  for (const [name, job] of Object.entries(written ?? {})) {
    const named = validate(jobName, name, ['jobs', name]);
    // A name may be wrong in several ways; one of them is enough.
    findings.push(...named.findings.slice(0, 1).map(asUnusableKey));
    findings.push(...nothingToRun(job, ['jobs', name]));
    const validated = validate(jobSchema, job, ['jobs', name]);
    findings.push(...validated.findings);
    if (validated.data !== undefined) {
      const { with: settings, findings: unfit } = validateSettings(validated.data, ['jobs', name, 'with']);
      findings.push(...unfit);
      jobs[name] = settings === undefined ? validated.data : { ...validated.data, with: settings };
    }
    if (findings.length > most) break;
  }
  if (findings.length > 0 || file.data === undefined) return { ok: false, findings };
  return { ok: true, file: { ...file.data, jobs } };
}

/** Of two keys that may both be left out, a job needs one. */
function nothingToRun(job: unknown, path: Path): readonly Finding[] {
  if (!isMapping(job) || Object.hasOwn(job, 'run') || Object.hasOwn(job, 'use')) return [];
  return [{ kind: 'missing-key', path: [...path, 'run'], expected: runExpected }];
}

/** What `with` holds, checked by the action that `use` names. */
function validateSettings(
  { use, with: given = {} }: JobValues,
  path: Path,
): { readonly with: JobValues['with']; readonly findings: readonly Finding[] } {
  if (use === undefined) return { with: undefined, findings: [] };
  const { data, findings } = validate<ZodMiniType>(withValues[use], given, path);
  return { with: data as JobValues['with'], findings };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asUnusableKey({ path, expected }: Finding): Finding {
  return { kind: 'unusable-key', path, expected };
}

interface Outcome<Schema extends ZodMiniType> {
  readonly data: core.output<Schema> | undefined;
  readonly findings: readonly Finding[];
}

function validate<Schema extends ZodMiniType>(schema: Schema, value: unknown, path: Path): Outcome<Schema> {
  try {
    const parsed = schema.safeParse(value);
    if (parsed.success) return { data: parsed.data, findings: [] };
    return {
      data: undefined,
      findings: parsed.error.issues.flatMap((issue) => issueFindings(issue, path, value)),
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const reason = 'there are more problems in here than can be listed';
    return { data: undefined, findings: [{ kind: 'conflict', path, reason, expected: 'a valid file' }] };
  }
}
