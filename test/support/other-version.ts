import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { onTestFinished } from 'vitest';
import { contractVersion } from '../../main/version.ts';
import { type CommandOutput, soloist } from './command-line.ts';

const root = resolve(import.meta.dirname, '../..');

const STATUS = 'return daemon.status();';
const STRANGE =
  'const { owner, version, contract } = daemon.status(); return { owner, version, contract, mood: 7 };';

/** The command line and its daemon, built as if they spoke another contract. */
export class OtherVersion {
  readonly #program: string;

  private constructor(program: string) {
    this.#program = program;
  }

  /** With `isStrange`, its daemon tells of itself only what every version does. */
  static async build(contract: number, { isStrange = false } = {}): Promise<OtherVersion> {
    // In the repository, where it finds its packages.
    const results = join(root, 'test-results');
    mkdirSync(results, { recursive: true });
    const folder = mkdtempSync(join(results, 'version-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const own = `contractVersion = ${contractVersion};`;
    let changed = 0;
    await build({
      configFile: join(root, 'build/vite.main.ts'),
      logLevel: 'error',
      build: { outDir: folder },
      plugins: [
        {
          name: 'another contract',
          transform(code, id) {
            if (isStrange && id.endsWith('/main/control/control-part.ts'))
              return code.replace(STATUS, STRANGE);
            if (!id.endsWith('/main/version.ts')) return undefined;
            changed += code.split(own).length - 1;
            return code.replace(own, `contractVersion = ${contract};`);
          },
        },
      ],
    });
    if (changed !== 1) throw new Error(`the contract's version was found ${changed} times`);
    return new OtherVersion(join(folder, 'cli.cjs'));
  }

  /** Runs a command of this version for a home. */
  run(home: string, ...words: readonly string[]): Promise<CommandOutput> {
    return soloist(home, words, { program: this.#program });
  }
}
