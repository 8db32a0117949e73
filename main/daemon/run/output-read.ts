import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import { systemErrorCode } from '../errors.ts';
import {
  type CutPiece,
  cutSentence,
  type IndexRecord,
  layOut,
  type Piece,
  parseIndex,
  type Segment,
  type Stream,
} from './output-index.ts';
import { indexPath } from './output-segment.ts';

/** A part of an output, as it is read: text as the job wrote it, or the news that some of it was not kept. */
export type OutputPart =
  | {
      readonly kind: 'text';
      readonly offset: number;
      /**
       * When it arrived, in milliseconds since 1970-01-01T00:00Z; undefined where nobody was there to note
       * it.
       */
      readonly at: number | undefined;
      readonly stream: Stream;
      readonly bytes: Uint8Array;
    }
  | CutPiece;

/** Which bytes of what the job wrote, from the first to before the last. */
export interface OutputRange {
  readonly from?: number;
  readonly to?: number;
}

/** The file in which an output goes on at this offset. */
export function tailPath(file: string, offset: number): string {
  return `${file}.tail-${offset}`;
}

/** A writer keeps two tails, and a third while it changes over. */
const LATEST_TAILS = 3;

/** How often files may vanish under a reader because their writer went on to the next. */
const RETRIES = 20;

const BLOCK_BYTES = 64 * 1024;

/**
 * Reads an output, in order, while it is written or afterwards; a run that wrote nothing has no file and
 * yields nothing. Of what is cut from a live output while it is being read, the reader is told that it was
 * cut.
 */
export async function* readOutput(file: string, range: OutputRange = {}): AsyncGenerator<OutputPart> {
  const to = range.to ?? Number.POSITIVE_INFINITY;
  let reached = range.from ?? 0;
  for (let attempt = 0; ; attempt++) {
    const blocks = new BlockReader();
    try {
      for (const piece of await readLayout(file)) {
        for (const part of piecesWithin(piece, reached, to)) {
          yield part.kind === 'cut' ? part : await blocks.read(part);
          reached = part.offset + part.length;
        }
      }
      return;
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT' || attempt >= RETRIES) throw error;
    } finally {
      await blocks.close();
    }
  }
}

/** The part of a piece that lies in the range, in pieces of at most one block. */
function piecesWithin(piece: Piece, from: number, to: number): Piece[] {
  const start = Math.max(piece.offset, from);
  const end = Math.min(piece.offset + piece.length, to);
  if (end <= start) return [];
  if (piece.kind === 'cut') return [{ ...piece, offset: start, length: end - start }];
  const count = Math.ceil((end - start) / BLOCK_BYTES);
  return Array.from({ length: count }, (_, index) => {
    const offset = start + index * BLOCK_BYTES;
    const length = Math.min(BLOCK_BYTES, end - offset);
    return { ...piece, offset, length, position: piece.position + offset - piece.offset };
  });
}

type TextPiece = Extract<Piece, { kind: 'text' }>;

/** Reads pieces of files block by block, since most pieces are lines and next to each other. */
class BlockReader {
  #open: { readonly file: string; readonly handle: FileHandle } | undefined;
  #block: Uint8Array = new Uint8Array(0);
  #blockPosition = 0;

  async read(piece: TextPiece): Promise<OutputPart> {
    const { kind, offset, at, stream, file, position, length } = piece;
    if (this.#open?.file !== file) {
      await this.close();
      this.#open = { file, handle: await open(file, 'r') };
      this.#block = new Uint8Array(0);
    }
    const isInBlock =
      position >= this.#blockPosition && position + length <= this.#blockPosition + this.#block.length;
    if (!isInBlock) await this.#readBlock(this.#open.handle, position);
    const begin = position - this.#blockPosition;
    return { kind, offset, at, stream, bytes: this.#block.subarray(begin, begin + length) };
  }

  async #readBlock(handle: FileHandle, position: number): Promise<void> {
    const buffer = new Uint8Array(BLOCK_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, BLOCK_BYTES, position);
    this.#block = buffer.subarray(0, bytesRead);
    this.#blockPosition = position;
  }

  async close(): Promise<void> {
    await this.#open?.handle.close();
    this.#open = undefined;
  }
}

/** Where the bytes of an output lie. Empty if there is no such file. */
export async function readLayout(file: string): Promise<Piece[]> {
  const head = await readSegment(file, 0);
  if (head === undefined) return [];
  const tails = tailOffsets(head.records).slice(-LATEST_TAILS);
  const segments = await Promise.all(tails.map((offset) => readSegment(tailPath(file, offset), offset)));
  return layOut([head, ...segments.flatMap((segment) => segment ?? [])]);
}

function tailOffsets(records: readonly IndexRecord[]): number[] {
  return records.flatMap((record) => ('tail' in record ? record.tail : []));
}

/** Undefined if there is no such file (any more). */
async function readSegment(file: string, offset: number): Promise<Segment | undefined> {
  try {
    // The index first: it may lack the latest text then, but does not speak of text that the size leaves out.
    const records = await readRecords(file);
    return { file, offset, records, length: (await stat(file)).size };
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** None if there is no index, as for a run that writes its file itself. */
async function readRecords(file: string): Promise<IndexRecord[]> {
  try {
    return parseIndex(await readFile(indexPath(file), 'utf8'));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * The last lines of an output, and at most its last `bytes`; what was cut among them is told. A last line
 * without an end counts as one.
 */
export async function readLastLines(file: string, lines: number, bytes = 1_000_000): Promise<OutputPart[]> {
  const pieces = await readLayout(file);
  const last = pieces.at(-1);
  if (last === undefined || lines <= 0) return [];
  const from = Math.max(0, last.offset + last.length - bytes);
  const parts: OutputPart[] = [];
  for await (const part of readOutput(file, { from })) parts.push(part);
  return lastLines(parts, lines);
}

/** The parts that hold the last lines of these parts. */
export function lastLines(parts: readonly OutputPart[], lines: number): OutputPart[] {
  const kept: OutputPart[] = [];
  let missing = lines;
  for (const part of parts.toReversed()) {
    if (part.kind === 'cut') {
      kept.push(part);
      continue;
    }
    // The newline at the very end ends the last line; it does not begin another one.
    let end = part.bytes.length - (kept.length === 0 && part.bytes.at(-1) === NEWLINE ? 1 : 0);
    while (missing > 0) {
      const newline = end <= 0 ? -1 : part.bytes.lastIndexOf(NEWLINE, end - 1);
      if (newline < 0) break;
      missing--;
      end = newline;
    }
    if (missing > 0) {
      kept.push(part);
      continue;
    }
    const rest = part.bytes.subarray(end + 1);
    if (rest.length > 0) kept.push({ ...part, offset: part.offset + end + 1, bytes: rest });
    break;
  }
  return kept.toReversed();
}

const NEWLINE = 10;

/** All parts as the bytes that are shown: the text, and a line in brackets where some of it is missing. */
export async function showOutput(parts: AsyncIterable<OutputPart> | Iterable<OutputPart>): Promise<Buffer> {
  const shown: Uint8Array[] = [];
  for await (const part of parts) {
    if (part.kind === 'text') shown.push(part.bytes);
    else shown.push(Buffer.from(`${endsLine(shown) ? '' : '\n'}${cutSentence(part)}\n`));
  }
  return Buffer.concat(shown);
}

function endsLine(shown: readonly Uint8Array[]): boolean {
  const last = shown.at(-1);
  return last === undefined || last.at(-1) === NEWLINE;
}

/**
 * Removes the text of an output and all that lies beside it. It is no error if some or all is gone already.
 */
export async function removeOutput(file: string): Promise<void> {
  const tails = tailOffsets(await readRecords(file));
  // The tails before the latest were removed when they were left; the index names them all.
  for (const offset of tails.slice(-LATEST_TAILS)) await removeSegment(tailPath(file, offset));
  await removeSegment(file);
}

/** Removes one file of text and its index. */
export async function removeSegment(file: string): Promise<void> {
  await rm(file, { force: true });
  await rm(indexPath(file), { force: true });
}
