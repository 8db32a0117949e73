import { createRequire } from 'node:module';
import type { DatabaseSync } from 'node:sqlite';
import { SoloistError } from '../errors.ts';

/** What is used of `node:sqlite`, or of a package with the same interface. */
export interface SqliteBinding {
  readonly name: string;
  readonly DatabaseSync: typeof DatabaseSync;
}

/**
 * Same interface as `node:sqlite`, for runtimes without it (Electron 33 is Node 20.18). Version 2 or newer:
 * in 1.x a closed database lives on until its statements are garbage, and may then delete the log of the next
 * one.
 */
const FALLBACK_PACKAGE = '@photostructure/sqlite';

/** Every way to SQLite, the wanted one first. Each returns undefined where this runtime does not have it. */
export const sqliteBindings: readonly (() => SqliteBinding | undefined)[] = [builtInSqlite, packagedSqlite];

/** SQLite for this runtime, by the first of the ways that has it. Throws a `SoloistError` if none has. */
export function loadSqlite(
  ways: readonly (() => SqliteBinding | undefined)[] = sqliteBindings,
): SqliteBinding {
  for (const load of ways) {
    const binding = load();
    if (binding !== undefined) return binding;
  }
  throw new SoloistError({
    code: 'sqlite-missing',
    message: `Node ${process.versions.node} has no SQLite, and the package ${FALLBACK_PACKAGE} is not installed.`,
    hint: `Use Node 22.13 or newer, or install ${FALLBACK_PACKAGE}.`,
  });
}

function builtInSqlite(): SqliteBinding | undefined {
  // Not an import: bundlers would resolve it, and runtimes without it would fail to start.
  const sqlite = withoutSqliteWarning(() => process.getBuiltinModule?.('node:sqlite'));
  return sqlite === undefined ? undefined : { name: 'node:sqlite', DatabaseSync: sqlite.DatabaseSync };
}

function packagedSqlite(): SqliteBinding | undefined {
  const require = createRequire(import.meta.url);
  let path: string;
  try {
    path = require.resolve(FALLBACK_PACKAGE);
  } catch {
    return undefined;
  }
  try {
    const { DatabaseSync } = require(path) as typeof import('node:sqlite');
    return { name: FALLBACK_PACKAGE, DatabaseSync };
  } catch (error) {
    throw new SoloistError(
      {
        code: 'sqlite-missing',
        message: `The package ${FALLBACK_PACKAGE} could not be loaded: ${error instanceof Error ? error.message : error}`,
        hint: `Install ${FALLBACK_PACKAGE} again on this computer, or use Node 22.13 or newer.`,
      },
      { cause: error },
    );
  }
}

/**
 * Node 22 warns once that its SQLite is experimental. Only that warning is held back, and only while loading.
 */
function withoutSqliteWarning<T>(load: () => T): T {
  const { emitWarning } = process;
  const filtered = (...parameters: unknown[]): void => {
    const [warning, type] = parameters;
    if (type === 'ExperimentalWarning' && String(warning).includes('SQLite')) return;
    Reflect.apply(emitWarning, process, parameters);
  };
  process.emitWarning = filtered;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
