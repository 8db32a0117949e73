import { writeSync } from 'node:fs';
import { openHistory } from '../../../main/daemon/history/history.ts';
import { sqliteBindings } from '../../../main/daemon/sqlite/binding.ts';

/**
 * Writes runs into a history as fast as it can until it is killed, and prints each step after the call has
 * returned: `claimed ID`, `started ID`, `ended ID EXIT-CODE`, `paused JOB`. Arguments: file, name of the
 * binding to SQLite, first due time, runs in flight.
 */

const [file = '', bindingName, firstDue = '0', inFlight = '1'] = process.argv.slice(2);
const sqlite = sqliteBindings.map((load) => load()).find((binding) => binding?.name === bindingName);
if (sqlite === undefined) throw new Error(`no ${bindingName} here`);

const { history } = openHistory(file, {
  sqlite,
  now: () => new Date(),
  onFlushError: (error) => {
    throw error;
  },
});

// Straight into the pipe: what was printed is with the reader even when this process is killed right after.
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

const processes = {
  shell: { pid: 4242, processStarted: '123456', bootId: '3f0c1f6e-6a0e-4f8e-9a57-1d2b8c9e0a11', group: 4242 },
  child: undefined,
};

let due = Number(firstDue);
for (let round = 0; ; round++) {
  const claims = Array.from({ length: Number(inFlight) }, (_, index) => ({
    job: `job ${index}`,
    trigger: { kind: 'cron' as const, due },
    attempt: 1,
    at: due,
  }));
  due++;
  const runs = history.claimAll(claims).map((claimed) => {
    if (claimed.kind !== 'claimed') throw new Error(`due time ${due} was claimed before`);
    return claimed.run.id;
  });
  for (const run of runs) say(`claimed ${run}`);
  for (const run of runs) {
    history.started(run, { at: due, processes, outputFile: `output/${run}.log` });
    say(`started ${run}`);
  }
  for (const run of runs) {
    const exitCode = (due * 31 + round) % 256;
    history.ended(run, { at: due + 1, outcome: { kind: 'succeeded', exitCode }, outputBytes: 100 });
    say(`ended ${run} ${exitCode}`);
  }
  if (round % 50 === 0) {
    history.pause(`paused in ${due}`, 'writer', due);
    say(`paused ${due}`);
  }
  // The timer of the flushes and their checkpoints gets its turn.
  if (round % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
}
