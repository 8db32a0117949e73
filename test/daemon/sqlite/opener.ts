import { openHistory } from '../../../main/daemon/history/history.ts';
import { type FilePlan, openFile } from '../../../main/daemon/sqlite/plain-file.ts';

/**
 * Opens one new database after the other, each at an instant at which others of its kind open it too, and writes a row
 * of its own to each. Prints each round in which it could not, and why. Arguments: `history` or `plain`, folder, rounds, the
 * first round's instant (ms since 1970), milliseconds between two, and the number that it writes.
 */

const plan: FilePlan = {
  code: 'numbers',
  what: 'The list of numbers',
  ifDamaged: 'It is made anew.',
  version: 1,
  tables: 'CREATE TABLE numbers (number INTEGER PRIMARY KEY) STRICT',
  settings: 'PRAGMA synchronous = NORMAL',
  busyMs: 5_000,
  isCopy: false,
};

const writers: Readonly<Record<string, (file: string, number: number) => Promise<void>>> = {
  async history(file, number) {
    const onFlushError = (error: unknown): never => {
      throw error;
    };
    const { history, movedAside } = openHistory(file, { now: () => new Date(), onFlushError });
    for (const { reason } of movedAside) console.log(`${file}: ${reason}`);
    history.claim({ job: 'backup', trigger: { kind: 'cron', due: number }, attempt: 1, at: Date.now() });
    await history.close();
  },
  async plain(file, number) {
    const database = openFile(file, plan, (line) => console.log(`${file}: ${line}`));
    database.run('INSERT INTO numbers VALUES (?)', [number]);
    database.close();
  },
};

const now = (): number => performance.timeOrigin + performance.now();
const pause = new Int32Array(new SharedArrayBuffer(4));
const [kind = '', folder = '', rounds = '0', first = '0', apart = '0', number = '0'] = process.argv.slice(2);
for (let round = 0; round < Number(rounds); round++) {
  const at = Number(first) + round * Number(apart);
  // Waking up takes a while: the last milliseconds are spent awake.
  if (now() < at - 2) Atomics.wait(pause, 0, 0, at - 2 - now());
  while (now() < at);
  try {
    await writers[kind]?.(`${folder}/${round}.db`, Number(number));
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
  }
}
