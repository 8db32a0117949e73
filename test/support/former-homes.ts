import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
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

const CLOCK = resolve(import.meta.dirname, '../fixtures/moved-clock.cjs');
const HOUR_MS = 3_600_000;

/** A copy of a home that a former version wrote. */
export interface FormerCopy {
  readonly home: string;
  readonly expected: FormerHome;
  /** When it was left (epoch milliseconds), about. */
  readonly left: number;
  /** For programs that open it an hour after it was left, whenever that was: much is kept for some months only. */
  readonly environment: NodeJS.ProcessEnv;
}

/** A copy of such a home in an empty place, as if this computer had made it before its last boot. */
export function copyFormerHome(name: string): FormerCopy {
  const expected: FormerHome = JSON.parse(readFileSync(join(FIXTURES, name, 'expected.json'), 'utf8'));
  const home = join(temporaryFolder(), 'home');
  cpSync(join(FIXTURES, name, 'home'), home, { recursive: true });
  for (const path of Object.keys(expected.modes))
    if (path.endsWith('/')) mkdirSync(join(home, path), { recursive: true });
  adopt(home);
  const left = Math.max(
    ...expected.runs.map((run) => Date.parse(run.endedAt ?? run.startedAt ?? run.queuedAt)),
  );
  for (const [path, mode] of Object.entries(expected.modes)) {
    chmodSync(join(home, path), Number.parseInt(mode, 8));
    // Git keeps no times; the last sign of life is one.
    utimesSync(join(home, path), left / 1_000, left / 1_000);
  }
  chmodSync(home, 0o700);
  const ahead = left + HOUR_MS - Date.now();
  const environment = { NODE_OPTIONS: `--require ${JSON.stringify(CLOCK)}`, SOLOIST_CLOCK_MS: String(ahead) };
  return { home, expected, left, environment };
}

/** A home of another computer is refused, as it must be; the boot stays another one, so that its processes are none. */
function adopt(home: string): void {
  const record = join(home, 'daemon.owner.json');
  const owner = JSON.parse(readFileSync(record, 'utf8'));
  writeFileSync(record, `${JSON.stringify({ ...owner, host: currentHost() }, null, 2)}\n`);
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
