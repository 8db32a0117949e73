import type { Configuration } from './configuration.ts';

/** Told that the configuration changed, with how to get it; that throws a `SoloistError` if it is broken. */
export type ConfigurationListener = (read: () => Promise<Configuration>) => void;

/** Where the daemon gets its configuration from. */
export interface ConfigurationSource {
  readonly path: string;
  /** Reads the configuration as it stands now. Throws a `SoloistError` if it is broken. */
  load(): Promise<Configuration>;
  /** Tells of changes until the function that it returns is called. */
  follow?(listener: ConfigurationListener, warn: (message: string, cause: unknown) => void): () => void;
}
