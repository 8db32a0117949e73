import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { crc32 } from 'node:zlib';
import { systemErrorCode } from '../../errors.ts';
import { reasonOf } from '../../home.ts';
import { exifTime } from './exif.ts';
import type { WallTime } from './name.ts';

/** A picture that is whole. */
export interface Picture {
  readonly format: 'png' | 'jpg';
  readonly bytes: Buffer;
  /** SHA-256 of the bytes, in hexadecimal digits. */
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  /** When it was taken, if it says so itself. */
  readonly taken: WallTime | undefined;
  /** When the file was last changed, in epoch milliseconds. */
  readonly modifiedMs: number;
}

export type Look =
  | { readonly kind: 'whole'; readonly picture: Picture }
  /** It may become whole: it is being written, synchronised or downloaded. */
  | { readonly kind: 'unfinished'; readonly reason: string }
  | { readonly kind: 'not-a-picture'; readonly reason: string }
  | { readonly kind: 'gone' };

const LARGEST = 200_000_000;
/** What systems say of files that a cloud has and this computer has not, yet. */
const NOT_YET = new Set(['EDEADLK', 'ETIMEDOUT', 'ECANCELED', 'EAGAIN', 'EBUSY', 'EIO', 'ENXIO']);

/** Looks at a file once. */
export function lookAt(path: string): Look {
  let file: number;
  try {
    // A pipe would be waited for.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return failed(error);
  }
  try {
    const before = fstatSync(file);
    if (!before.isFile()) return { kind: 'not-a-picture', reason: 'it is not a file' };
    if (before.size > LARGEST) return { kind: 'not-a-picture', reason: 'it is larger than 200 MB' };
    const bytes = readFileSync(file);
    const after = fstatSync(file);
    if (after.size !== bytes.length || after.mtimeMs !== before.mtimeMs)
      return { kind: 'unfinished', reason: 'it is still being written' };
    return judge(bytes, after);
  } catch (error) {
    return failed(error);
  } finally {
    closeSync(file);
  }
}

function failed(error: unknown): Look {
  const code = systemErrorCode(error) ?? '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'gone' };
  if (NOT_YET.has(code)) return { kind: 'unfinished', reason: `it cannot be read yet: ${reasonOf(error)}` };
  return { kind: 'not-a-picture', reason: `it cannot be read: ${reasonOf(error)}` };
}

function judge(bytes: Buffer, stats: Stats): Look {
  if (bytes.length === 0) return { kind: 'unfinished', reason: 'it is empty' };
  if (bytes.subarray(0, 512).every((byte) => byte === 0)) {
    const sparse = stats.blocks * 512 < bytes.length;
    return {
      kind: 'unfinished',
      reason: sparse
        ? 'its content is still in the cloud, and only a placeholder here'
        : 'it holds only zeros so far',
    };
  }
  const format = formats.find(({ magic }) =>
    bytes.subarray(0, magic.length).equals(magic.subarray(0, bytes.length)),
  );
  if (format === undefined) return { kind: 'not-a-picture', reason: 'it is neither PNG nor JPEG' };
  const found = format.measure(bytes);
  if (found === undefined) return { kind: 'unfinished', reason: 'it is not whole' };
  const hash = createHash('sha256').update(bytes).digest('hex');
  return {
    kind: 'whole',
    picture: { format: format.name, bytes, hash, modifiedMs: stats.mtimeMs, ...found },
  };
}

interface Measured {
  readonly width: number;
  readonly height: number;
  readonly taken: WallTime | undefined;
}

/** `measure` reads a picture to its end; undefined if the end is missing or something before it is damaged. */
const formats: readonly {
  readonly name: Picture['format'];
  readonly magic: Buffer;
  readonly measure: (bytes: Buffer) => Measured | undefined;
}[] = [
  { name: 'png', magic: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), measure: measurePng },
  { name: 'jpg', magic: Buffer.from([0xff, 0xd8, 0xff]), measure: measureJpeg },
];

function measurePng(bytes: Buffer): Measured | undefined {
  let size: Pick<Measured, 'width' | 'height'> | undefined;
  let taken: WallTime | undefined;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const end = at + 8 + length;
    // The check sum also tells of a block in the middle that has not arrived yet.
    if (end + 4 > bytes.length || crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end))
      return undefined;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'IHDR' && length >= 8)
      size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
    if (type === 'eXIf') taken = exifTime(bytes.subarray(at + 8, end));
    if (type === 'IEND') return size && { ...size, taken };
    at = end + 4;
  }
  return undefined;
}

const hasNoLength = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** What follows the end of the picture is let be: phones add things of their own there. */
function measureJpeg(bytes: Buffer): Measured | undefined {
  let size: Pick<Measured, 'width' | 'height'> | undefined;
  let taken: WallTime | undefined;
  for (let at = 2; at + 2 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xd9) return size && { ...size, taken };
    if (marker === 0xff || hasNoLength(marker)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (at + 4 > bytes.length) return undefined;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) return undefined;
    if (isFrame(marker) && end >= at + 9)
      size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    if (marker === 0xe1 && bytes.toString('latin1', at + 4, at + 10) === 'Exif\0\0')
      taken = exifTime(bytes.subarray(at + 10, end));
    at = marker === 0xda ? endOfScan(bytes, end) : end;
  }
  return undefined;
}

/** Where the next marker stands after the data of a scan, in which 0xff is followed by 0 or by a restart marker. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}
