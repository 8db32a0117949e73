import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '../../support/temporary.ts';
import { aimLine, figuresLine, percentile } from '../figures.ts';
import { makeVault } from './made-vault.ts';

interface Measured {
  readonly lines: readonly string[];
  readonly times: readonly number[];
  /** Of all threads. */
  readonly cpuTimes: readonly number[];
  readonly peakMb: number;
}

/** What the first index of a vault costs, and the update after one changed note, each in a process of its own. */
export async function benchLinkCost(notes: number): Promise<void> {
  const vault = temporaryFolder();
  const state = temporaryFolder();
  makeVault(vault, notes);
  const first = measure(vault, state);
  for (const line of first.lines) console.log(`  ${line}`);
  const what = `links between ${notes.toLocaleString('en')} notes`;
  const megabytes = (file: string): number => statSync(join(state, file)).size / 2 ** 20;
  console.log(figuresLine({ name: `${what}, first index`, unit: 'ms', values: first.times }));
  console.log(
    `  most memory ${first.peakMb.toFixed(0)} MB, processor time ${(first.cpuTimes[0] ?? 0).toFixed(0)} ms, ` +
      `index ${megabytes('index.sqlite').toFixed(0)} MB, suggestions ${megabytes('links.sqlite').toFixed(0)} MB`,
  );
  const cold = Array.from({ length: 5 }, () => measure(vault, state, 1));
  const values = cold.flatMap(({ times }) => times);
  console.log(figuresLine({ name: `${what}, update of one, new process`, unit: 'ms', values }));
  console.log(
    figuresLine({
      name: '  its processor time',
      unit: 'ms',
      values: cold.flatMap(({ cpuTimes }) => cpuTimes),
    }),
  );
  const again = measure(vault, state, 20);
  console.log(figuresLine({ name: `${what}, update of one, same process`, unit: 'ms', values: again.times }));
  console.log(figuresLine({ name: '  its processor time', unit: 'ms', values: again.cpuTimes }));
  console.log(`  ${again.lines.slice(-3).join('\n  ')}`);
  console.log(`  most memory ${Math.max(...cold.map(({ peakMb }) => peakMb)).toFixed(0)} MB`);
  const worst = percentile(values, 0.99);
  console.log(aimLine('update of one, in a new process, under 200 ms', worst, 'ms', worst < 200));
}

function measure(vault: string, state: string, changes?: number): Measured {
  const words = [vault, state, ...(changes === undefined ? [] : [String(changes)])];
  const file = resolve(import.meta.dirname, 'one-update.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, [file, ...words], {
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  if (status === 0) return JSON.parse(stdout);
  throw new Error(stderr);
}
