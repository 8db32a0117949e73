import { closeSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { configurationFile } from './configuration-file.ts';
import { configurationSource } from './configuration-source.ts';
import type { ErrorDetails } from './daemon/errors.ts';
import { runHeadless } from './headless-daemon.ts';
import type { JobsPartOptions } from './jobs-part.ts';
import { settleLater } from './settle.ts';

/** The descriptor on which `soloist up` waits for one line: an empty object, or the error as JSON. */
const REPORT = 3;

const compilers = ['opt', 'maglev'];

/** Is the daemon without windows, in this process, as its own options say. Resolves to its exit code when it has ended. */
export async function headlessProgram(words: readonly string[], jobs: JobsPartOptions = {}): Promise<number> {
  // What is hot during the start is cold for life: without the optimizing compilers the daemon keeps 2 MB less.
  for (const compiler of compilers) setFlagsFromString(`--no-${compiler}`);
  const { values } = parseArgs({
    args: [...words],
    options: {
      home: { type: 'string' },
      config: { type: 'string' },
      'started-by': { type: 'string', default: 'hand' },
      'take-over': { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
    },
  });
  const { home } = values;
  if (home === undefined) throw new Error('headless needs --home');
  return runHeadless({
    home,
    configuration: configurationSource(configurationFile(values.config, home)),
    startedBy: values['started-by'],
    takeOver: values['take-over'],
    jobs,
    onStarted: (error) => {
      if (values.report) report(error);
      else if (error !== null) console.error([error.message, error.hint].filter(Boolean).join(' '));
      settleLater(optimizeAgain);
    },
  });
}

function report(error: ErrorDetails | null): void {
  try {
    writeSync(REPORT, `${JSON.stringify(error === null ? {} : { error })}\n`);
    closeSync(REPORT);
  } catch {
    // Whoever waited for the line has gone; the daemon lives on without it.
  }
}

/** From here on, what is hot is worth optimizing. */
function optimizeAgain(): void {
  for (const compiler of compilers) setFlagsFromString(`--${compiler}`);
}
