import type { Installation } from '../installation.ts';
import { commandContext } from './context.ts';
import { printError, printResult } from './output.ts';
import { status } from './status.ts';

/**
 * Whether the words are `status` or `status --json` and nothing else. Monitors and prompts ask for these all the
 * time; they go without the parser of the command line, which costs more than all the rest of the answer.
 */
export function isPlainStatus(words: readonly string[]): boolean {
  const [command, option] = words;
  return command === 'status' && (words.length === 1 || (words.length === 2 && option === '--json'));
}

/** `soloist status [--json]`; resolves to its exit code. */
export async function plainStatus(words: readonly string[], installation: Installation): Promise<number> {
  const json = words.length === 2;
  try {
    const result = await status(commandContext({ json }, installation));
    printResult('status', result, json);
    return result.exitCode;
  } catch (error) {
    return printError(error, json);
  }
}
