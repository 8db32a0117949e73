import { closeSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { configurationFile } from './configuration-file.ts';
import { configurationSource } from './configuration-source.ts';
import type { ErrorDetails } from './daemon/errors.ts';
import { runHeadless } from './headless-daemon.ts';
import { settleLater } from './settle.ts';

/** The descriptor on which `soloist up` waits for one line: an empty object, or the error as JSON. */
const REPORT = 3;

// What is hot during the start is cold for life: without the optimizing compilers the daemon keeps 2 MB less.
const compilers = ['opt', 'maglev'];
for (const compiler of compilers) setFlagsFromString(`--no-${compiler}`);

const { values } = parseArgs({
  options: {
    home: { type: 'string' },
    config: { type: 'string' },
    'started-by': { type: 'string', default: 'hand' },
    'take-over': { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
});
const home = values.home;
if (home === undefined) throw new Error('headless needs --home');

function report(error: ErrorDetails | null): void {
  if (!values.report) {
    if (error !== null) console.error([error.message, error.hint].filter(Boolean).join(' '));
    return;
  }
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

const exitCode = runHeadless({
  home,
  configuration: configurationSource(configurationFile(values.config, home)),
  startedBy: values['started-by'],
  takeOver: values['take-over'],
  onStarted: (error) => {
    report(error);
    settleLater(optimizeAgain);
  },
});
void exitCode.then((code) => process.exit(code));
