import { ask } from '../control/client.ts';
import type { RunView } from '../daemon/jobs/views.ts';
import type { OutputPart } from '../daemon/run/output-read.ts';
import { daemonSocket } from './ask-daemon.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { followOutput } from './follow-output.ts';
import { followRun } from './follow-run.ts';
import { durationOfRun, endInWords, exitCodeOf } from './run-words.ts';
import { printable } from './table.ts';

/** How long the daemon may take to begin a run, in milliseconds. */
const BEGIN_MS = 60_000;

export interface RunRequest {
  readonly job: string;
  /** Added to the job's command. */
  readonly words: readonly string[];
}

/** `soloist run JOB`: lets a job run now. Exit code 1 if its overlap policy left the run out. */
export async function run(context: CommandContext, request: RunRequest): Promise<CommandResult> {
  const data = await ask(await daemonSocket(context), 'run', BEGIN_MS, request);
  const { outcome } = data.run;
  const isRefused = outcome !== null && outcome.kind !== 'succeeded';
  return { exitCode: isRefused ? 1 : 0, data, text: runInWords(data.run) };
}

/**
 * `soloist run JOB --wait`: lets a job run now and waits for its end, giving its output to `print` as it is written.
 * The exit code is that of the job.
 */
export async function runAndWait(
  context: CommandContext,
  request: RunRequest,
  print: (parts: AsyncIterable<OutputPart>) => Promise<unknown>,
): Promise<CommandResult> {
  const socket = await daemonSocket(context);
  let { run } = await ask(socket, 'run', BEGIN_MS, request);
  const over = new AbortController();
  let printing: Promise<unknown> | undefined;
  try {
    for await (const now of followRun(socket, run.id)) {
      run = now;
      if (run.output !== null) printing ??= print(followOutput(run.output.file, over.signal));
    }
  } finally {
    over.abort();
    await printing;
  }
  const exitCode = run.outcome === null ? 1 : exitCodeOf(run.outcome);
  return { exitCode, data: { run, exitCode }, text: runInWords(run) };
}

function runInWords(run: RunView): string {
  const name = `Run ${run.id} of ${printable(run.job)}`;
  if (run.outcome !== null) {
    const took = durationOfRun(run, Date.now());
    return `${name} ${printable(endInWords(run.outcome))}${took === '' ? '' : ` after ${took}`}.`;
  }
  const more = `'soloist logs ${run.id} -f' shows its output.`;
  return run.state === 'queued' ? `${name} is queued. ${more}` : `${name} is running. ${more}`;
}
