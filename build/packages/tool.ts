import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { modeWords } from '../../main/daemon/executable.ts';
import { wrapperText } from '../../main/tool/wrapper.ts';

const root = resolve(import.meta.dirname, '../..');

/** Writes what a system package brings of the command line into `out/tool`: the command, its manual, its completions. */
export function makeTool(executable = '/opt/Soloist/soloist-app'): void {
  const folder = join(root, 'out/tool');
  mkdirSync(folder, { recursive: true });
  const said = (...words: readonly string[]): string =>
    execFileSync(process.execPath, [join(root, 'out/cli.cjs'), ...words], { encoding: 'utf8' });
  writeFileSync(join(folder, 'soloist'), wrapperText([executable, ...modeWords('cli', 'linux')]), {
    mode: 0o755,
  });
  writeFileSync(join(folder, 'soloist.1'), said('man'));
  writeFileSync(join(folder, 'soloist.bash'), said('completion', 'bash'));
  writeFileSync(join(folder, 'soloist.fish'), said('completion', 'fish'));
  writeFileSync(join(folder, '_soloist'), said('completion', 'zsh'));
}
