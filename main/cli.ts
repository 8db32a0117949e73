#!/usr/bin/env node
import { resolve } from 'node:path';
import { commandLine } from './cli/command-line.ts';
import { NODE_FLAGS } from './node-flags.ts';

// The same folder holds the daemon's program, as sources and as built.
const headless = import.meta.filename.endsWith('.ts')
  ? resolve(import.meta.dirname, 'headless.ts')
  : resolve(import.meta.dirname, 'headless.cjs');

void commandLine(process.argv.slice(2), { daemon: [process.execPath, ...NODE_FLAGS, headless] }).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
);
