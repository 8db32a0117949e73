import { isUtf8 } from 'node:buffer';

/** The text of a note, and what its bytes were. */
export interface NoteText {
  /** Without a byte order mark. */
  readonly text: string;
  /** Why it is not plain UTF-8; undefined if it is. */
  readonly oddity: string | undefined;
}

/**
 * The text of a note's bytes: UTF-8, UTF-16 with its mark, or else what Windows wrote before (windows-1252). Undefined if it
 * is no text: it has zero bytes.
 */
export function noteText(bytes: Buffer): NoteText | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: decoded(bytes, 'utf-16le'), oddity: 'UTF-16' };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const swapped = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
    return { text: decoded(swapped, 'utf-16le'), oddity: 'UTF-16' };
  }
  if (bytes.includes(0)) return undefined;
  if (isUtf8(bytes)) return { text: decoded(bytes, 'utf-8'), oddity: undefined };
  return { text: decoded(bytes, 'windows-1252'), oddity: 'not UTF-8, taken for windows-1252' };
}

const decoded = (bytes: Buffer, encoding: string): string => new TextDecoder(encoding).decode(bytes);
