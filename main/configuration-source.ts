import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { localTimeZone } from './daemon/config/local-time-zone.ts';
import { emptyConfiguration, type Surroundings } from './daemon/config/resolve.ts';
import type { ConfigurationSource } from './daemon/daemon.ts';
import { SoloistError, systemErrorCode } from './daemon/errors.ts';
import { reasonOf } from './daemon/home.ts';

/** Reads the configuration from a file (absolute path) at each load. No file at all is no jobs. */
export function configurationSource(path: string): ConfigurationSource {
  return {
    path,
    async load() {
      const surroundings: Surroundings = {
        userFolder: homedir(),
        fileFolder: dirname(path),
        timezone: localTimeZone(),
        platform: process.platform,
      };
      const content = read(path);
      if (content === undefined) return emptyConfiguration(surroundings);
      // Parser and schema are loaded with the first file only: a daemon without one does not carry them for life.
      const [{ loadConfiguration }, { configurationError }, { parseCronPattern }] = await Promise.all([
        import('./daemon/config/load.ts'),
        import('./daemon/config/problems.ts'),
        import('./daemon/schedule/pattern.ts'),
      ]);
      const checkPattern = (pattern: string): string | undefined => {
        try {
          return parseCronPattern(pattern).possible ? undefined : 'no day ever matches it';
        } catch (error) {
          return reasonOf(error);
        }
      };
      const result = loadConfiguration(content, { ...surroundings, file: path, checkPattern });
      if (!result.ok) throw configurationError(result.problems);
      return result.configuration;
    },
  };
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw new SoloistError(
      {
        code: 'configuration-unreadable',
        message: `The configuration ${path} cannot be read: ${reasonOf(error)}.`,
        hint: 'Mend its permissions, or name another file with --config.',
      },
      { cause: error },
    );
  }
}
