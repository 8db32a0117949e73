import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SoloistError, systemErrorCode } from '../errors.ts';
import { reasonOf } from '../home.ts';
import { privateFolder, shortHash } from '../private-folder.ts';

/** A kernel lock that this process holds until it closes the file or dies, however it dies. */
export interface KernelLock {
  readonly path: string;
  /** What stands at the path now: the file that was locked, another one, or nothing. */
  inPlace(): 'same' | 'replaced' | 'deleted';
  release(): void;
}

type TryLock = (fileDescriptor: number) => boolean;

/** File systems say in these words that they have no locks. */
const NO_LOCKS = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOLCK', 'ENOSYS', 'EINVAL']);

/** Each lost race means that somebody replaced the file at that instant; so many in a row is no race any more. */
const SAME_FILE_ATTEMPTS = 10;

/**
 * Tries once, without waiting, to lock `NAME.lock` of a home (its real path) exclusively. Returns undefined if
 * another process holds it. Throws a `SoloistError` if the file cannot be used or the add-on cannot be loaded.
 * `tryLock` is the system's lock, a parameter because no file system without locks can be had in a test.
 */
export function tryKernelLock(
  home: string,
  name: string,
  tryLock: TryLock = loadAddOn(),
): KernelLock | undefined {
  try {
    return lockFile(join(home, `${name}.lock`), tryLock);
  } catch (error) {
    if (!NO_LOCKS.has(systemErrorCode(error) ?? '')) throw error;
    return lockFile(localLockPath(home, name), tryLock);
  }
}

/**
 * The add-on is the only lock there is: if it cannot load, nothing may start, since a lock of another kind on
 * the same file would not be seen by the daemons that use this one.
 */
function loadAddOn(): TryLock {
  try {
    const { tryLock } = requireAddOn();
    return (file) => {
      try {
        // The whole file, exclusively.
        tryLock(file, 0, 0, true);
        return true;
      } catch (error) {
        if (systemErrorCode(error) === 'EAGAIN') return false;
        throw error;
      }
    };
  } catch (error) {
    throw new SoloistError(
      {
        code: 'lock-add-on-missing',
        message: `The file lock add-on (fs-native-extensions) cannot be loaded: ${reasonOf(error)}.`,
        hint: 'Install Soloist again. Without it nothing keeps a second daemon away, so none is started.',
      },
      { cause: error },
    );
  }
}

interface AddOn {
  tryLock(file: number, offset: number, length: number, exclusive: boolean): void;
}

/** The package's own entry looks for its binary in a way that costs 10 ms and 6 MB; where it lies is known. */
function requireAddOn(): AddOn {
  const require = createRequire(import.meta.url);
  const { platform, arch } = process;
  return require(`fs-native-extensions/prebuilds/${platform}-${arch}/fs-native-extensions.node`);
}

function lockFile(path: string, tryLock: TryLock): KernelLock | undefined {
  for (let attempt = 0; attempt < SAME_FILE_ATTEMPTS; attempt++) {
    const file = openLockFile(path);
    let kept = false;
    try {
      if (!tryLock(file)) return undefined;
      const locked = fstatSync(file, { bigint: true });
      // Same file: the path may have been given another file between open and lock; a lock on the old one
      // excludes nobody.
      if (compare(locked, path) === 'same') {
        kept = true;
        return heldLock(path, file, locked);
      }
    } finally {
      if (!kept) closeSync(file);
    }
  }
  throw new SoloistError({
    code: 'lock-file-replaced',
    message: `The lock file ${path} is replaced again and again by another program.`,
    hint: 'Find out which program deletes files there (a synchronising or cleaning tool?) and exclude the home from it.',
  });
}

function heldLock(path: string, file: number, locked: BigIntStats): KernelLock {
  let open = true;
  return {
    path,
    inPlace: () => compare(locked, path),
    release() {
      // A second close would close whatever got the same number meanwhile.
      if (open) closeSync(file);
      open = false;
    },
  };
}

function compare(locked: BigIntStats, path: string): 'same' | 'replaced' | 'deleted' {
  const there = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (there === undefined) return 'deleted';
  return there.dev === locked.dev && there.ino === locked.ino ? 'same' : 'replaced';
}

function openLockFile(path: string): number {
  let file: number;
  try {
    // Never truncated, and never through a link: it could lead to a file that another home locks.
    file = openSync(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
  } catch (error) {
    const link = systemErrorCode(error) === 'ELOOP';
    throw lockFileError(path, link ? 'it is a link' : reasonOf(error), error);
  }
  if (!fstatSync(file).isFile()) {
    closeSync(file);
    throw lockFileError(path, 'it is not a regular file');
  }
  return file;
}

function lockFileError(path: string, reason: string, cause?: unknown): SoloistError {
  return new SoloistError(
    {
      code: 'lock-file-unusable',
      message: `The lock file ${path} cannot be used: ${reason}.`,
      hint: 'Mend that (it should be an empty file of yours, in a folder of yours), or choose another home with --home.',
    },
    { cause },
  );
}

/**
 * Where a home whose file system has no locks is locked instead: a folder that is local, this user's, and the
 * same whatever the environment of the starter is (XDG_RUNTIME_DIR is missing under cron, and TMPDIR varies).
 */
export function localLockPath(home: string, name: string): string {
  return join(privateFolder(), `${shortHash(home)}-${name}.lock`);
}
