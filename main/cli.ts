#!/usr/bin/env node
import { resolve } from 'node:path';
import { isPlainStatus, plainStatus } from './cli/plain-status.ts';

const words = process.argv.slice(2);
// The same folder holds the daemon's program, as sources and as built.
const headless = import.meta.filename.endsWith('.ts')
  ? resolve(import.meta.dirname, 'headless.ts')
  : resolve(import.meta.dirname, 'headless.cjs');

async function main(): Promise<number> {
  if (isPlainStatus(words)) return plainStatus(words, headless);
  const { program } = await import('./cli/program.ts');
  return program({ arguments: words, headless });
}

void main().then((exitCode) => {
  process.exitCode = exitCode;
});
