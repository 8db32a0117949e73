import { posix, win32 } from 'node:path';

/** What decides where soloist.yaml is. */
export interface LocateOptions {
  /** What `--config` says. */
  readonly configOption: string | undefined;
  /** What `--home` says. */
  readonly homeOption: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The person's home folder, absolute. */
  readonly userFolder: string;
  /** The folder that relative paths of options and variables start in, absolute. */
  readonly workingFolder: string;
}

/** Where soloist.yaml is, or would be, and what said so. */
export interface LocatedFile {
  /** Absolute. */
  readonly path: string;
  readonly because: '--config' | 'SOLOIST_CONFIG' | '--home' | 'SOLOIST_HOME' | 'platform';
}

export const CONFIGURATION_FILE = 'soloist.yaml';

/**
 * The configuration file that is meant: `--config`, else `SOLOIST_CONFIG`, else the one in a home that was named with
 * `--home` or `SOLOIST_HOME`, else the one in the platform's configuration folder. Whether it exists is not looked at.
 * Empty options and variables are as good as none.
 */
export function locateConfiguration(options: LocateOptions): LocatedFile {
  const { configOption, homeOption, environment, platform, workingFolder } = options;
  const path = platform === 'win32' ? win32 : posix;
  if (configOption) return { path: path.resolve(workingFolder, configOption), because: '--config' };
  if (environment.SOLOIST_CONFIG) {
    return { path: path.resolve(workingFolder, environment.SOLOIST_CONFIG), because: 'SOLOIST_CONFIG' };
  }
  const home = homeOption || environment.SOLOIST_HOME;
  if (home) {
    const because = homeOption ? '--home' : 'SOLOIST_HOME';
    return { path: path.resolve(workingFolder, home, CONFIGURATION_FILE), because };
  }
  return { path: path.join(platformFolder(options), CONFIGURATION_FILE), because: 'platform' };
}

function platformFolder({ environment, platform, userFolder }: LocateOptions): string {
  if (platform === 'darwin') return posix.join(userFolder, 'Library', 'Application Support', 'Soloist');
  if (platform === 'win32') {
    return win32.join(environment.APPDATA || win32.join(userFolder, 'AppData', 'Roaming'), 'Soloist');
  }
  const configured = environment.XDG_CONFIG_HOME;
  // The XDG specification: a relative path is invalid and to be ignored.
  return posix.join(configured?.startsWith('/') ? configured : posix.join(userFolder, '.config'), 'soloist');
}
