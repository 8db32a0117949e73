import type { core } from 'zod/mini';
import type { Finding, Words } from './finding.ts';
import type { Path } from './syntax.ts';

type Issue = core.$ZodIssue;

/**
 * What the schema found, in our own words. `value` is what was checked, since an issue does not say what it was about, and
 * `base` the path to it.
 */
export function issueFindings(issue: Issue, base: Path, value: unknown): Finding[] {
  const steps = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const path = [...base, ...steps];
  if (issue.code === 'unrecognized_keys') {
    const candidates = issue.message.split(' ');
    return issue.keys.map((key) => ({
      kind: 'unknown-key',
      path: [...path, key],
      expected: candidates.length === 1 ? `only ${candidates[0]}` : `one of ${candidates.join(', ')}`,
      candidates,
    }));
  }
  if (issue.code === 'invalid_key') {
    return [{ kind: 'unusable-key', path, expected: issue.issues[0]?.message ?? issue.message }];
  }
  if (issue.code === 'invalid_union') {
    const nearest = nearestAlternative(issue.errors);
    if (nearest !== undefined)
      return nearest.flatMap((inner) => issueFindings(inner, path, valueAt(value, steps)));
  }
  if (valueAt(value, steps) === undefined) return [{ kind: 'missing-key', path, expected: issue.message }];
  return [{ kind: 'value', path, expected: issue.message, candidates: candidatesOf(issue) }];
}

/**
 * Of the alternatives of a value (`skip` or `{ parallel: 2 }`), the one that was meant: the only one whose kind of value
 * it is at all. Undefined if none is, or several are.
 */
function nearestAlternative(alternatives: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const meant = alternatives.filter((issues) => !issues.some(isOtherKind));
  return meant.length === 1 ? meant[0] : undefined;
}

function isOtherKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return issue.errors.every((issues) => issues.some(isOtherKind));
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function candidatesOf(issue: Issue): Words {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union') {
    return issue.errors
      .flat()
      .flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  }
  if (issue.code === 'custom' && issue.params?.words === 'timezones')
    return () => Intl.supportedValuesOf('timeZone');
  return [];
}

/** What stands at a path, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = Reflect.get(here, step);
  }
  return here;
}
