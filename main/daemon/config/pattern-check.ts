import { reasonOf } from '../home.ts';
import { parseCronPattern } from '../schedule/pattern.ts';

/** Why a cron pattern cannot be used, or undefined if it can. */
export function checkPattern(pattern: string): string | undefined {
  try {
    return parseCronPattern(pattern).possible ? undefined : 'no day ever matches it';
  } catch (error) {
    return reasonOf(error);
  }
}
