import { SoloistError } from '../daemon/errors.ts';

/** A whole number from 1 given as an option. Throws a `SoloistError` for anything else. */
export function countOption(option: string, text: string, most: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= most) return count;
  throw new SoloistError({
    code: 'usage',
    message: `${option} does not take '${text}'.`,
    hint: `It takes a whole number from 1 to ${most}.`,
  });
}

/** One job by its name, or null for `--all`. Throws a `SoloistError` unless exactly one of both was given. */
export function oneJobOrAll(job: string | undefined, all: boolean): string | null {
  if (job !== undefined && !all) return job;
  if (job === undefined && all) return null;
  throw new SoloistError({
    code: 'usage',
    message: all ? 'There is both a job and --all.' : 'Which job is not said.',
    hint: 'Give the name of one job, or --all.',
  });
}
