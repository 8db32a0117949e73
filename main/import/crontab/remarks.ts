import { shellWord } from '../../daemon/shell-word.ts';

import type { ImportedJob } from '../imported.ts';

export const ONCE_AT_A_TIME =
  'cron starts another one beside it; Soloist leaves it out ("overlap: skip"). "overlap: parallel" does as cron does.';

/** Whether a job is due more than once an hour, so that its runs may well meet. */
export function isAskedOften({ schedule }: ImportedJob['settings']): boolean {
  return typeof schedule === 'string' && !schedule.startsWith('@') && !/^\d+ /.test(schedule);
}

const TOLD: readonly {
  readonly about: RegExp;
  readonly what: string;
  readonly why: (job: string) => string;
}[] = [
  {
    about: /^(?:\S*\/)?(?:flock|lockf|setlock|chpst -[lL])\b/,
    what: 'the lock',
    why: () =>
      'Soloist never runs a job twice at one time, so the command needs a lock only if something else takes it too.',
  },
  {
    about: /^(?:\S*\/)?g?timeout\s/,
    what: 'timeout',
    why: () =>
      'The command stays as it is. "timeout" of the job would end all its processes, and not count the time that the computer sleeps.',
  },
  {
    about: /&?>>?\s*\/dev\/null/,
    what: '/dev/null',
    why: (job) =>
      `Soloist keeps what runs print, up to a limit; without this, 'soloist logs ${shellWord(job)}' would show it.`,
  },
];

/** What is done otherwise by Soloist than by the command itself. */
export function commandRemarks(
  command: string,
  job: string,
): { readonly what: string; readonly why: string }[] {
  return TOLD.filter(({ about }) => about.test(command)).map(({ what, why }) => ({ what, why: why(job) }));
}

/** What shells have themselves, so that no PATH matters to it. */
const BUILT_IN =
  /^(?:cd|test|\[|echo|printf|exec|export|set|umask|ulimit|if|for|while|case|true|false|eval|source|\.|:|\(|\{)$/;

/** The difference that PATH may make; undefined if all programs are given by their paths. */
export function filePathRemark(jobs: readonly ImportedJob[]): string | undefined {
  const isSearched = jobs.some(({ settings }) => {
    const [first = ''] = String(settings.run).trim().split(/\s+/);
    return !first.includes('/') && !BUILT_IN.test(first) && !/[=$("'{]/.test(first);
  });
  if (!isSearched) return undefined;
  return 'cron looks for programs in /usr/bin and /bin; Soloist in the PATH of your login shell, where another version of one may come first.';
}
