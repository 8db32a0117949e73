import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPattern } from '../../../main/daemon/config/pattern-check.ts';
import { SoloistError } from '../../../main/daemon/errors.ts';
import type { Imported } from '../../../main/import/imported.ts';
import { toYaml } from '../../../main/import/to-yaml.ts';
import { valid } from '../config/loading.ts';
import { asConfiguration, FORMATS, type Format, HOME, IMPORTERS, samplesOf } from './fixtures.ts';

/** Whatever the text, the result is valid or a refusal in words. */
function judge(format: Format, text: string, file: string): void {
  let imported: Imported;
  try {
    imported = IMPORTERS[format](text, file);
  } catch (error) {
    if (!(error instanceof SoloistError)) throw error;
    expect(error.message).toMatch(/^[\s\S]{10,2000}$/);
    expect(error.message).not.toMatch(/undefined|\[object/);
    return;
  }
  if (imported.jobs.length > 0) {
    const { jobs } = valid(asConfiguration(imported), { checkPattern });
    expect(valid(toYaml([{ source: file, jobs: imported.jobs }]), { checkPattern }).jobs).toEqual(jobs);
  }
  const lines = text.split(/\r\n|\n|\r/).length;
  for (const { line, what, why } of imported.remarks) {
    expect(line === undefined || (line >= 1 && line <= lines)).toBe(true);
    expect(`${what} ${why}`).not.toMatch(/undefined|\[object/);
  }
}

const PIECES = [
  ...[
    '\0',
    '"',
    "'",
    '\\',
    '%',
    '%(',
    ')s',
    '[',
    ']',
    '{',
    '}',
    ':',
    ': ',
    '=',
    ',',
    '\n',
    '\n  ',
    '- ',
    '#',
    ';',
  ],
  ...[
    '*',
    '*/0',
    '99',
    '-1',
    '1e9',
    'null',
    '~',
    'true',
    'no',
    '\u2028',
    '\ud800',
    '😀',
    '__proto__',
    'SOLOIST_X',
  ],
  ...[
    '[program:x]',
    'command=',
    'apps',
    'script',
    'func',
    'trigger',
    'cron',
    'last fri',
    '@daily ',
    '0 0 * * * ',
    'A=b\n',
    '<dict>',
    '</string>',
    '<key>KeepAlive</key>',
    '&a',
    '*a',
    '<<: ',
  ],
];

/** A sample with some pieces put in, taken out or repeated. */
function mutated(text: string): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat({ max: 12 }),
    piece: fc.oneof(fc.constantFrom('', ...PIECES), fc.string({ unit: 'binary', maxLength: 6 })),
  });
  return fc.array(change, { minLength: 1, maxLength: 5 }).map((changes) =>
    changes.reduce((current, { at, length, piece }) => {
      const start = Math.floor(at * current.length);
      return current.slice(0, start) + piece + current.slice(start + length);
    }, text),
  );
}

describe.each(FORMATS)('%s', (format) => {
  const samples = samplesOf(format).filter(({ file }) => !file.endsWith('.cjs'));

  test('changed samples', () => {
    for (const sample of samples) {
      const file = join(HOME, 'app', basename(sample.file));
      fc.assert(
        fc.property(mutated(readFileSync(sample.file, 'utf8')), (text) => judge(format, text, file)),
        { numRuns: 60 },
      );
    }
  });

  test('any text', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join('')),
      fc.json(),
    );
    const file = fc.constantFrom('a.json', 'a.yaml', 'a.conf', '/x/dump.pm2');
    fc.assert(
      fc.property(anyText, file, (text, name) => judge(format, text, name)),
      { numRuns: 500 },
    );
  });

  test('values of any kind where others are expected', () => {
    const keys = [
      'name',
      'script',
      'args',
      'env',
      'cwd',
      'cron_restart',
      'autorestart',
      'stop_exit_codes',
      'instances',
    ];
    const more = [
      'func',
      'trigger',
      'id',
      'hour',
      'day',
      'kwargs',
      'run_date',
      'minutes',
      'misfire_grace_time',
      'command',
    ];
    const job = fc.dictionary(fc.constantFrom(...keys, ...more), fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(job, { minLength: 1, maxLength: 3 }), (jobs) => {
        judge(format, JSON.stringify({ apps: jobs, jobs }, null, 1), 'a.json');
      }),
      { numRuns: 500 },
    );
  });
});
