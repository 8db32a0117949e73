import { describe, expect, test } from 'vitest';
import { fromJSONSchema } from 'zod';
import { readDocument } from '../../../main/daemon/config/document.ts';
import { configurationJsonSchema } from '../../../main/daemon/config/json-schema.ts';
import { type LocateOptions, locateConfiguration } from '../../../main/daemon/config/locate.ts';
import { starterFile } from '../../../main/daemon/config/starter.ts';
import { load } from './loading.ts';

describe('where soloist.yaml is', () => {
  const options: LocateOptions = {
    configOption: undefined,
    homeOption: undefined,
    environment: {},
    platform: 'linux',
    userFolder: '/home/ada',
    workingFolder: '/here',
  };
  const everything = { SOLOIST_CONFIG: '/c.yaml', SOLOIST_HOME: '/h', XDG_CONFIG_HOME: '/x' };

  test.each<[Partial<LocateOptions>, string, string]>([
    [{ configOption: 'a.yaml', homeOption: '/o', environment: everything }, '/here/a.yaml', '--config'],
    [{ configOption: '/a/b.yml', environment: everything }, '/a/b.yml', '--config'],
    [{ homeOption: '/o', environment: everything }, '/c.yaml', 'SOLOIST_CONFIG'],
    [{ environment: { SOLOIST_CONFIG: '../c.yaml' } }, '/c.yaml', 'SOLOIST_CONFIG'],
    [{ homeOption: 'o', environment: { SOLOIST_HOME: '/h' } }, '/here/o/soloist.yaml', '--home'],
    [{ environment: { SOLOIST_HOME: '/h', XDG_CONFIG_HOME: '/x' } }, '/h/soloist.yaml', 'SOLOIST_HOME'],
    [{ environment: { XDG_CONFIG_HOME: '/x' } }, '/x/soloist/soloist.yaml', 'platform'],
    [{ environment: { XDG_CONFIG_HOME: 'relative' } }, '/home/ada/.config/soloist/soloist.yaml', 'platform'],
    [
      { configOption: '', homeOption: '', environment: { SOLOIST_CONFIG: '', SOLOIST_HOME: '' } },
      '/home/ada/.config/soloist/soloist.yaml',
      'platform',
    ],
    [
      { platform: 'darwin', userFolder: '/Users/ada', environment: { XDG_CONFIG_HOME: '/x' } },
      '/Users/ada/Library/Application Support/Soloist/soloist.yaml',
      'platform',
    ],
    [
      { platform: 'win32', userFolder: 'C:\\Users\\Ada', environment: { APPDATA: 'D:\\Data' } },
      'D:\\Data\\Soloist\\soloist.yaml',
      'platform',
    ],
    [
      { platform: 'win32', userFolder: 'C:\\Users\\Ada' },
      'C:\\Users\\Ada\\AppData\\Roaming\\Soloist\\soloist.yaml',
      'platform',
    ],
    [{ platform: 'win32', workingFolder: 'C:\\w', configOption: 'a.yaml' }, 'C:\\w\\a.yaml', '--config'],
  ])('%j', (changes, path, because) => {
    expect(locateConfiguration({ ...options, ...changes })).toEqual({ path, because });
  });
});

describe('the starter file', () => {
  test('has one job, and no problem or warning', () => {
    const result = load(starterFile('/usr/lib/soloist/soloist.schema.json'));
    expect(result).toMatchObject({ ok: true, warnings: [] });
    expect(result.ok && [...result.configuration.jobs.keys()]).toEqual(['hello']);
  });

  test('every job that is commented out would be right too', () => {
    const uncommented = starterFile('/s.json').replaceAll(/^( *)# ((?: *[a-z_-]+:).*)$/gm, '$1$2');
    const result = load(uncommented.replace(/^yaml-language-server.*$/m, ''));
    expect(result).toMatchObject({ ok: true, warnings: [] });
    expect(result.ok && [...result.configuration.jobs.keys()]).toEqual([
      'hello',
      'backup',
      'sort-scans',
      'phone-screenshots',
      'sync',
    ]);
  });

  test.each([
    ['/usr/lib/soloist/s.json', 'file:///usr/lib/soloist/s.json'],
    ['/Applications/My Apps/s.json', 'file:///Applications/My%20Apps/s.json'],
    ['https://example.org/s.json', 'https://example.org/s.json'],
    ['/a\nb', 'file:///a%0Ab'],
  ])('names the schema %j for editors', (schema, reference) => {
    expect(starterFile(schema).split('\n')[0]).toBe(`# yaml-language-server: $schema=${reference}`);
  });
});

describe('the JSON schema', () => {
  const schema = configurationJsonSchema();

  test('says what each key is for', () => {
    const without: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === 'properties') {
          for (const [name, property] of Object.entries(value as object)) {
            if (typeof Object(property).description !== 'string') without.push(`${path}.${name}`);
          }
        }
        visit(value, key === 'properties' ? path : `${path}.${key}`);
      }
    };
    visit(schema, '');
    expect(without).toEqual([]);
  });

  test('has the keys of guards and alerts', () => {
    const { properties } = schema as { properties: Record<string, object> };
    expect(JSON.stringify(properties.guards)).toContain('"enum":["oldest","newest"]');
    expect(JSON.stringify(properties.guards)).toContain('"required":["match"]');
    expect(JSON.stringify(properties.on_alert)).toContain('"required":["run"]');
    expect(JSON.stringify(properties.jobs)).toContain('"enum":["usual","none"]');
  });

  test('allows no other keys, and reads as draft 7', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'soloist.yaml',
      type: 'object',
      additionalProperties: false,
    });
  });

  // As an editor would: from the JSON schema alone.
  const fromSchema = fromJSONSchema(schema as Parameters<typeof fromJSONSchema>[0]);
  const accepts = (text: string): boolean => {
    const read = readDocument(text);
    return read.ok && fromSchema.safeParse(read.document.value).success;
  };

  test.each([
    starterFile('/s.json'),
    'jobs:\n  "über job":\n    run: [sleep, 5, true]\n    schedule: ["0 3 * * *"]\n    watch: [/a, { path: [b], settle: 2s }]\n    after: x\n',
    'jobs:\n  a: { run: x, retry: none, overlap: { queue: 3 }, missed: all, timeout: none, success_codes: 3, keep_alive: false, env: { A: 1 } }\n',
    'jobs:\n  a: { use: links, with: { vault: /v, threshold: 0.5 } }\n  b: { use: screenshots, with: { vault: /v, then: move } }\n',
    'jobs:\ndefaults:\nlog:\n',
  ])('accepts what is right', (text) => {
    expect(accepts(text)).toBe(true);
  });

  test.each([
    'shedule: x',
    'jobs: { a: { every: 5m } }',
    'jobs: { a: { run: x, every: 5 } }',
    'jobs: { a: { run: x, overlap: wait } }',
    'jobs: { "a/b": { run: x } }',
    'jobs: { a: { run: x, success_codes: 300 } }',
    'jobs: { a: { run: x, env: { SOLOIST_A: b } } }',
    'jobs: { a: { use: link, with: { vault: /v } } }',
    'jobs: { a: { use: links } }',
    'jobs: { a: { use: links, with: { vault: /v, treshold: 1 } } }',
    'jobs: { a: { use: links, with: { vault: /v, threshold: 2 } } }',
  ])('refuses %s', (text) => {
    expect(accepts(text)).toBe(false);
    expect(load(text).ok).toBe(false);
  });
});
