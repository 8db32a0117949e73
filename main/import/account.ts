/* Jobs that ran as somebody else: they may not be able to do their work as you, or do harm, so they are not enabled. */

/** Why such a job is not enabled, as sentences. */
export const foreignReason = (program: string, account: string): string =>
  `${program} runs it as ${account}; ${notEnabled(program)}`;

/** The same, behind words that say whose job it is. */
export const notEnabled = (program: string): string =>
  `Soloist runs jobs as you, so the job is not enabled. Leave it to ${program}, or remove "enabled: false" if you may do what it does.`;

/** What the way to switch off the old ones says first of such jobs, which `which` names: `line 3`, `web and api`. */
export const leaveForeign = (which: string, program: string): string =>
  `Leave to ${program} what you do not enable here: ${which}`;

/** `3`, `3 and 4`, `3, 4 and 5`. */
export function listed(items: readonly (string | number)[]): string {
  const [last, ...others] = [...items].reverse();
  return others.length === 0 ? String(last ?? '') : `${others.reverse().join(', ')} and ${last}`;
}
