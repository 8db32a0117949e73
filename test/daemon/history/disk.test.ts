import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type History, openHistory } from '../../../main/daemon/history/history.ts';
import { sqliteBindings } from '../../../main/daemon/sqlite/binding.ts';
import { fillUp, smallDisk } from './small-disk.ts';
import { options, startProgram, temporaryFolder } from './support.ts';

const bindings = sqliteBindings.map((load) => load()).filter((binding) => binding !== undefined);
const isRoot = process.getuid?.() === 0;
/** An account without rights, on Linux and macOS alike. */
const NOBODY = 65_534;

const processes = {
  shell: { pid: 4242, processStarted: '1', bootId: 'boot', group: 4242 },
  child: undefined,
};

/** Writes runs until the disk is full. Returns those that were ended, and one that could not be. */
function writeUntilFull(history: History): { ended: string[]; refused: unknown } {
  const ended: string[] = [];
  for (;;) {
    try {
      const claimed = history.claim({
        job: 'backup',
        trigger: { kind: 'watch', files: ['x'.repeat(2_000)] },
        attempt: 1,
        at: 1_000 + ended.length,
      });
      if (claimed.kind !== 'claimed') throw new Error('not claimed');
      history.started(claimed.run.id, { at: 1, processes, outputFile: undefined });
      history.ended(claimed.run.id, { at: 2, outcome: { kind: 'succeeded', exitCode: 0 } });
      ended.push(claimed.run.id);
    } catch (error) {
      return { ended, refused: error };
    }
  }
}

function allEnded(history: History, ids: readonly string[]): void {
  for (const id of ids) expect(history.find(id)).toMatchObject({ state: 'ended' });
}

describe.each(bindings)('a history on a full disk, with $name', (sqlite) => {
  it('says so, keeps what it has, and goes on when there is room', async (context) => {
    const disk = smallDisk(4_096);
    if (disk === undefined) return context.skip('only root on Linux can mount a small disk');
    const file = join(disk, 'history.db');
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(2_000_000));
    const flushErrors: Error[] = [];
    const open = () =>
      openHistory(file, { ...options, sqlite, onFlushError: (error) => flushErrors.push(error) }).history;

    const history = open();
    const { ended, refused } = writeUntilFull(history);
    expect(refused).toMatchObject({ name: 'SoloistError', code: 'history-full' });
    expect(ended.length).toBeGreaterThan(10);
    allEnded(history, ended);
    // Together with others, too, a call that cannot be recorded changes nothing.
    const before = history.page({}, undefined, 10_000).runs;
    const claims = Array.from({ length: 500 }, (_, index) => ({
      job: 'burst',
      trigger: { kind: 'cron' as const, due: index },
      attempt: 1,
      at: index,
    }));
    expect(() => history.claimAll(claims)).toThrow(expect.objectContaining({ code: 'history-full' }));
    expect(history.page({}, undefined, 10_000).runs).toEqual(before);

    rmSync(ballast);
    expect(history.claimAll(claims).every(({ kind }) => kind === 'claimed')).toBe(true);
    const unfinished = history.unfinished().filter(({ job }) => job === 'backup');
    expect(
      history.markLost(
        unfinished.map(({ id }) => id),
        5,
      ),
    ).toBe(unfinished.length);
    await history.close();

    const again = open();
    allEnded(again, ended);
    expect(again.unfinished()).toHaveLength(500);
    await again.close();
    console.log(
      `${sqlite.name}: disk full after ${ended.length} runs, all of them kept; ${flushErrors.length} flush errors`,
    );
  });

  it('keeps what it has when it is closed, left behind and opened without any room', async (context) => {
    const disk = smallDisk(4_096);
    if (disk === undefined) return context.skip('only root on Linux can mount a small disk');
    const file = join(disk, 'history.db');
    const open = () => openHistory(file, { ...options, sqlite, onFlushError: () => {} });
    const { history } = open();
    const { ended } = writeUntilFull(history);
    fillUp(join(disk, 'ballast'));
    await history.close();
    let outcome = 'it opened';
    try {
      const full = open();
      expect(full).toMatchObject({ created: false, movedAside: [] });
      allEnded(full.history, ended);
      await full.history.close();
    } catch (error) {
      expect(error).toMatchObject({ name: 'SoloistError', code: 'history-full' });
      outcome = 'it was refused';
    }
    console.log(`${sqlite.name}: without any room ${outcome}`);
    rmSync(join(disk, 'ballast'));
    const again = open();
    expect(again).toMatchObject({ created: false, movedAside: [] });
    allEnded(again.history, ended);
    await again.history.close();
  });

  it('cannot begin, and says so', (context) => {
    const disk = smallDisk(64);
    if (disk === undefined) return context.skip('only root on Linux can mount a small disk');
    fillUp(join(disk, 'ballast'));
    expect(() => openHistory(join(disk, 'history.db'), { ...options, sqlite })).toThrow(
      expect.objectContaining({ code: 'history-full' }),
    );
  });
});

describe('a history that may not be written to', () => {
  const attempt = async (file: string): Promise<string | undefined> => {
    const program = startProgram('attempt', [file], isRoot ? { uid: NOBODY } : {});
    expect(await program.ended).toBe(0);
    return program.lines.at(-1);
  };

  /** A history that belongs to the account of the attempts. */
  const prepare = async (): Promise<{ folder: string; file: string }> => {
    const folder = temporaryFolder();
    const file = join(folder, 'history.db');
    await openHistory(file, options).history.close();
    if (isRoot) for (const path of [folder, file]) chownSync(path, NOBODY, NOBODY);
    return { folder, file };
  };

  const skipped = process.platform === 'win32';

  it.skipIf(skipped)(
    'is an error in words: the file, its folder or both read-only, or out of reach',
    async () => {
      const { folder, file } = await prepare();
      expect(await attempt(file)).toBe('done');
      const content = readFileSync(file);
      const cases: [fileMode: number, folderMode: number, code: string][] = [
        [0o400, 0o700, 'history-read-only'],
        [0o400, 0o500, 'history-read-only'],
        [0o600, 0o500, 'history-read-only'],
        [0o000, 0o700, 'history-read-only'],
        [0o600, 0o000, 'history-unreadable'],
      ];
      for (const [fileMode, folderMode, code] of cases) {
        chmodSync(file, fileMode);
        chmodSync(folder, folderMode);
        const said = await attempt(file);
        chmodSync(folder, 0o700);
        chmodSync(file, 0o600);
        expect([fileMode.toString(8), folderMode.toString(8), said]).toEqual([
          fileMode.toString(8),
          folderMode.toString(8),
          code,
        ]);
        expect(readFileSync(file).equals(content)).toBe(true);
        expect(readdirSync(folder)).toEqual(['history.db']);
      }
      expect(await attempt(file)).toBe('done');
    },
  );

  it.skipIf(skipped)('is not begun in a folder that is read-only', async () => {
    const { folder, file } = await prepare();
    rmSync(file);
    chmodSync(folder, 0o500);
    expect(await attempt(file)).toBe('history-read-only');
    chmodSync(folder, 0o700);
    expect(existsSync(file)).toBe(false);
  });
});
