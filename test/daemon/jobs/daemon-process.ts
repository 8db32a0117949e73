/**
 * A daemon reduced to its jobs, in a process of its own that a test can kill.
 *
 *     node daemon-process.ts HOME TOKEN [JOBS]
 *
 * JOBS is JSON; without it they are those of the crash.
 */

import { startJobs } from '../../../main/daemon/jobs/engine.ts';
import { duringCrash } from './crash-jobs.ts';
import { configurationOf, testOptions } from './support.ts';

const [home = '', token = '', jobs] = process.argv.slice(2);
const configuration = configurationOf(jobs === undefined ? duringCrash(home, token) : JSON.parse(jobs), 100);
await startJobs({ ...testOptions(home), configuration });
