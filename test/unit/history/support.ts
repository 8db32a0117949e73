import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type History, type HistoryOptions, openHistory } from '../../../main/daemon/history/history.ts';
import type { Claim } from '../../../main/daemon/history/life.ts';
import type { Outcome, QueuedRun, RunProcess, RunProcesses } from '../../../main/daemon/history/run.ts';
import { sqliteBindings } from '../../../main/daemon/sqlite/binding.ts';

/** Every way to SQLite that this computer has. */
export const bindings = sqliteBindings.map((load) => load()).filter((binding) => binding !== undefined);

/** A time for tests, and a name for what is moved aside. */
export const NOON = Date.UTC(2026, 10, 23, 12, 0, 0);

export const options: HistoryOptions = {
  now: () => new Date(NOON),
  onFlushError: (error) => {
    throw error;
  },
};

const folders: string[] = [];
const histories: History[] = [];

afterEach(async () => {
  for (const history of histories.splice(0)) await history.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'soloist-history-'));
  folders.push(folder);
  return folder;
}

/** A new history that is closed after the test. */
export function temporaryHistory(changed: Partial<HistoryOptions> = {}): History {
  const { history } = openHistory(join(temporaryFolder(), 'history.db'), { ...options, ...changed });
  histories.push(history);
  return history;
}

export function process(pid: number): RunProcess {
  return { pid, processStarted: `${pid}00`, bootId: '3f0c1f6e-6a0e-4f8e-9a57-1d2b8c9e0a11', group: pid };
}

export const processes: RunProcesses = { shell: process(4242), child: undefined };

/** Claims that run, which nobody else has claimed. */
export function claimed(history: History, claim: Partial<Claim> = {}): QueuedRun {
  const result = history.claim({
    job: 'backup',
    trigger: { kind: 'person' },
    attempt: 1,
    at: NOON,
    ...claim,
  });
  if (result.kind !== 'claimed') throw new Error(`the due time belongs to ${result.existing}`);
  return result.run;
}

export const SUCCESS: Outcome = { kind: 'succeeded', exitCode: 0 };
