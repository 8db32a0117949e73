import { setTimeout as sleep } from 'node:timers/promises';
import { SoloistError } from '../errors.ts';
import type { History } from '../history/history.ts';
import type { RunId } from '../history/run.ts';
import { outputChanged, readOutputPage } from '../run/output-page.ts';
import type { JobEvent, OutputRequest, OutputView } from './views.ts';

/** How long an output that has nothing new is waited for, in milliseconds. */
const OUTPUT_WAIT_MS = 30_000;

type Subscribe = (listener: (event: JobEvent) => void) => () => void;

/**
 * What a run has printed, from a byte on. Where there is nothing yet and the request says so, waits until there is
 * something, the run has ended, or half a minute is over. Rejects with a `SoloistError` for a run that there is none of.
 */
export async function readRunOutput(
  { run: id, from, limit, wait }: OutputRequest,
  history: History,
  subscribe: Subscribe,
): Promise<OutputView> {
  const deadline = performance.now() + OUTPUT_WAIT_MS;
  for (;;) {
    // Asked before the text is read: what comes between is read by the next call.
    const run = history.find(id);
    if (run === undefined) throw unknownRun(id);
    const isEnded = run.state === 'ended';
    const kept = run.state === 'queued' ? undefined : run.execution?.output;
    const page =
      kept?.kind === 'kept'
        ? await readOutputPage(kept.file, { from, limit, isWhole: isEnded })
        : { parts: [], from, to: from, size: 0, cut: undefined };
    const left = deadline - performance.now();
    if (!wait || page.to > from || isEnded || left <= 0) {
      const parts = page.parts.map(({ stream, at, text }) => ({
        stream,
        at: at === undefined ? null : new Date(at).toISOString(),
        text,
      }));
      return { ...page, parts, isEnded, cut: page.cut ?? null };
    }
    await changed(subscribe, id, kept?.kind === 'kept' ? kept.file : undefined, left);
  }
}

/** Resolves when a run or its output may be another one. */
async function changed(
  subscribe: Subscribe,
  id: RunId,
  file: string | undefined,
  patienceMs: number,
): Promise<void> {
  const over = new AbortController();
  const unsubscribe = subscribe((event) => {
    if (event.kind === 'run' && event.run.id === id) over.abort();
  });
  try {
    if (file !== undefined) await outputChanged(file, patienceMs, over.signal);
    else await sleep(patienceMs, undefined, { signal: over.signal }).catch(() => {});
  } finally {
    unsubscribe();
  }
}

/** The error for a run that the history does not know. */
export function unknownRun(id: string): SoloistError {
  return new SoloistError({
    code: 'unknown-run',
    message: `There is no run "${id}".`,
    hint: 'See the list of runs for their ids; old runs are removed after a while.',
  });
}
