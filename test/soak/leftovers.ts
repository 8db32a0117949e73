import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from './person.ts';
import { processesOf } from './processes.ts';
import { none, type Verdict } from './verdicts.ts';

/** Chromium's helpers end a moment after the process that they help. */
const PATIENCE_MS = 5_000;

/** What is left of an app that has ended. */
export async function leftVerdicts(person: Person): Promise<readonly Verdict[]> {
  const deadline = Date.now() + PATIENCE_MS;
  while (processesOf(person.user).length > 0 && Date.now() < deadline) await sleep(100);
  const left = processesOf(person.user).map(
    ({ pid, words }) => `PID ${pid} ${words.join(' ').slice(0, 120)}`,
  );
  const names = readdirSync(person.home, { recursive: true, encoding: 'utf8' });
  const passing = names.filter((name) => {
    const status = lstatSync(join(person.home, name));
    return status.isSocket() || status.isFIFO() || /(\.(sock|pid|new)|lock\.d|pipes-[^/]*)$/.test(name);
  });
  const temporary = existsSync(person.temporary) ? readdirSync(person.temporary) : [];
  const verdicts = [
    none('no process is left', left, 'those that name the home in their words or environment'),
    none('no socket, PID, named pipe or half-written file is left', passing, `${names.length} files`),
    none('no temporary file is left', temporary, 'its temporary folder'),
  ];
  const status = await person.command('status');
  // That it takes the lock shows that it is free.
  const up = await person.command('up');
  const down = await person.command('down');
  const codes = [status, up, down].map(({ exitCode }) => exitCode);
  return [
    ...verdicts,
    {
      promise: 'it has ended in order and can be started again',
      found: `status, up and down exit with ${codes.join(', ')}${up.exitCode === 0 ? '' : `: ${up.stderr}`}`,
      holds: codes.join() === '3,0,0',
    },
  ];
}
