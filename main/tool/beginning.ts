import { closeSync, openSync, readSync } from 'node:fs';
import { systemErrorCode } from '../daemon/errors.ts';

/** The first 4 KB of a file, which is all of a wrapper; nothing of what cannot be read. */
export function beginningOf(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(4_096);
      return buffer.toString('utf8', 0, readSync(file, buffer));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return '';
  }
}
