// Prints what Soloist costs, beside what else could be used, all in this one run.
import { cpus, release, totalmem, type } from 'node:os';
import { beginTemporary } from '../support/temporary.ts';
import { benchCommands } from './commands.ts';
import { benchIdle } from './idle.ts';
import { benchAcquire, benchRecovery } from './locks.ts';

console.log(
  `${type()} ${release()}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}\n`,
);
const removeTemporary = beginTemporary();
await benchAcquire(1_000);
await benchRecovery(30, 3);
await benchCommands(20);
await benchIdle(60);
removeTemporary();
