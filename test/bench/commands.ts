import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { run, soloist } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { aimLine, figuresLine, median } from './figures.ts';

async function timed(action: () => Promise<{ exitCode: number | null }>): Promise<number> {
  const before = performance.now();
  const { exitCode } = await action();
  if (exitCode !== 0) throw new Error(`a measured command ended with exit code ${exitCode}`);
  return performance.now() - before;
}

/** `soloist up` until it answers and `soloist status`, each beside a Node that does nothing, by turns. */
export async function benchCommands(runs: number): Promise<void> {
  const home = join(temporaryFolder(), 'home');
  const bare: number[] = [];
  const up: number[] = [];
  const status: number[] = [];
  for (let index = -2; index < runs; index++) {
    const values = [
      await timed(() => run(process.execPath, ['-e', '0'])),
      await timed(() => soloist(home, ['up'])),
      await timed(() => soloist(home, ['status'])),
    ] as const;
    await soloist(home, ['down']);
    rmSync(home, { recursive: true, force: true });
    // The first ones fill the system's caches.
    if (index < 0) continue;
    bare.push(values[0]);
    up.push(values[1]);
    status.push(values[2]);
  }
  console.log(figuresLine({ name: 'node -e 0', unit: 'ms', values: bare }));
  console.log(figuresLine({ name: 'soloist up, until it answers', unit: 'ms', values: up }));
  console.log(figuresLine({ name: 'soloist status', unit: 'ms', values: status }));
  const ratio = median(status) / median(bare);
  console.log(aimLine('status at most 1.5 times a bare Node', ratio, 'times', ratio <= 1.5));
}
