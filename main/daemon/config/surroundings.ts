import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { localTimeZone } from './local-time-zone.ts';
import type { Surroundings } from './resolve.ts';

/** What this computer and this person's account add to a configuration file (absolute path). */
export function surroundingsOf(path: string): Surroundings {
  const { platform } = process;
  return { userFolder: homedir(), fileFolder: dirname(path), timezone: localTimeZone(), platform };
}
