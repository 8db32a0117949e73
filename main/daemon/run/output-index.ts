/**
 * What the text of a run's output came through: 'stdout' and 'stderr' where they have a pipe each, 'output'
 * where they share one.
 */
export type Stream = 'output' | 'stdout' | 'stderr';

/** Why a part of an output was not kept. */
export type CutReason = 'limit' | 'disk';

/**
 * One line of the index that lies beside the text of an output. Offsets count the bytes that the job wrote,
 * whether or not they were kept; times are milliseconds since 1970-01-01T00:00Z.
 */
export type IndexRecord =
  /** From this offset on, up to the next record, the text came through this stream at this time. */
  | { readonly offset: number; readonly at: number; readonly stream: Stream }
  /** So many bytes from this offset on are not in the text. */
  | { readonly offset: number; readonly cut: CutReason; readonly bytes: number }
  /** From this offset on, the output goes on in a file of its own. */
  | { readonly tail: number };

/** A record as a line of the index. */
export function formatRecord(record: IndexRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Reads an index. A last line that was not written to its end, by a daemon that died, is left out. */
export function parseIndex(text: string): IndexRecord[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .flatMap((line) => parseRecord(line) ?? []);
}

function parseRecord(line: string): IndexRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // A line that a damaged disk made unreadable costs its times, not the text.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if ('tail' in value) return isOffset(value.tail) ? { tail: value.tail } : undefined;
  if (!('offset' in value) || !isOffset(value.offset)) return undefined;
  if ('stream' in value && 'at' in value && isStream(value.stream) && typeof value.at === 'number')
    return { offset: value.offset, at: value.at, stream: value.stream };
  if ('cut' in value && 'bytes' in value && isCutReason(value.cut) && isOffset(value.bytes))
    return { offset: value.offset, cut: value.cut, bytes: value.bytes };
  return undefined;
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isStream(value: unknown): value is Stream {
  return value === 'output' || value === 'stdout' || value === 'stderr';
}

function isCutReason(value: unknown): value is CutReason {
  return value === 'limit' || value === 'disk';
}

/** A stretch of an output: text that lies in a file, or bytes that were not kept. */
export type Piece =
  | {
      readonly kind: 'text';
      readonly offset: number;
      readonly length: number;
      readonly stream: Stream;
      /** When it arrived; undefined where nobody was there to note it. */
      readonly at: number | undefined;
      readonly file: string;
      /** Where in the file it begins. */
      readonly position: number;
    }
  | CutPiece;

export interface CutPiece {
  readonly kind: 'cut';
  readonly offset: number;
  readonly length: number;
  readonly reason: CutReason;
}

/** One file of text with its index. */
export interface Segment {
  readonly file: string;
  /** Where in the output it begins. */
  readonly offset: number;
  readonly records: readonly IndexRecord[];
  /** The size of the text, in bytes. */
  readonly length: number;
}

/**
 * Puts the segments of an output, in their order, together: every byte from the first to the last is in
 * exactly one piece. What lies between two segments was cut for the limit, unless a record says otherwise.
 */
export function layOut(segments: readonly Segment[]): Piece[] {
  const pieces: Piece[] = [];
  let reached = 0;
  const cutTo = (offset: number, reason: CutReason): void => {
    if (offset > reached) pieces.push({ kind: 'cut', offset: reached, length: offset - reached, reason });
    reached = Math.max(reached, offset);
  };
  for (const segment of segments) {
    for (const piece of layOutSegment(segment)) {
      if (piece.kind === 'cut') cutTo(piece.offset + piece.length, piece.reason);
      else {
        cutTo(piece.offset, 'limit');
        pieces.push(piece);
        reached = piece.offset + piece.length;
      }
    }
  }
  return pieces;
}

function layOutSegment({ file, offset: start, records, length }: Segment): Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  const addText = (offset: number, upTo: number, at: number | undefined, stream: Stream): void => {
    const size = Math.min(upTo - offset, length - position);
    if (size <= 0) return;
    pieces.push({ kind: 'text', offset, length: size, stream, at, file, position });
    position += size;
  };
  const marks = records.flatMap((record) => ('offset' in record ? record : []));
  const [first] = marks;
  addText(start, first === undefined ? Number.POSITIVE_INFINITY : first.offset, undefined, 'output');
  marks.forEach((record, index) => {
    if ('cut' in record)
      pieces.push({ kind: 'cut', offset: record.offset, length: record.bytes, reason: record.cut });
    else
      addText(record.offset, marks[index + 1]?.offset ?? Number.POSITIVE_INFINITY, record.at, record.stream);
  });
  return pieces;
}

/** The sentence that stands, when an output is shown, where a part of it is missing. */
export function cutSentence({ length, reason }: CutPiece): string {
  const why: Record<CutReason, string> = {
    limit: 'over the limit for one run',
    disk: 'it could not be written to the disk',
  };
  return `[${formatBytes(length)} left out here: ${why[reason]}]`;
}

function formatBytes(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  if (bytes < 1000) return `${bytes} bytes`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1] ?? ''}`;
}
