#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { program } from './cli/program.ts';

process.exitCode = await program({
  arguments: process.argv.slice(2),
  // The same folder holds the daemon's program, as sources and as built.
  headless: fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? './headless.ts' : './headless.js', import.meta.url),
  ),
});
