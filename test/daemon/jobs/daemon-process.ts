/**
 * A daemon reduced to its jobs, in a process of its own that a test can kill.
 *
 *     node daemon-process.ts HOME TOKEN [JOBS [HOOK]]
 *
 * JOBS is JSON; without it they are those of the crash. HOOK is what a shell runs for each alert.
 */

import { startJobs } from '../../../main/daemon/jobs/engine.ts';
import { duringCrash } from './crash-jobs.ts';
import { configurationOf, testOptions } from './support.ts';

const [home = '', token = '', jobs, hook] = process.argv.slice(2);
const configuration = configurationOf(jobs === undefined ? duringCrash(home, token) : JSON.parse(jobs), 100);
const onAlert =
  hook === undefined ? undefined : ({ command: { kind: 'shell', text: hook, shell: '/bin/sh' } } as const);
const options = testOptions(home);
await startJobs({
  ...options,
  configuration: { ...configuration, onAlert },
  loginEnvironment: async () => {
    const { kind, variables } = await options.loginEnvironment();
    return { kind, variables: { ...variables, TOKEN: token } };
  },
});
