import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is known of this build, and of where it lies. */
export interface Build {
  readonly isPackaged: boolean;
  readonly platform: NodeJS.Platform;
  /** The AppImage that it runs from; undefined if from none. */
  readonly appImage: string | undefined;
  /** Where the package keeps what is not the program; the publisher among it. */
  readonly resources: string;
  /** Where the program's package.json is. */
  readonly program: string;
}

/** Why this build cannot update itself, a sentence; undefined if it can. */
export function whyNoUpdates({
  isPackaged,
  platform,
  appImage,
  resources,
  program,
}: Build): string | undefined {
  if (!isPackaged) return 'This is not a package: it runs from its source code.';
  if (!existsSync(join(resources, 'app-update.yml')))
    return 'This build has no publisher that it could get updates from.';
  if (platform === 'linux' && appImage === undefined)
    return 'Your package manager updates it: on Linux only the AppImage does so itself.';
  if (JSON.parse(readFileSync(join(program, 'package.json'), 'utf8')).canBeReplaced === false)
    return 'This build is not signed, and macOS puts no new version in the place of one that is not.';
  // A quarantined app is run from a place that only looks like it (App Translocation), or from its disk image.
  if (platform === 'darwin' && /^\/(Volumes|private\/var\/folders)\//.test(resources))
    return 'It runs from where it was downloaded. Move Soloist into the Applications folder, and open it there.';
  return undefined;
}

export const DAY_MS = 24 * 60 * 60_000;
/** A start has enough to do already. */
export const AFTER_START_MS = 5 * 60_000;

export interface CheckInput {
  /** Times are milliseconds since the epoch. */
  readonly now: number;
  /** When the app was started, or the computer woke. */
  readonly startedAt: number;
  /** Null: it was never looked for updates. */
  readonly lastChecked: number | null;
}

/**
 * When to look for updates next, in milliseconds from now: a day after the last time, some minutes after the start at the
 * earliest. A last time that lies in the future, since the clock was set back, counts as none.
 */
export function nextCheckIn({ now, startedAt, lastChecked }: CheckInput): number {
  const known = lastChecked !== null && lastChecked <= now ? lastChecked + DAY_MS : now;
  return Math.max(0, known - now, startedAt + AFTER_START_MS - now);
}
