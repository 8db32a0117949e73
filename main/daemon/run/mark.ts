import { fingerprint } from '../fingerprint.ts';

/** The environment variable by which a process of a run is known wherever it has gone. */
export const MARK_VARIABLE = 'SOLOIST_RUN_MARK';

/**
 * The text that marks every process of one run: the home's part keeps apart runs of two homes that were given
 * the same id in the same millisecond. The same home and run give the same mark, so that a later daemon can
 * find them. It ends with a dot so that no mark is the beginning of another one.
 *
 * @param home the home's real path
 */
export function runMark(home: string, runId: string): string {
  if (!/^[0-9a-zA-Z]+$/.test(runId)) throw new Error(`'${runId}' cannot be the id of a run`);
  return `${fingerprint(home)}-${runId}.`;
}
