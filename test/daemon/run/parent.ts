/**
 * A daemon reduced to what a crash test needs: it starts runs of many kinds and prints, as lines of JSON, the
 * identity of each before the job may do anything, as a daemon writes it to its history.
 *
 *     node parent.ts FOLDER TOKEN COUNT GRACE_MS
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunProcess } from '../../../main/daemon/history/run.ts';
import { runMark } from '../../../main/daemon/run/mark.ts';
import { createOutputPipes } from '../../../main/daemon/run/pipes.ts';
import { shareLooks, systemLook } from '../../../main/daemon/run/processes.ts';
import { beginRun, prepareRun } from '../../../main/daemon/run/run.ts';
import { forkedAway } from './support.ts';

const [folder = '', token = '', count = '20', grace = '300'] = process.argv.slice(2);
const sleep = `sleep ${token}`;

/** What the jobs do, in turn. Each says that it is ready once all of it is there. */
const jobs: readonly string[] = [
  `echo ready; exec ${sleep}`,
  `trap '' TERM; echo ready; ${sleep}`,
  `(trap '' TERM; (trap '' TERM; ${sleep}) & ${sleep}) & echo ready; ${sleep}; wait`,
  `${forkedAway(sleep)}; echo ready; ${sleep}`,
  `${forkedAway(`trap '' TERM; ${sleep} & ${sleep}`)}; echo ready; ${sleep}`,
  'trap "" TERM HUP PIPE; echo ready; while :; do echo more 2>/dev/null; sleep 0.01; done',
  `set -m; (trap '' TERM; ${sleep}) & ${sleep} & echo ready; wait`,
  `exec >&- 2>&- </dev/null; : > ready; ${sleep}`,
  // Nothing but its group tells whose this is.
  `(trap '' TERM; exec env -i PATH="$PATH" ${sleep}) & echo ready; wait`,
  // There is a new one each time one looks.
  `${forkedAway(`trap '' TERM; while :; do ${forkedAway('sleep 0.2')}; done`)}; echo ready; ${sleep}`,
];

export interface Recorded {
  readonly mark: string;
  readonly process: RunProcess;
}

const tools = { pipes: await createOutputPipes(join(folder, 'pipes')), look: shareLooks(systemLook()) };

async function start(index: number): Promise<void> {
  const mark = runMark(folder, String(index).padStart(8, '0'));
  const prepared = await prepareRun(
    {
      mark,
      command: { kind: 'shell', text: jobs[index % jobs.length] ?? '', shell: '/bin/sh', arguments: [] },
      cwd: folder,
      environment: { PATH: process.env.PATH ?? '', TOKEN: token },
      input: { kind: 'none' },
      graceMs: Number(grace),
      orphans: 'end',
      output: { file: join(folder, `${index}.log`), limit: 10_000, streams: 'together' },
      timeLimitMs: undefined,
      successCodes: [0],
      observe: () => {},
    },
    tools,
  );
  await beginRun(prepared, (recorded) =>
    appendFileSync(join(folder, 'history'), `${JSON.stringify({ mark, process: recorded })}\n`),
  );
}

await Promise.all(Array.from({ length: Number(count) }, (_, index) => start(index)));
