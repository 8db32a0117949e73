import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VARIABLE = 'SOLOIST_TEST_FOLDER';

/**
 * Makes the folder in which all temporary folders of a test run will lie, also those of its worker processes. Returns
 * how to remove it. Its name is short: sockets are made in it, and their paths may not be long.
 */
export function beginTemporary(): () => void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 's-')));
  process.env[VARIABLE] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

/** A new empty folder (its real path, mode 0700). */
export function temporaryFolder(): string {
  const parent = process.env[VARIABLE] ?? realpathSync(tmpdir());
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 't-'));
}
