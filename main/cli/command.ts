import { parseDuration } from '../daemon/config/duration.ts';
import { SoloistError } from '../daemon/errors.ts';
import type { Installation } from '../installation.ts';

/** What every command gets: the global options, resolved. */
export interface CommandContext {
  /** Absolute. */
  readonly home: string;
  /** The configuration file, absolute; it need not exist. */
  readonly configuration: string;
  readonly json: boolean;
  readonly color: boolean;
  readonly installation: Installation;
}

/** What a command ends with: the same facts for a person and for a program. */
export interface CommandResult {
  readonly exitCode: number;
  readonly text: string;
  readonly data: unknown;
}

/** Milliseconds of a duration given as an option, such as `10s`. Throws a `SoloistError` for anything else. */
export function durationOption(option: string, text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new SoloistError({
    code: 'usage',
    message: `${option} does not take '${text}'.`,
    hint: 'It takes a duration such as 500ms, 10s or 2m.',
  });
}
