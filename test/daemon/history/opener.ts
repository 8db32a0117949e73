import { openHistory } from '../../../main/daemon/history/history.ts';
import { sqliteBindings } from '../../../main/daemon/sqlite/binding.ts';

/**
 * Opens one new history after the other, each at an instant at which others of its kind open it too, and claims a due
 * time of its own in each. Prints each round in which it could not, and why. Arguments: folder, name of the binding to
 * SQLite, rounds, the first due time's instant (ms since 1970), milliseconds between two, and this one's due time.
 */

const [folder = '', bindingName, rounds = '0', first = '0', apart = '0', due = '0'] = process.argv.slice(2);
const sqlite = sqliteBindings.map((load) => load()).find((binding) => binding?.name === bindingName);
if (sqlite === undefined) throw new Error(`no ${bindingName} here`);

const onFlushError = (error: unknown): never => {
  throw error;
};
const pause = new Int32Array(new SharedArrayBuffer(4));
for (let round = 0; round < Number(rounds); round++) {
  const at = Number(first) + round * Number(apart);
  const now = (): number => performance.timeOrigin + performance.now();
  if (now() < at - 2) Atomics.wait(pause, 0, 0, at - 2 - now());
  while (now() < at);
  try {
    const options = { sqlite, now: () => new Date(), onFlushError };
    const { history, movedAside } = openHistory(`${folder}/${round}.db`, options);
    for (const { reason } of movedAside) console.log(`round ${round}: ${reason}`);
    history.claim({ job: 'backup', trigger: { kind: 'cron', due: Number(due) }, attempt: 1, at: Date.now() });
    await history.close();
  } catch (error) {
    console.log(`round ${round}: ${error instanceof Error ? error.message : error}`);
  }
}
