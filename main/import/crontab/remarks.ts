import { shellWord } from '../../daemon/shell-word.ts';

import type { ImportedJob } from '../imported.ts';

export const ONCE_AT_A_TIME =
  'cron starts another one beside it; Soloist leaves it out ("overlap: skip"). "overlap: parallel" does as cron does.';

/** Whether a job is due more than once an hour, so that its runs may well meet. */
export function isAskedOften({ schedule }: ImportedJob['settings']): boolean {
  return typeof schedule === 'string' && !schedule.startsWith('@') && !/^\d+ /.test(schedule);
}

const TOLD: readonly {
  readonly about: { test(command: string): boolean };
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
    about: { test: leavesBehind },
    what: 'what stays in the background',
    why: () =>
      'Soloist ends what a command left in the background when the command itself ends. Let it stay in the foreground, with "keep_alive: true" if it should always run.',
  },
  {
    about: /&?>>?\s*\/dev\/null/,
    what: '/dev/null',
    why: (job) =>
      `Soloist keeps what runs print, up to a limit; without this, 'soloist logs ${shellWord(job)}' would show it.`,
  },
];

/** What a command line of another shell is, and other text in quotes or behind a backslash. */
const OF_SHELL = /(\s-\w*c\s+)(["'])([\s\S]*?)\2/g;
const QUOTED = /\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*'/g;

/** A lone `&`, which neither redirects anything nor is waited for; and programs that go on by themselves. */
const BEHIND: readonly RegExp[] = [
  /(?<![&<>|])&(?![&>])(?![\s\S]*\bwait\b)/,
  /(?:^|[\s;&|(/])screen\s(?:[^;&|]*\s)?-[A-Za-z]*d/,
  /(?:^|[\s;&|(/])tmux\s[^;&|]*\bnew(?:-session)?\s(?:[^;&|]*\s)?-[A-Za-z]*d/,
  /(?:^|[\s;&|(/])setsid\s(?!\s*(?:-\w*w|--wait))/,
  /(?:^|[\s;&|(/])daemonize\s/,
  /\s--(?:daemon|daemonize|background|fork)(?=\s|$)/,
];

function leavesBehind(command: string): boolean {
  const plain = command.replace(OF_SHELL, '$1$3').replace(QUOTED, '_');
  return BEHIND.some((sign) => sign.test(plain));
}

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
