// Takes a lock as soon as it can be had, and tells the instant: waiting-starter.ts soloist|proper-lockfile FOLDER
import { setTimeout as sleep } from 'node:timers/promises';
import { takes } from './locks.ts';

const [name = 'soloist', folder = ''] = process.argv.slice(2);
const take = takes[name as keyof typeof takes];

for (let attempt = 0; ; attempt++) {
  try {
    await take(folder);
    process.send?.(String(process.hrtime.bigint()));
    break;
  } catch {
    if (attempt === 0) process.send?.('waiting');
    await sleep(5);
  }
}
setInterval(() => {}, 60_000);
