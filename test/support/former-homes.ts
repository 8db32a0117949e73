import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { currentHost } from '../../main/daemon/lock/host.ts';
import type { FormerHome } from '../fixtures/homes/former-home.ts';
import { temporaryFolder } from './temporary.ts';

const FIXTURES = resolve(import.meta.dirname, '../fixtures/homes');

/** The names of all homes that former versions wrote. */
export const formerHomes: readonly string[] = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** A copy of such a home in an empty place, as if this computer had made it before its last boot. */
export function copyFormerHome(name: string): { readonly home: string; readonly expected: FormerHome } {
  const expected: FormerHome = JSON.parse(readFileSync(join(FIXTURES, name, 'expected.json'), 'utf8'));
  const home = join(temporaryFolder(), 'home');
  cpSync(join(FIXTURES, name, 'home'), home, { recursive: true });
  for (const path of Object.keys(expected.modes))
    if (path.endsWith('/')) mkdirSync(join(home, path), { recursive: true });
  for (const [path, mode] of Object.entries(expected.modes))
    chmodSync(join(home, path), Number.parseInt(mode, 8));
  chmodSync(home, 0o700);
  adopt(home);
  keepForEver(join(home, 'soloist.yaml'));
  return { home, expected };
}

/** A home of another computer is refused, as it must be; the boot stays another one, so that its processes are none. */
function adopt(home: string): void {
  const record = join(home, 'daemon.owner.json');
  const owner = JSON.parse(readFileSync(record, 'utf8'));
  writeFileSync(record, `${JSON.stringify({ ...owner, host: currentHost() }, null, 2)}\n`);
}

/** The fixtures grow older than runs are kept by default. */
function keepForEver(configuration: string): void {
  const text = readFileSync(configuration, 'utf8');
  const keep = 'keep: { runs: 10000, age: 3650d }';
  writeFileSync(
    configuration,
    text.replace('defaults:\n', `defaults:\n  output: { ${keep} }\n`).replace('keep: { runs: 500 }', keep),
  );
}

/** Every file of a folder with its bytes (Base64), mode and kind, to be compared. Sockets are left out. */
export function contentOf(folder: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  if (!existsSync(folder)) return found;
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const stats = statSync(join(folder, path));
    const mode = (stats.mode & 0o777).toString(8);
    if (stats.isFile()) found[path] = `${mode} ${readFileSync(join(folder, path)).toString('base64')}`;
    else if (stats.isDirectory()) found[`${path}/`] = mode;
  }
  return found;
}
