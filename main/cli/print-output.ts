import { cutSentence } from '../daemon/run/output-index.ts';
import type { OutputPart } from '../daemon/run/output-read.ts';

const NEWLINE = 10;

/** Writes to a stream; resolves when it has taken the bytes. */
export function write(stream: NodeJS.WritableStream, bytes: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => stream.write(bytes, () => resolve()));
}

/**
 * Prints an output as the job wrote it, what came through its standard error to this program's. Resolves when all is
 * written, to whether there was anything.
 */
export async function printOutput(parts: AsyncIterable<OutputPart>): Promise<boolean> {
  let isAny = false;
  let endsLine = true;
  for await (const part of parts) {
    isAny = true;
    if (part.kind === 'cut') {
      await write(process.stdout, `${endsLine ? '' : '\n'}${cutSentence(part)}\n`);
      endsLine = true;
    } else {
      await write(part.stream === 'stderr' ? process.stderr : process.stdout, part.bytes);
      endsLine = part.bytes.at(-1) === NEWLINE;
    }
  }
  return isAny;
}
