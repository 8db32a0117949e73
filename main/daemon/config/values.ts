import * as z from 'zod/mini';
import {
  alternatives,
  count,
  described,
  duration,
  durationRange,
  flag,
  mapping,
  oneOrMore,
  optional,
  plainText,
  size,
  text,
  word,
} from './fields.ts';

/**
 * Job names are shown in terminals, typed in shells and used in file names. Written so that editors, which may read it
 * without the `u` flag, understand it too: the ranges are control and invisible formatting characters.
 */
const JOB_NAME =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keeping them out is what it is for.
  /^(?![-.\s])(?!.*\s$)(?!daemon$)(?!\d+$)[^/\\\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]{1,100}$/;
/** The most that leaves room for more in a file name of 255 bytes. */
const LONGEST_NAME_BYTES = 200;
const isFileName = (name: string): boolean =>
  Buffer.byteLength(name) <= LONGEST_NAME_BYTES && !/\p{Cs}/u.test(name);
const jobNameExpected =
  'a name of 1 to 100 characters (200 bytes) without slashes or control characters, that does not begin with "-" ' +
  'or "." and is neither "daemon" nor only digits';
export const jobName = z
  .string()
  .check(z.regex(JOB_NAME, { error: jobNameExpected }), z.refine(isFileName, { error: jobNameExpected }));
export const jobNameGiven = text('the name of a job');

/** The names of variables that Soloist itself gives to each run begin like this. */
const OWN_VARIABLES = 'SOLOIST_';
export const variables = z.record(
  z.string().check(
    z.regex(/^(?!SOLOIST_)[^=\0]+$/, {
      error: `a variable's name without "=", and not beginning with ${OWN_VARIABLES} (Soloist gives those itself)`,
    }),
  ),
  plainText('text (write "" for an empty value)'),
  { error: 'a mapping of variables, such as { LANG: C }' },
);

export const path = text('a path');
export const pathList = oneOrMore(path, 'a path or a list of paths');
const patterns = oneOrMore(text('a pattern such as *.png'), 'a pattern such as *.png, or a list of patterns');

export const runExpected = 'a command as text, or a list of a program and its arguments';
const hasProgram = ([program]: readonly string[]): boolean => program !== undefined && program.trim() !== '';
const command = () =>
  z.union(
    [
      text('a command'),
      z.array(plainText(), { error: runExpected }).check(z.refine(hasProgram, { error: runExpected })),
    ],
    { error: runExpected },
  );
// Each is described in its own words, so that they cannot be one.
export const run = command();
export const alertRun = command();

const watchMapping = mapping(
  {
    path: described(
      oneOrMore(path, 'a path or a list of paths'),
      'The folder or file to watch, or a list of them. Folders are watched with all in them.',
    ),
    patterns: optional(
      patterns,
      'Only files whose path below the folder matches one of these count. Default: all files.',
    ),
    ignore: optional(patterns, 'Files and folders to leave out.'),
    settle: optional(duration('0s', '1h'), 'How long a file must have stopped changing. Default: 2s.'),
  },
  'a path, or { path: ..., patterns: [...], settle: 2s }',
);
export const watchOne = z.union([path, watchMapping], {
  error: 'a path, or { path: ..., patterns: [...], settle: 2s }',
});

const limit = count(1, 10_000);
const exactlyOne = (value: object): boolean => Object.keys(value).length === 1;

const overlapExpected = `${alternatives(['skip', 'queue', 'replace', 'parallel'])}, { queue: 10 } or { parallel: 2 }`;
export const overlap = z.union(
  [
    word(['skip', 'queue', 'replace', 'parallel']),
    mapping(
      {
        queue: optional(limit, 'How many runs may wait; further ones are skipped.'),
        parallel: optional(limit, 'How many runs may go on at one time; further ones are skipped.'),
      },
      overlapExpected,
    ).check(z.refine(exactlyOne, { error: overlapExpected })),
  ],
  { error: overlapExpected },
);

const missedExpected = `${alternatives(['skip', 'once', 'all'])}, or { all: 10 }`;
export const missed = z.union(
  [
    word(['skip', 'once', 'all']),
    mapping(
      { all: described(count(1, 10_000), 'How many missed runs are made up for; the latest ones.') },
      missedExpected,
    ),
  ],
  { error: missedExpected },
);

const retryExpected = 'the number of attempts, { attempts: 3, backoff: 30s..10m } or "none"';
export const retry = z.union(
  [
    z.literal('none'),
    count(1, 1000),
    mapping(
      {
        attempts: described(count(1, 1000), 'The most attempts, the first one included.'),
        backoff: optional(
          durationRange('0s'),
          'The pause before the second attempt and the longest pause; it doubles in between. Default: 30s..10m.',
        ),
      },
      retryExpected,
    ),
  ],
  { error: retryExpected },
);

const keepAliveExpected = 'true, false, or { restart: on-failure, backoff: 1s..5m }';
export const keepAlive = z.union(
  [
    flag(),
    mapping(
      {
        restart: optional(
          word(['always', 'on-failure']),
          'After which ends it is started again. Default: always.',
        ),
        backoff: optional(
          durationRange('100ms'),
          'The first and the longest pause before it is started again; it doubles in between. Default: 1s..5m.',
        ),
      },
      keepAliveExpected,
    ),
  ],
  { error: keepAliveExpected },
);

const keepExpected = 'a mapping of runs, age and size, such as { runs: 1000, age: 90d, size: 100MB }';
export const output = mapping(
  {
    limit: optional(
      size('1kB'),
      'The most that is kept of the output of one run: of more, the beginning and the end. Default: 10MB.',
    ),
    keep: optional(
      mapping(
        {
          runs: optional(count(1, 1_000_000), 'How many runs. Default: 1000.'),
          age: optional(duration('1h'), 'For how long. Default: 90d.'),
          size: optional(
            size('1kB'),
            'The most that all outputs of the job take up together; the oldest go first. Default: 100MB.',
          ),
        },
        keepExpected,
      ),
      'What is kept of the runs of a job; the last one stays in any case.',
    ),
  },
  'a mapping of limit and keep, such as { limit: 10MB, keep: { runs: 1000 } }',
);

export const stdin = z.union(
  [
    z.string().check(z.refine((value) => !value.includes('\0'), { error: 'text without NUL characters' })),
    mapping({ file: described(text('a path'), 'The file that is read.') }, 'text, or { file: ... }'),
  ],
  { error: 'text, or { file: ... }' },
);
