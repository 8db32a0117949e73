#!/usr/bin/env node
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { commandLine } from './cli/command-line.ts';
import type { Installation } from './installation.ts';
import { NODE_FLAGS } from './node-flags.ts';

// The same folder holds the daemon's program, as sources and as built.
const headless = import.meta.filename.endsWith('.ts')
  ? resolve(import.meta.dirname, 'headless.ts')
  : resolve(import.meta.dirname, 'headless.cjs');

const installation: Installation = {
  daemon: [process.execPath, ...NODE_FLAGS, headless],
  tool: [process.execPath, import.meta.filename],
  app() {
    try {
      // The package tells where its program is, and throws where it has none.
      const electron: string = createRequire(import.meta.url)('electron');
      return [electron, resolve(import.meta.dirname, '..')];
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      return { reason: `There is no Electron for it (${reason}).` };
    }
  },
};

void commandLine(process.argv.slice(2), installation).then((exitCode) => {
  process.exitCode = exitCode;
});
