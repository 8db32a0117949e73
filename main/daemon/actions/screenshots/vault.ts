import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, isAbsolute, join, normalize, sep } from 'node:path';
import { SoloistError, systemErrorCode } from '../../errors.ts';
import { reasonOf } from '../../home.ts';
import type { ScreenshotsSettings } from '../action.ts';
import { fillIn } from './date-tokens.ts';
import { type WallTime, wallTimeAt } from './name.ts';

/** Where things go in a vault. Paths "below the vault" have forward slashes. */
export interface Vault {
  /** The folder for pictures: absolute, and below the vault. */
  readonly attachments: string;
  readonly attachmentsBelow: string;
  /** Where something below the vault is. */
  path(below: string): string;
  /** The note of a day, below the vault. */
  noteOf(time: WallTime): string;
  /** What the note of a day begins as. */
  startOf(time: WallTime): Buffer;
}

/**
 * Checks what the settings say of the vault, and makes the folder for pictures unless it is a dry run. Throws a
 * `SoloistError` that names the setting and the way out.
 */
export function openVault(settings: ScreenshotsSettings, dryRun: boolean): Vault {
  const { vault } = settings;
  // Never made: it may be a disk that is not there at the moment.
  if (!statSync(vault, { throwIfNoEntry: false })?.isDirectory())
    throw settingError(
      'vault-missing',
      `The vault ${vault} is not a folder.`,
      'Mend "vault" of the job, or connect the disk that it is on.',
    );
  const attachmentsBelow = below('attachments', settings.attachments);
  if (/[[\]|#^]/.test(attachmentsBelow))
    throw settingError(
      'attachments-unusable',
      `The folder "${settings.attachments}" cannot stand in a link.`,
      'Choose a name for "attachments" without [ ] | # ^.',
    );
  const attachments = join(vault, attachmentsBelow);
  // Said now, and not with the first picture.
  below('note', fillIn(settings.note, wallTimeAt(Date.now())));
  try {
    if (!dryRun) mkdirSync(attachments, { recursive: true });
  } catch (error) {
    throw settingError(
      'attachments-unusable',
      `The folder ${attachments} cannot be made: ${reasonOf(error)}.`,
      'Mend that, or choose another for "attachments".',
    );
  }
  const template = settings.template === undefined ? undefined : readTemplate(vault, settings.template);
  return {
    attachments,
    attachmentsBelow,
    path: (path) => join(vault, path),
    noteOf: (time) => below('note', fillIn(settings.note, time)),
    startOf(time) {
      const note = fillIn(settings.note, time);
      const title = basename(note, extname(note));
      if (template === undefined) return Buffer.from(fillIn('# {date}\n', time));
      const text = template.toString('utf8');
      const isText = Buffer.from(text).equals(template);
      return isText ? Buffer.from(fillIn(text, time, title)) : template;
    },
  };
}

function readTemplate(vault: string, written: string): Buffer {
  const path = below('template', written);
  const candidates = [path, `${path}.md`].map((one) => join(vault, one));
  const file = candidates.find((one) => existsSync(one)) ?? join(vault, path);
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = systemErrorCode(error) === 'ENOENT' ? 'there is no such file' : reasonOf(error);
    throw settingError(
      'template-unreadable',
      `The template ${file} cannot be read: ${reason}.`,
      'Mend "template" of the job, or leave it out.',
    );
  }
}

/** A path below the vault, cleaned. */
function below(key: string, written: string): string {
  const path = normalize(written).split(sep).join('/').replace(/\/$/, '');
  if (
    isAbsolute(written) ||
    path === '' ||
    path === '.' ||
    path.split('/').includes('..') ||
    path.includes('\0')
  )
    throw settingError(
      'outside-of-vault',
      `"${key}: ${written}" does not lie below the vault.`,
      `Give "${key}" as a path below the vault, such as Media/Screenshots.`,
    );
  return path;
}

function settingError(code: string, message: string, hint: string): SoloistError {
  return new SoloistError({ code, message, hint });
}
