import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { SoloistError } from '../../errors.ts';
import { reasonOf } from '../../home.ts';
import { inFolder } from '../notes/edit-note.ts';
import { putNew, TEMPORARY } from '../notes/note-file.ts';
import { sortableTime, type WallTime } from './name.ts';
import type { Picture } from './picture.ts';

/** How much of the hash is in a name: a second picture with the same is not to be expected; if there is one, all of it. */
const SHORT = 12;

/** A name that `pictureName` gave, as it sorts: by time. */
export const pictureNames = /^\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_[0-9a-f]{12,64}\.(?:png|jpg)$/;

/** The name of a picture in the vault: the same for the same picture and time. */
export function pictureName(
  time: WallTime,
  { hash, format }: Pick<Picture, 'hash' | 'format'>,
  digits = SHORT,
): string {
  return `${sortableTime(time)}_${hash.slice(0, digits)}.${format}`;
}

export type Placed =
  | { readonly kind: 'placed'; readonly path: string }
  /** The same picture lies there, under this name; it was not put there now. */
  | { readonly kind: 'there'; readonly path: string };

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** The folder of the vault that pictures are brought to. Paths are relative to it, with forward slashes. */
export class Attachments {
  readonly #folder: string;
  /** The sizes of the files that were seen, by path. */
  #sizes = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether a file there has this content. */
  has(path: string, hash: string): boolean {
    const file = join(this.#folder, path);
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true && hashOf(file) === hash;
  }

  /** The file there that has this content, whatever its name is; undefined if none has. */
  find({ hash, bytes }: Pick<Picture, 'hash' | 'bytes'>): string | undefined {
    this.#look();
    for (const [path, size] of this.#sizes) if (size === bytes.length && this.has(path, hash)) return path;
    return undefined;
  }

  /**
   * Puts a picture there, on the disk, unless it is there already. `begin` is called with its path just before, while no
   * other process of ours puts anything there.
   */
  async place(picture: Picture, time: WallTime, begin: (path: string) => void): Promise<Placed> {
    return inFolder(this.#folder, () => {
      const there = this.find(picture);
      if (there !== undefined) return { kind: 'there', path: there };
      for (const digits of [SHORT, picture.hash.length]) {
        const path = pictureName(time, picture, digits);
        if (statSync(join(this.#folder, path), { throwIfNoEntry: false }) !== undefined) continue;
        begin(path);
        if (this.#put(picture.bytes, path)) return { kind: 'placed', path };
      }
      throw new Error(`the names for the picture ${picture.hash} are taken by other files`);
    });
  }

  #put(bytes: Buffer, path: string): boolean {
    const temporary = join(this.#folder, `.${process.pid}${TEMPORARY}`);
    try {
      const file = openSync(temporary, 'wx', 0o644);
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      return putNew(temporary, join(this.#folder, path));
    } catch (error) {
      throw new SoloistError(
        {
          code: 'attachments-unusable',
          message: `No picture can be put into ${this.#folder}: ${reasonOf(error)}.`,
          hint: 'Mend that, or choose another folder for "attachments".',
        },
        { cause: error },
      );
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  #look(): void {
    const sizes = new Map<string, number>();
    // In a dry run it may be yet to be made.
    if (!existsSync(this.#folder)) return;
    for (const name of readdirSync(this.#folder, { recursive: true, encoding: 'utf8' })) {
      const path = name.split(sep).join('/');
      if (!/\.(?:png|jpe?g)$/i.test(path)) continue;
      const size =
        this.#sizes.get(path) ?? statSync(join(this.#folder, name), { throwIfNoEntry: false })?.size;
      if (size !== undefined) sizes.set(path, size);
    }
    this.#sizes = sizes;
  }
}
