import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkPattern } from '../../../main/daemon/config/pattern-check.ts';
import { toYaml } from '../../../main/import/to-yaml.ts';
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
    const configuration = valid(asConfiguration(imported), { checkPattern });
    expect([...configuration.jobs.keys()]).toEqual(imported.jobs.map(({ name }) => name));
    // What the command prints says the same.
    const printed = valid(toYaml([{ source: sample.file, jobs: imported.jobs }]), { checkPattern });
    expect(printed.jobs).toEqual(configuration.jobs);

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
