import { readSync } from 'node:fs';
import { openHistory } from '../../../main/daemon/history/history.ts';
import { sqliteBindings } from '../../../main/daemon/sqlite/binding.ts';

/**
 * Claims due times in a race with another process of its kind, after a line on stdin, and prints the due
 * times that it got. Arguments: file, name of the binding to SQLite, first due time, number of due times,
 * claims per call, and whether to open the file `before` or `after` the start of the race.
 */

const [file = '', bindingName, first = '0', count = '0', together = '1', open] = process.argv.slice(2);
const sqlite = sqliteBindings.map((load) => load()).find((binding) => binding?.name === bindingName);
if (sqlite === undefined) throw new Error(`no ${bindingName} here`);

const openHere = () =>
  openHistory(file, {
    sqlite,
    now: () => new Date(),
    onFlushError: (error) => {
      throw error;
    },
  }).history;

const early = open === 'before' ? openHere() : undefined;
console.log('ready');
readSync(0, Buffer.alloc(1));
const history = early ?? openHere();

// Each in an order of its own: in the same order, whoever starts first would stay ahead.
const dueTimes = Array.from({ length: Number(count) }, (_, index) => Number(first) + index)
  .map((due) => ({ due, place: Math.random() }))
  .toSorted((one, other) => one.place - other.place)
  .map(({ due }) => due);
const won: number[] = [];
const pause = new Int32Array(new SharedArrayBuffer(4));
for (let offset = 0; offset < dueTimes.length; offset += Number(together)) {
  // Without pauses, one holds the lock so much of the time that the other never gets in.
  Atomics.wait(pause, 0, 0, Math.random());
  const part = dueTimes.slice(offset, offset + Number(together));
  const results = history.claimAll(
    part.map((due) => ({ job: 'backup', trigger: { kind: 'cron', due }, attempt: 1, at: Date.now() })),
  );
  results.forEach((claimed, index) => {
    if (claimed.kind === 'claimed') won.push(part[index] ?? Number.NaN);
    else if (claimed.existing === undefined) throw new Error('a due time is claimed by no run');
  });
}
await history.close();
console.log(won.join(' '));
