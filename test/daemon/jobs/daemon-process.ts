/**
 * A daemon reduced to its jobs, in a process of its own that a test can kill.
 *
 *     node daemon-process.ts HOME TOKEN
 */

import { startJobs } from '../../../main/daemon/jobs/engine.ts';
import { duringCrash } from './crash-jobs.ts';
import { configurationOf, testOptions } from './support.ts';

const [home = '', token = ''] = process.argv.slice(2);
const configuration = configurationOf(duringCrash(home, token), 100);
await startJobs({ ...testOptions(home), configuration });
