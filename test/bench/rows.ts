import { benchBurst } from './burst.ts';
import { benchCommands } from './commands.ts';
import { benchHistory } from './history.ts';
import { benchIdle } from './idle.ts';
import { benchLateness } from './lateness.ts';
import { benchLinkCost } from './links/cost.ts';
import { benchLinkQuality } from './links/quality.ts';
import { benchAcquire, benchRecovery } from './locks.ts';
import { benchStart } from './start.ts';

/** All that is measured, in the order in which it is printed. */
export const rows: readonly { readonly name: string; run(): Promise<void> }[] = [
  { name: 'lock: acquire and release', run: () => benchAcquire(1_000) },
  { name: 'lock: owner killed until a waiting starter owns', run: () => benchRecovery(30, 3) },
  { name: 'commands', run: () => benchCommands(20) },
  { name: 'lateness of one job a second', run: () => benchLateness(3, 20) },
  { name: 'burst of 200 jobs due at once', run: () => benchBurst(200, 2, 4) },
  { name: 'start with 20 jobs', run: () => benchStart(20, 10) },
  { name: 'start with 10,000 jobs', run: () => benchStart(10_000, 3) },
  { name: 'idle: memory and context switches', run: () => benchIdle(60) },
  { name: 'links: quality, on hidden links', run: () => benchLinkQuality(process.env.SOLOIST_BENCH_VAULT) },
  { name: 'links: cost, of 10,000 notes', run: () => benchLinkCost(10_000) },
  { name: 'history of a million runs', run: () => benchHistory(1_000_000) },
];
