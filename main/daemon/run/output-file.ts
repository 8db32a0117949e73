import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemErrorCode } from '../errors.ts';
import type { OutputSummary } from './output.ts';
import { type CutPiece, formatRecord } from './output-index.ts';
import { type OutputPart, readLayout, readOutput, tailPath } from './output-read.ts';
import { indexPath } from './output-segment.ts';

const BLOCK_BYTES = 256 * 1024;

/**
 * Brings the file of a run that wrote it itself, and has ended, within the limit (in bytes), and tells what
 * it came to. A file that is gone, or cannot be brought within the limit, is told as a problem.
 */
export async function settleFile(file: string, limit: number): Promise<OutputSummary> {
  try {
    await trim(file, limit);
    return { ...(await summarize(file)), problem: undefined };
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return { ...(await summarize(file)), problem: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The first half stays where it is, the last one goes to a file beside it, and the index tells of the rest.
 */
async function trim(file: string, limit: number): Promise<void> {
  const { size } = await stat(file);
  if (size <= limit) return;
  const head = Math.ceil(limit / 2);
  const tail = size - Math.floor(limit / 2);
  const text = await open(file, 'r+');
  try {
    await copyFrom(text, tail, tailPath(file, tail));
    const index = await open(indexPath(file), 'w', 0o600);
    try {
      const cut = { offset: head, cut: 'limit', bytes: tail - head } as const;
      await index.writeFile(formatRecord(cut) + formatRecord({ tail }));
    } finally {
      await index.close();
    }
    await text.truncate(head);
  } finally {
    await text.close();
  }
}

async function copyFrom(text: FileHandle, start: number, file: string): Promise<void> {
  const copy = await open(file, 'w', 0o600);
  try {
    const block = new Uint8Array(BLOCK_BYTES);
    for (let position = start; ; ) {
      const { bytesRead } = await text.read(block, 0, block.length, position);
      if (bytesRead === 0) return;
      await copy.writeFile(block.subarray(0, bytesRead));
      position += bytesRead;
    }
  } finally {
    await copy.close();
  }
}

async function summarize(file: string): Promise<Pick<OutputSummary, 'bytes' | 'cuts'>> {
  const pieces = await readLayout(file);
  const last = pieces.at(-1);
  const cuts = pieces.flatMap((piece): CutPiece[] => (piece.kind === 'cut' ? [piece] : []));
  return { bytes: last === undefined ? 0 : last.offset + last.length, cuts };
}

/** Between two looks at a file that somebody follows. Nobody tells when another process writes to it. */
const LOOK_MS = 250;

/** A file that a run writes itself, from its beginning on and then as it grows, until the run has ended. */
export async function* followFile(file: string, hasEnded: () => boolean): AsyncGenerator<OutputPart> {
  for (let reached = 0; ; await sleep(LOOK_MS)) {
    const isLast = hasEnded();
    for await (const part of readOutput(file, { from: reached })) {
      yield part;
      reached = part.offset + (part.kind === 'text' ? part.bytes.length : part.length);
    }
    if (isLast) return;
  }
}
