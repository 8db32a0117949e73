import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { LARGEST_FILE, loadConfiguration, tooLargeProblem } from '../../config/load.ts';
import { checkPattern } from '../../config/pattern-check.ts';
import { surroundingsOf } from '../../config/surroundings.ts';
import { systemErrorCode } from '../../errors.ts';
import { reasonOf } from '../../home.ts';
import { entryAt } from './entries.ts';
import type { ConfigurationScene, Presence } from './scene.ts';

/** The configuration at this path (absolute), and what it comes to. */
export function lookAtConfiguration(path: string, presence: Presence | undefined): ConfigurationScene {
  if (presence === 'hangs' || presence === 'not-asked')
    return { path, entry: undefined, folder: undefined, kind: 'hangs' };
  const base = { path, entry: entryAt(path), folder: entryAt(dirname(path)) };
  try {
    const stats = statSync(path);
    if (!stats.isFile()) {
      const reason = stats.isDirectory() ? 'it is a folder' : 'it is not a file';
      return { ...base, kind: 'unreadable', reason };
    }
    if (stats.size > LARGEST_FILE)
      return { ...base, kind: 'broken', problems: [tooLargeProblem(path, stats.size)], text: '' };
    const content = readFileSync(path);
    const text = content.toString('utf8');
    const result = loadConfiguration(content, { ...surroundingsOf(path), file: path, checkPattern });
    if (!result.ok) return { ...base, kind: 'broken', problems: result.problems, text };
    const { configuration, warnings } = result;
    return { ...base, kind: 'usable', configuration, warnings, text };
  } catch (error) {
    const isGone = systemErrorCode(error) === 'ENOENT' && base.entry === undefined;
    return isGone ? { ...base, kind: 'missing' } : { ...base, kind: 'unreadable', reason: reasonOf(error) };
  }
}
