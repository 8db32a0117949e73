// Prints a line per torture, and the failures of each. Words given are looked for in the names: `npm run torture -- clock`.
import { cpus, release, type } from 'node:os';
import { beginTemporary } from '../support/temporary.ts';
import { resultLine } from './result.ts';
import { tortures } from './table.ts';

const words = process.argv.slice(2);
const chosen = tortures.filter(({ name }) => words.every((word) => name.includes(word)));
console.log(`${type()} ${release()}, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`);
const removeTemporary = beginTemporary();
let failed = 0;
for (const { long } of chosen) {
  const before = performance.now();
  const result = await long();
  console.log(`${resultLine(result)} in ${Math.round((performance.now() - before) / 1000)} s`);
  for (const failure of result.failures.slice(0, 20)) console.log(`  ${failure}`);
  if (result.failures.length > 0) failed += 1;
}
console.log(`${chosen.length - failed} passed, ${failed} failed`);
removeTemporary();
process.exitCode = failed === 0 ? 0 : 1;
