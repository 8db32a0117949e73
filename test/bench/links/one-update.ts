// Runs the action once on a vault, and prints as JSON what it printed, how long it took and the most memory that it had.
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { links } from '../../../main/daemon/actions/links/index.ts';
import { settingsOf } from './contenders.ts';

const [vault = '', state = '', change] = process.argv.slice(2);
const lines: string[] = [];
const context = {
  job: 'links',
  files: [],
  state,
  signal: new AbortController().signal,
  print: (line: string) => lines.push(line),
  warn: (line: string) => lines.push(line),
};
const settings = { ...settingsOf(vault), threshold: 0.35 };
const times: number[] = [];
const cpuTimes: number[] = [];
for (let round = 0; round < Number(change ?? 1); round++) {
  if (change !== undefined) {
    const folder = join(vault, `Folder ${round}`);
    appendFileSync(
      join(folder, readdirSync(folder)[round] ?? ''),
      `\nAnother line, number ${round}, and Note ${round * 7}.\n`,
    );
  }
  const before = performance.now();
  const cpu = process.cpuUsage();
  await links(settings, context);
  times.push(performance.now() - before);
  const used = process.cpuUsage(cpu);
  cpuTimes.push((used.user + used.system) / 1_000);
}
process.stdout.write(
  JSON.stringify({ lines, times, cpuTimes, peakMb: process.resourceUsage().maxRSS / 1024 }),
);
