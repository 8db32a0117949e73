import type { Installation } from '../installation.ts';
import { endWithReader } from './output.ts';
import { isPlainStatus, plainStatus } from './plain-status.ts';

/** Runs the words of a command line; resolves to its exit code. Never throws: what goes wrong is printed. */
export async function commandLine(words: readonly string[], installation: Installation): Promise<number> {
  endWithReader();
  if (isPlainStatus(words)) return plainStatus(words, installation);
  const { program } = await import('./program.ts');
  return program({ arguments: words, installation });
}
