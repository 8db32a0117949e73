import { SoloistError } from '../daemon/errors.ts';
import type { Owner } from '../daemon/lock/owner.ts';
import { contractVersion, version } from '../version.ts';

/** What of a daemon's status tells which contract it speaks; one of an older version says nothing of it. */
export interface SpokenContract {
  readonly version: string;
  readonly contract?: number;
}

/**
 * Why this program and a daemon would not understand each other, and the way out; undefined if they do. `asker` is what
 * this program is to the person.
 */
export function contractDifference(
  owner: Owner,
  { version: theirs, contract = 0 }: SpokenContract,
  asker: 'the command line' | 'this app',
): SoloistError | undefined {
  if (contract === contractVersion) return undefined;
  const isOlder = contract < contractVersion;
  const daemon = `The daemon (PID ${owner.pid}, Soloist ${theirs}, contract ${contract})`;
  return new SoloistError({
    code: 'other-contract',
    message: `${daemon} is ${isOlder ? 'older' : 'newer'} than ${asker} (Soloist ${version}, contract ${contractVersion}): they do not speak the same.`,
    hint: isOlder ? newDaemon[owner.kind] : newAsker[asker],
  });
}

const newDaemon = {
  headless: "'soloist down' and 'soloist up' start it as this version; nothing is lost.",
  app: 'Quit the menu-bar app and open it again, so that it runs as the version that is installed.',
};

const newAsker = {
  'the command line':
    "Use the command line of the newer version: 'soloist tool status' tells which one this is, and the app's settings renew it. 'soloist status' and 'soloist down' work with both.",
  'this app': 'Update this app, or quit it and open the newer one.',
};
