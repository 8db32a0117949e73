import { basename, dirname } from 'node:path';
import { TextDecoder } from 'node:util';
import { Changes } from './output-changes.ts';
import type { Stream } from './output-index.ts';
import { readLayout, readOutput } from './output-read.ts';

/** A stretch of an output as text. Offsets and sizes are bytes of what the job wrote. */
export interface OutputPage {
  readonly parts: readonly {
    readonly stream: Stream;
    /** Milliseconds since 1970; undefined where nobody noted it. */
    readonly at: number | undefined;
    readonly text: string;
  }[];
  readonly from: number;
  /** Where the next page begins. */
  readonly to: number;
  readonly size: number;
  /** What was not kept of this stretch. */
  readonly cut: { readonly at: number; readonly bytes: number } | undefined;
}

/** The longest incomplete character at the end of a text in UTF-8. */
const LONGEST_REST = 3;

/**
 * Reads at most `limit` bytes from an offset on. A character that the end of the page cuts in two is left to the next
 * one, unless `isWhole` says that no more will come; bytes that are no text become replacement characters.
 */
export async function readOutputPage(
  file: string,
  { from, limit, isWhole }: { readonly from: number; readonly limit: number; readonly isWhole: boolean },
): Promise<OutputPage> {
  const last = (await readLayout(file)).at(-1);
  const size = last === undefined ? 0 : last.offset + last.length;
  const parts: { stream: Stream; at: number | undefined; text: string }[] = [];
  const decoders = new Map<Stream, TextDecoder>();
  let to = from;
  let cut: OutputPage['cut'];
  let tail: { stream: Stream; bytes: Uint8Array } | undefined;
  for await (const part of readOutput(file, { from, to: from + limit })) {
    if (part.kind === 'cut') {
      cut ??= { at: part.offset, bytes: part.length };
      to = part.offset + part.length;
      // The page ends with the gap, so that whoever shows it knows where it is.
      if (parts.length > 0) break;
      continue;
    }
    const { stream, at, bytes, offset } = part;
    const decoder = decoders.get(stream) ?? new TextDecoder();
    decoders.set(stream, decoder);
    parts.push({ stream, at, text: decoder.decode(bytes, { stream: true }) });
    to = offset + bytes.length;
    tail = { stream, bytes };
  }
  const isEnd = isWhole && to >= size;
  const rest = tail === undefined || isEnd ? 0 : incompleteLength(tail.bytes);
  // Where nothing but an incomplete character is there, it is told as it is rather than for ever again.
  const isLeft = rest > 0 && to - rest > from;
  if (!isLeft && tail !== undefined && (isEnd || rest > 0)) {
    const text = decoders.get(tail.stream)?.decode() ?? '';
    if (text !== '' && isEnd) parts.push({ stream: tail.stream, at: undefined, text });
  }
  return { parts: parts.filter(({ text }) => text !== ''), from, to: isLeft ? to - rest : to, size, cut };
}

/** How many bytes at the end are the beginning of a character in UTF-8 that is not there whole. */
export function incompleteLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(LONGEST_REST, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** Resolves when an output may have grown, or after so many milliseconds, or when `over` is aborted. */
export async function outputChanged(file: string, patienceMs: number, over: AbortSignal): Promise<void> {
  const changes = new Changes(dirname(file), basename(file));
  const notice = (): void => changes.notice();
  const timer = setTimeout(notice, patienceMs);
  over.addEventListener('abort', notice);
  try {
    await changes.wait();
  } finally {
    clearTimeout(timer);
    over.removeEventListener('abort', notice);
    changes.close();
  }
}
