import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long after the start nothing more comes that only the start needs, in milliseconds. */
const AFTER_MS = 1_000;

/**
 * Gives back, once, what only the start of this process needed: an idle process collects no garbage by itself, and keeps
 * for life what its start has left.
 */
export function settleLater(then: () => void = () => {}): void {
  setTimeout(() => {
    void collector()({ type: 'major', flavor: 'last-resort' });
    then();
  }, AFTER_MS).unref();
}

/** The collector of a process that was started with `--expose-gc`, or of one that was not. */
function collector(): NodeJS.GCFunction {
  if (globalThis.gc !== undefined) return globalThis.gc;
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as NodeJS.GCFunction;
}
