import { basename, dirname } from 'node:path';
import { Changes } from '../daemon/run/output-changes.ts';
import { type OutputPart, readOutput } from '../daemon/run/output-read.ts';

/** Yields an output as it is written, from an offset on, until `over` is aborted and everything is read. */
export async function* followOutput(file: string, over: AbortSignal, from = 0): AsyncGenerator<OutputPart> {
  const changes = new Changes(dirname(file), basename(file));
  over.addEventListener('abort', () => changes.notice());
  let reached = from;
  try {
    for (;;) {
      const isLast = over.aborted;
      for await (const part of readOutput(file, { from: reached })) {
        yield part;
        reached = part.offset + (part.kind === 'cut' ? part.length : part.bytes.length);
      }
      if (isLast) return;
      await changes.wait();
    }
  } finally {
    changes.close();
  }
}
