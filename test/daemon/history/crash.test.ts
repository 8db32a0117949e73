import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type History, openHistory } from '../../../main/daemon/history/history.ts';
import { sqliteBindings } from '../../../main/daemon/sqlite/binding.ts';
import { options, type Program, startProgram, temporaryFolder } from './support.ts';

const ROUNDS = Number(process.env.SOLOIST_TEST_CRASHES ?? 30);
const bindings = sqliteBindings.map((load) => load()).filter((binding) => binding !== undefined);

/** What the lines of a writer claim must be in the history. Returns how many lines that was for. */
function verify(history: History, lines: readonly string[]): number {
  const paused = new Set(history.paused().map(({ job }) => job));
  const last = new Map<string, [step: string, exitCode: string | undefined]>();
  for (const line of lines) {
    const [step = '', id = '', exitCode] = line.split(' ');
    if (step === 'paused') expect(paused).toContain(`paused in ${id}`);
    else last.set(id, [step, exitCode]);
  }
  const atLeast: Record<string, readonly string[]> = {
    claimed: ['queued', 'running', 'ended'],
    started: ['running', 'ended'],
    ended: ['ended'],
  };
  for (const [id, [step, exitCode]] of last) {
    const run = history.find(id);
    if (run === undefined) throw new Error(`run ${id} was ${step} and is gone`);
    if (!atLeast[step]?.includes(run.state)) throw new Error(`run ${id} was ${step} and is ${run.state}`);
    if (step === 'ended') {
      expect(run).toMatchObject({
        outcome: { kind: 'succeeded', exitCode: Number(exitCode) },
        execution: { processes: { shell: { pid: 4242 } }, output: { bytes: 100 } },
      });
    }
  }
  return lines.length;
}

async function killAtRandom(program: Program): Promise<void> {
  await program.printed(1);
  await setTimeout(Math.random() * 120);
  program.child.kill('SIGKILL');
  expect(await program.ended).toBe('SIGKILL');
}

describe.each(bindings)('a process that is killed at a random instant, writing with $name', (sqlite) => {
  const rounds = Math.max(1, Math.round(ROUNDS / bindings.length));

  it('loses nothing that a call has returned for', async () => {
    const file = `${temporaryFolder()}/history.db`;
    const known: string[] = [];
    let unfinished = 0;
    let largest = 0;
    for (let round = 0; round < rounds; round++) {
      const inFlight = round % 3 === 0 ? 20 : 1;
      const program = startProgram('writer', [
        file,
        sqlite.name,
        String((round + 1) * 1e9),
        String(inFlight),
      ]);
      await killAtRandom(program);
      // Every page is checked here, since the last process did not close the file.
      const { history, movedAside, created } = openHistory(file, { ...options, sqlite });
      expect({ movedAside, created }).toEqual({ movedAside: [], created: false });
      known.push(...program.lines);
      largest = Math.max(largest, program.lines.length);
      verify(history, program.lines);
      const left = history.unfinished();
      expect(left.length).toBeLessThanOrEqual(inFlight);
      unfinished += left.length;
      const lost = left.map(({ id }) => id);
      expect(history.markLost(lost, 1)).toBe(left.length);
      expect(history.unfinished()).toEqual([]);
      known.splice(0, known.length, ...known.filter((line) => !lost.some((id) => line.includes(id))));
      await history.close();
    }
    const { history } = openHistory(file, { ...options, sqlite });
    const checked = verify(history, known);
    await history.close();
    console.log(
      `${sqlite.name}: killed ${rounds} times; ${checked} returned calls all in the history ` +
        `(up to ${largest} in one life), ${unfinished} runs were under way and marked lost`,
    );
    expect(checked).toBeGreaterThan(rounds);
  });
});
