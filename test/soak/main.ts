// The packaged app with fifty jobs for a quarter of an hour, or the engine through a simulated month: nothing grows,
// nothing is forgotten, nothing is left. Needs Linux, since it reads /proc, and the first a display.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { missingForWindows } from '../e2e/runtime.ts';
import { EXECUTABLE, makePackage, ROOT } from '../packaged/package.ts';
import { beginTemporary } from '../support/temporary.ts';
import { simulatedMonth } from './month.ts';
import { Soak } from './real.ts';
import { type Verdict, verdictLine } from './verdicts.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '15' },
    program: { type: 'string' },
    month: { type: 'boolean', default: false },
    days: { type: 'string', default: '30' },
    /** The folder of the soak stays, to be looked at. */
    keep: { type: 'boolean', default: false },
  },
});

async function soak(minutes: number): Promise<readonly Verdict[]> {
  const missing = process.platform === 'linux' ? missingForWindows() : ['It reads /proc.'];
  if (missing.length > 0) throw new Error(`The soak cannot run. ${missing.join(' ')}`);
  if (values.program === undefined) {
    if (!existsSync(join(ROOT, 'out/index.cjs')))
      execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT });
    makePackage();
  }
  const program = resolve(values.program ?? EXECUTABLE);
  console.log(`the packaged app with 50 jobs for ${minutes} minutes`);
  const one = new Soak(program, minutes);
  const end = (code: number) => () => {
    one.end();
    removeTemporary();
    process.exit(code);
  };
  process.once('SIGINT', end(130));
  process.once('SIGTERM', end(143));
  try {
    return await one.live();
  } finally {
    one.end();
  }
}

const removeTemporary = beginTemporary();
console.log(
  `${type()} ${release()}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`,
);
const minutes = Number(values.minutes);
const days = Number(values.days);
if (!(minutes > 0) || !(days > 0)) throw new Error('How long? --minutes and --days take a number.');
const verdicts = values.month ? await simulatedMonth({ days }) : await soak(minutes);
for (const verdict of verdicts) console.log(verdictLine(verdict));
const failures = verdicts.filter(({ holds }) => !holds).length;
console.log(`${failures} failures`);
if (values.keep) console.log(`kept in ${process.env.SOLOIST_TEST_FOLDER}`);
else removeTemporary();
process.exitCode = failures === 0 ? 0 : 1;
