import { existsSync } from 'node:fs';
import type { Configuration } from './daemon/config/configuration.ts';
import { type FileWatch, watchFile } from './daemon/config/file-watch.ts';
import type { ConfigurationEvent, LiveConfiguration } from './daemon/config/live.ts';
import { emptyConfiguration } from './daemon/config/resolve.ts';
import type { ConfigurationListener, ConfigurationSource } from './daemon/config/source.ts';
import { surroundingsOf } from './daemon/config/surroundings.ts';

type Warn = (message: string, cause: unknown) => void;

/** A file that is followed, and how to get what it says: the configuration, or a thrown `SoloistError`. */
interface Followed {
  readonly live: LiveConfiguration;
  taken(event: ConfigurationEvent): Configuration;
}

/** A configuration file (absolute path), read when asked and whenever it changes. No file at all is no jobs. */
export function configurationSource(path: string): ConfigurationSource {
  let listener: ConfigurationListener = () => {};
  let warn: Warn = () => {};
  let awaited: FileWatch | undefined;
  let followed: Followed | undefined;
  /** Whoever asks gets the answer itself, and need not be told of it. */
  let isAsked = false;

  const onEvent = (event: ConfigurationEvent): void => {
    const by = followed;
    if (!isAsked && by !== undefined) listener(async () => by.taken(event));
  };
  const load = async (): Promise<Configuration> => {
    if (followed === undefined) {
      if (!existsSync(path)) return emptyConfiguration(surroundingsOf(path));
      followed = await follow(path, onEvent, (message, cause) => warn(message, cause));
      awaited?.close();
      return followed.taken(followed.live.last);
    }
    isAsked = true;
    try {
      return followed.taken(followed.live.reload());
    } finally {
      isAsked = false;
    }
  };
  return {
    path,
    load,
    follow(onChange, onWarning) {
      listener = onChange;
      warn = onWarning;
      // Until there is a file, only its appearance matters.
      if (followed === undefined) awaited = watchFile({ file: path, onChange: () => listener(load), warn });
      awaited?.refresh();
      return () => {
        awaited?.close();
        followed?.live.close();
        followed = undefined;
      };
    },
  };
}

async function follow(
  path: string,
  listener: (event: ConfigurationEvent) => void,
  warn: Warn,
): Promise<Followed> {
  // Parser and schema are loaded with the first file only: a daemon without one does not carry them for life.
  const [{ followConfiguration }, { loadConfiguration }, { checkPattern }, { configurationError }] =
    await Promise.all([
      import('./daemon/config/live.ts'),
      import('./daemon/config/load.ts'),
      import('./daemon/config/pattern-check.ts'),
      import('./daemon/config/problems.ts'),
    ]);
  const surroundings = surroundingsOf(path);
  const load = (content: Uint8Array) =>
    loadConfiguration(content, { ...surroundings, file: path, checkPattern });
  return {
    live: followConfiguration({ file: path, load, empty: emptyConfiguration(surroundings), listener, warn }),
    taken(event) {
      if (event.kind === 'broken') throw configurationError(event.problems);
      return event.configuration;
    },
  };
}
