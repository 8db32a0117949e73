import { ask } from '../control/client.ts';
import { ANSWER_MS } from '../control/find-daemon.ts';
import { likelyWord } from '../daemon/config/likely.ts';
import { SoloistError } from '../daemon/errors.ts';
import { parseRunId } from '../daemon/history/run-id.ts';
import type { RunView } from '../daemon/jobs/views.ts';
import { type OutputPart, readLastLines, readOutput, showOutput } from '../daemon/run/output-read.ts';
import { daemonSocket } from './ask-daemon.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { followOutput } from './follow-output.ts';
import { followRun } from './follow-run.ts';
import { printable } from './table.ts';

/** How many of a job's latest runs are looked at for one that has an output. */
const LOOKED_AT = 100;
/** No output is kept that is larger. */
const ALL_BYTES = Number.MAX_SAFE_INTEGER;

/** What `soloist logs` found to show. */
export interface RunLog {
  readonly run: RunView;
  readonly parts: AsyncIterable<OutputPart>;
}

/** Where a run's output is to be read from. */
async function outputOf(context: CommandContext, target: string): Promise<{ socket: string; run: RunView }> {
  const socket = await daemonSocket(context);
  return { socket, run: await findRun(socket, target) };
}

/** `soloist logs JOB|RUN`: the output of a run so far, all or its last lines. */
export async function runLog(
  context: CommandContext,
  target: string,
  lines: number | undefined,
): Promise<RunLog> {
  const { run } = await outputOf(context, target);
  return { run, parts: readParts(run, lines) };
}

async function* readParts({ output }: RunView, lines: number | undefined): AsyncGenerator<OutputPart> {
  if (output === null) return;
  if (lines === undefined) yield* readOutput(output.file);
  else yield* await readLastLines(output.file, lines, ALL_BYTES);
}

/** `soloist logs JOB|RUN -f`: the output of a run, or its last lines, and what is added to it until it ends. */
export async function followLog(
  context: CommandContext,
  target: string,
  lines: number | undefined,
): Promise<RunLog> {
  const { socket, run } = await outputOf(context, target);
  return { run, parts: followParts(socket, run, lines) };
}

async function* followParts(
  socket: string,
  run: RunView,
  lines: number | undefined,
): AsyncGenerator<OutputPart> {
  const over = new AbortController();
  let failure: unknown;
  const file = new Promise<string | undefined>((resolve) => {
    void (async () => {
      try {
        for await (const { output } of followRun(socket, run.id)) if (output !== null) resolve(output.file);
      } catch (error) {
        failure = error;
      }
      resolve(undefined);
      over.abort();
    })();
  });
  const found = await file;
  if (found !== undefined) {
    const [first] = lines === undefined ? [] : await readLastLines(found, lines, ALL_BYTES);
    yield* followOutput(found, over.signal, first?.offset);
  }
  if (failure !== undefined) throw failure;
}

/** The same as a result, for programs. */
export async function runLogResult({ run, parts }: RunLog): Promise<CommandResult> {
  const output = (await showOutput(parts)).toString('utf8');
  return { exitCode: 0, data: { run, output }, text: output };
}

/** What is said of a run that had nothing to show; if it was followed, to its end. */
export function missingOutput({ id, job, state }: RunView, isFollowed: boolean): string {
  const isOver = isFollowed || state === 'ended';
  return `Run ${id} of ${printable(job)} has no output${isOver ? ', or none any more' : ' yet'}.`;
}

/** The run that a person means: one that goes on or else the latest with an output, of a job; or the one of an id. */
async function findRun(socket: string, target: string): Promise<RunView> {
  const { jobs } = await ask(socket, 'jobs', ANSWER_MS);
  const job = jobs.find(({ name }) => name === target);
  const current = job?.running.at(-1) ?? job?.queued[0];
  if (current !== undefined) return current;
  if (job === undefined && parseRunId(target) !== undefined) {
    return (await ask(socket, 'show', ANSWER_MS, { id: target })).run;
  }
  const runs = await runsOf(socket, target, job !== undefined);
  const latest = runs.find(({ output }) => output !== null) ?? runs[0];
  if (latest !== undefined) return latest;
  if (job === undefined)
    throw unknownTarget(
      target,
      likelyWord(
        target,
        jobs.map(({ name }) => name),
      ),
    );
  throw new SoloistError({
    code: 'no-runs',
    message: `${printable(target)} has not run yet.`,
    hint: `'soloist run ${target}' runs it now.`,
  });
}

/** A job that is not in the configuration any more may have runs all the same. */
async function runsOf(socket: string, job: string, isKnown: boolean): Promise<readonly RunView[]> {
  try {
    return (await ask(socket, 'runs', ANSWER_MS, { job, limit: LOOKED_AT })).runs;
  } catch (error) {
    if (!isKnown && error instanceof SoloistError && error.code === 'unknown-job') return [];
    throw error;
  }
}

function unknownTarget(target: string, likely: string | undefined): SoloistError {
  return new SoloistError({
    code: 'unknown-job',
    message: `There is no job or run '${printable(target)}'.`,
    hint: likely === undefined ? "'soloist jobs' lists the jobs." : `Did you mean ${likely}?`,
  });
}

/** A part of an output for programs: its text, or how much was not kept and why. */
export type TextPart =
  | {
      readonly kind: 'text';
      readonly offset: number;
      /** When it arrived, ISO 8601 in UTC; null where that is not known. */
      readonly at: string | null;
      readonly stream: string;
      readonly text: string;
    }
  | { readonly kind: 'cut'; readonly offset: number; readonly length: number; readonly reason: string };

/** The parts of an output with their bytes as text; a character that is cut in two comes with the second half. */
export async function* partsAsText(parts: AsyncIterable<OutputPart>): AsyncGenerator<TextPart> {
  const decoder = new TextDecoder();
  for await (const part of parts) {
    if (part.kind === 'cut') yield part;
    else {
      const { kind, offset, stream, bytes } = part;
      const at = part.at === undefined ? null : new Date(part.at).toISOString();
      yield { kind, offset, at, stream, text: decoder.decode(bytes, { stream: true }) };
    }
  }
}
