// Prints what Soloist costs, beside what else could be used, all in this one run. Words given are looked for in the names
// of the rows: `npm run bench -- lateness`.
import { cpus, release, totalmem, type } from 'node:os';
import { contenders } from './contenders.ts';
import { beginBench } from './leftovers.ts';
import { rows } from './rows.ts';

const words = process.argv.slice(2);
const chosen = rows.filter(({ name }) => words.every((word) => name.includes(word)));
const versions = contenders.map(({ name, version }) => `${name} ${version ?? 'not installed'}`);
console.log(
  `${type()} ${release()}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`,
);
console.log(versions.join(', '));
beginBench();
for (const { name, run } of chosen) {
  const before = performance.now();
  console.log(`\n${name}`);
  await run();
  console.log(`  in ${Math.round((performance.now() - before) / 1000)} s`);
}
// Nothing that is left, such as a socket to a daemon that has ended, keeps this waiting.
process.exit(chosen.length > 0 ? 0 : 2);
