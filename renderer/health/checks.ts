import { healthStrings as strings } from '../strings/health.ts';
import type { Check, Verdict } from './report.ts';

export const groups = ['daemon', 'processes', 'jobs'] as const satisfies readonly Check['group'][];

const urgency: Readonly<Record<Verdict, number>> = { error: 0, warning: 1, ok: 2 };

/** The checks by what they are about, those that are not well first and the worst before them, groups and checks alike. */
export function groupedChecks(
  checks: readonly Check[],
): readonly { readonly group: Check['group']; readonly checks: readonly Check[] }[] {
  const inOrder = checks.toSorted((one, other) => urgency[one.verdict] - urgency[other.verdict]);
  const worstOf = (group: Check['group']): number =>
    urgency[inOrder.find((check) => check.group === group)?.verdict ?? 'ok'];
  return groups
    .toSorted((one, other) => worstOf(one) - worstOf(other))
    .map((group) => ({ group, checks: inOrder.filter((check) => check.group === group) }))
    .filter(({ checks }) => checks.length > 0);
}

/** How many checks found an error, and how many something to be warned of. */
export function troublesOf(checks: readonly Check[]): { readonly errors: number; readonly warnings: number } {
  // Each job that is not well has a check of its own beside the one of all.
  const counted = checks.filter(({ name }) => name !== 'jobs');
  const count = (wanted: Verdict): number => counted.filter(({ verdict }) => verdict === wanted).length;
  return { errors: count('error'), warnings: count('warning') };
}

/** What a check is called; one that this version does not know, as it calls itself. `nameOf` writes the subject. */
export function titleOf({ name, subject }: Check, nameOf: (subject: string) => string): string {
  const known = strings.checks[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
  if (subject === null) return known;
  const subjectName = nameOf(subject);
  return strings.checksOf[name]?.(subjectName) ?? strings.checkOf(known, subjectName);
}
