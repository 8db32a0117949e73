import { describe, expect, it } from 'vitest';
import { openHistory } from '../../../main/daemon/history/history.ts';
import { sqliteBindings } from '../../../main/daemon/sqlite/binding.ts';
import { options, startProgram, temporaryFolder } from './support.ts';

const ROUNDS = Number(process.env.SOLOIST_TEST_RACES ?? 12);
const bindings = sqliteBindings.map((load) => load()).filter((binding) => binding !== undefined);

describe.each(bindings)('two processes on one history with $name', (sqlite) => {
  it('never both claim one due time, and leave none unclaimed', async () => {
    const rounds = Math.max(2, Math.round(ROUNDS / bindings.length));
    const dueTimes = 400;
    let shared = 0;
    let file = '';
    for (let round = 0; round < rounds; round++) {
      // Every other round on a file that neither has made yet, racing for that too.
      if (round % 2 === 0) file = `${temporaryFolder()}/history.db`;
      const first = round * 1_000_000;
      const together = [100, 20, 1, 1][round % 4] ?? 1;
      const open = round % 2 === 0 ? 'after' : 'before';
      const parameters = [file, sqlite.name, first, dueTimes, together, open].map(String);
      const racers = [startProgram('claimer', parameters), startProgram('claimer', parameters)];
      for (const racer of racers) await racer.printed(1);
      for (const racer of racers) racer.child.stdin?.end('\n');
      for (const racer of racers) expect(await racer.ended).toBe(0);
      const [one = [], other = []] = racers.map(({ lines }) =>
        (lines[1] ?? '').split(' ').filter(Boolean).map(Number),
      );
      expect([...one, ...other].toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: dueTimes }, (_, index) => first + index),
      );
      if (one.length > 0 && other.length > 0) shared++;
      const { history } = openHistory(file, { ...options, sqlite });
      expect(history.page({ since: 0 }, undefined, 10_000).runs).toHaveLength(dueTimes * ((round % 2) + 1));
      await history.close();
    }
    console.log(
      `${sqlite.name}: ${rounds} races for ${dueTimes} due times, each claimed once; both won some in ${shared} of them`,
    );
    expect(shared).toBeGreaterThan(0);
  });
});
