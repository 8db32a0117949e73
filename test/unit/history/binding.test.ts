import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadSqlite, sqliteBindings } from '../../../main/daemon/sqlite/binding.ts';
import { bindings } from './support.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('SQLite', () => {
  it('is there, and new enough', () => {
    console.log(`SQLite of Node ${process.versions.node}: ${bindings.map(({ name }) => name).join(', ')}`);
    expect(bindings).not.toEqual([]);
    for (const { DatabaseSync } of bindings) {
      const database = new DatabaseSync(':memory:');
      const version = String(database.prepare('SELECT sqlite_version() AS version').get()?.version);
      database.close();
      // STRICT tables came with 3.37.
      expect(Number(version.split('.')[1])).toBeGreaterThanOrEqual(37);
    }
  });

  it("is the runtime's own where it has one", () => {
    const builtIn = process.getBuiltinModule?.('node:sqlite') !== undefined;
    expect(loadSqlite().name).toBe(builtIn ? 'node:sqlite' : '@photostructure/sqlite');
  });

  it('is refused in words where there is none', () => {
    expect(() => loadSqlite([() => undefined])).toThrow(expect.objectContaining({ code: 'sqlite-missing' }));
  });

  it('loads without the warning of Node 22, and holds no other warning back', () => {
    const warnings: unknown[] = [];
    const emit = vi.spyOn(process, 'emitWarning').mockImplementation((...parameters: unknown[]) => {
      warnings.push(parameters);
    });
    vi.spyOn(process, 'getBuiltinModule').mockImplementation(() => {
      process.emitWarning(
        'SQLite is an experimental feature and might change at any time',
        'ExperimentalWarning',
      );
      process.emitWarning('Fetch is an experimental feature', 'ExperimentalWarning');
      process.emitWarning('SQLite is slow today', 'Warning');
      return undefined;
    });
    sqliteBindings[0]?.();
    expect(warnings).toEqual([
      ['Fetch is an experimental feature', 'ExperimentalWarning'],
      ['SQLite is slow today', 'Warning'],
    ]);
    expect(process.emitWarning).toBe(emit);
  });
});
