import { createInterface } from 'node:readline/promises';

/** Asks a person something to be answered with yes or no; anything else than yes is no. */
export type AskPerson = (question: string) => Promise<boolean>;

/** How to ask the person at the terminal; undefined if there is none, or a program reads what is printed. */
export function personToAsk(json: boolean): AskPerson | undefined {
  if (json || !process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    // At the end of the input there is no answer to wait for.
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    try {
      return /^\s*y(es)?\s*$/i.test(await Promise.race([lines.question(`${question} [y/N] `), closed]));
    } finally {
      lines.close();
    }
  };
}
