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
export const oneJobOrAll = (job: string | undefined, all: boolean): string | null =>
  oneOrAll(job, all, 'job', 'a job', 'the name of one job');

/** One alert by its id, or null for `--all`. Throws a `SoloistError` unless exactly one of both was given. */
export const oneAlertOrAll = (id: string | undefined, all: boolean): string | null =>
  oneOrAll(id, all, 'alert', 'an alert', 'the id of one alert');

function oneOrAll(
  one: string | undefined,
  all: boolean,
  noun: string,
  some: string,
  how: string,
): string | null {
  if (one !== undefined && !all) return one;
  if (one === undefined && all) return null;
  throw new SoloistError({
    code: 'usage',
    message: all ? `There is both ${some} and --all.` : `Which ${noun} is not said.`,
    hint: `Give ${how}, or --all.`,
  });
}
