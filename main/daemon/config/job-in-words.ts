import { actionValues } from './action-values.ts';
import type { Job, JobCommand, Stdin } from './configuration.ts';
import { durationText, rangeText } from './duration.ts';

/** One key of a job, as text. */
export interface Setting {
  readonly key: string;
  readonly value: string;
}

/** What is in force for a job, defaults included, by the keys of the configuration. Triggers are told elsewhere, in words. */
export function jobSettings(job: Job): readonly Setting[] {
  const own: [string, string | undefined][] = [
    ...commandSettings(job.command),
    ['cwd', job.cwd],
    ['stdin', stdinText(job.stdin)],
    // Their values may be secrets.
    ['env', listText(Object.keys({ ...job.environment.defaults, ...job.environment.own }))],
    ['env_file', listText(job.environment.files)],
    ...kindSettings(job),
    ['grace', durationText(job.grace)],
    ['orphans', job.orphans],
    ['success_codes', listText(job.successCodes.map(String))],
    ['notify', job.notify],
    ['tags', listText(job.tags)],
  ];
  return own.flatMap(([key, value]) => (value === undefined ? [] : { key, value }));
}

function kindSettings(job: Job): [string, string | undefined][] {
  if (job.kind === 'service')
    return [['keep_alive', `restart ${job.restart}, backoff ${rangeText(job.backoff)}`]];
  const { retry, overlap, missed } = job;
  const duration = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : durationText(ms);
  return [
    ['timeout', duration(job.timeout) ?? 'none'],
    [
      'retry',
      retry.attempts > 1 ? `${retry.attempts} attempts, backoff ${rangeText(retry.backoff)}` : 'none',
    ],
    ['overlap', 'limit' in overlap ? `${overlap.kind}, at most ${overlap.limit}` : overlap.kind],
    ['missed', 'limit' in missed ? `${missed.kind}, at most ${missed.limit}` : missed.kind],
    ['missed_grace', duration(job.missedGrace)],
    ['jitter', job.jitter > 0 ? durationText(job.jitter) : undefined],
    ['quiet_after', quietText(job.quietAfter)],
  ];
}

function quietText(after: number | 'usual' | undefined): string | undefined {
  return after === 'usual' ? 'three times what is usual' : after === undefined ? 'none' : durationText(after);
}

function commandSettings(command: JobCommand): [string, string | undefined][] {
  switch (command.kind) {
    case 'shell':
      return [
        ['run', command.text],
        ['shell', command.shell],
      ];
    case 'program':
      return [['run', JSON.stringify([command.program, ...command.arguments])]];
    case 'action':
      return [
        ['use', command.action],
        ...Object.entries(actionValues(command)).map(([key, value]): [string, string] => [
          `with ${key}`,
          typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      ];
  }
}

function stdinText(stdin: Stdin): string | undefined {
  switch (stdin.kind) {
    case 'none':
      return undefined;
    case 'text':
      return `${stdin.text.length} characters`;
    case 'file':
      return stdin.path;
  }
}

const listText = (items: readonly string[]): string | undefined =>
  items.length === 0 ? undefined : items.join(', ');
