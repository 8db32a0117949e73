import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseCronPattern } from '../../../main/daemon/schedule/pattern.ts';
import { valid } from '../config/loading.ts';
import { asConfiguration, FORMATS, HOME, IMPORTERS, importedText, samplesOf } from './fixtures.ts';

describe.each(FORMATS)('%s', (format) => {
  const samples = samplesOf(format);

  test('there are at least ten samples', () => {
    expect(samples.length).toBeGreaterThanOrEqual(10);
  });

  test.each(samples.map((sample) => [basename(sample.file), sample] as const))('%s', (_, sample) => {
    expect(importedText(format, sample)).toEqual(parse(readFileSync(sample.expectedFile, 'utf8')));

    const text = readFileSync(sample.file, 'utf8');
    const imported = IMPORTERS[format](text, join(HOME, 'app', basename(sample.file)));
    const configuration = valid(asConfiguration(imported), {
      checkPattern: (pattern) => (parseCronPattern(pattern) === undefined ? 'impossible' : undefined),
    });
    expect([...configuration.jobs.keys()]).toEqual(imported.jobs.map(({ name }) => name));

    const lines = text.split('\n');
    for (const { line, what } of imported.remarks) {
      if (line === undefined) continue;
      expect(line).toBeGreaterThanOrEqual(1);
      // The line is the one on which it says so, unless the whole job is meant or it is missing.
      const key = /^([A-Za-z_]+)\s*[:=]/.exec(what)?.[1];
      if (key !== undefined && !/^(?:env|status)$/.test(key)) expect(lines[line - 1]).toContain(key);
    }
  });
});
