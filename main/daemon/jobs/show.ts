import type { Run } from '../history/run.ts';
import type { RunView } from './views.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** A run of the history as it is shown. */
export function runView(run: Run): RunView {
  const execution = run.state === 'queued' ? undefined : run.execution;
  const ended = run.state === 'ended' ? run : undefined;
  const { trigger } = run;
  const output = execution?.output;
  const usage = ended?.execution?.usage;
  return {
    id: run.id,
    job: run.job,
    trigger: trigger.kind,
    due: 'due' in trigger ? iso(trigger.due) : null,
    attempt: run.attempt,
    state: run.state,
    queuedAt: iso(run.queuedAt),
    startedAt: execution === undefined ? null : iso(execution.startedAt),
    endedAt: ended === undefined ? null : iso(ended.endedAt),
    outcome: ended?.outcome ?? null,
    pid: (execution?.processes.child ?? execution?.processes.shell)?.pid ?? null,
    usage:
      usage === undefined
        ? null
        : { cpuMs: usage.cpuMs ?? null, peakMemoryBytes: usage.peakMemoryBytes ?? null },
    output: output?.kind === 'kept' ? { file: output.file, bytes: output.bytes } : null,
  };
}
