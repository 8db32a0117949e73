import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { contractVersion } from '../../main/version.ts';
import { type CommandOutput, soloist } from './command-line.ts';

const root = resolve(import.meta.dirname, '../..');

/** The built program, as if it spoke another contract. It lies in the repository, where it finds its packages. */
export class OtherVersion {
  readonly #folder: string;

  constructor(contract: number) {
    mkdirSync(join(root, 'test-results'), { recursive: true });
    this.#folder = mkdtempSync(join(root, 'test-results/version-'));
    onTestFinished(() => rmSync(this.#folder, { recursive: true, force: true }));
    cpSync(join(root, 'out'), join(this.#folder, 'out'), { recursive: true });
    const files = readdirSync(join(this.#folder, 'out'), { recursive: true, encoding: 'utf8' });
    let changed = 0;
    for (const file of files.filter((name) => name.endsWith('.cjs'))) {
      const path = join(this.#folder, 'out', file);
      const text = readFileSync(path, 'utf8');
      const other = text.replace(
        new RegExp(`\\bcontractVersion ?= ?${contractVersion}\\b`),
        () => `contractVersion=${contract}`,
      );
      if (other !== text) changed += 1;
      writeFileSync(path, other);
    }
    if (changed !== 1) throw new Error(`the contract's version is in ${changed} of the built files`);
  }

  /** Runs a command of this version for a home. */
  run(home: string, ...words: readonly string[]): Promise<CommandOutput> {
    return soloist(home, words, { program: join(this.#folder, 'out/cli.cjs') });
  }
}
