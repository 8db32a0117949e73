import { expect, test } from 'vitest';
import { fileOf } from '../../../main/cli/config/file-of.ts';
import { jobSettings } from '../../../main/daemon/config/job-in-words.ts';
import { configurationJsonSchema } from '../../../main/daemon/config/json-schema.ts';
import { readPlainFile } from '../../../main/daemon/config/quick.ts';
import { broken, load, valid } from './loading.ts';

test('an action has the settings that are given, and defaults for the others', () => {
  const { jobs } = valid('jobs:\n  shots: { use: screenshots, with: { vault: ~/notes } }\n');
  expect(jobs.get('shots')?.command).toEqual({
    kind: 'action',
    action: 'screenshots',
    settings: {
      vault: '/home/ada/notes',
      attachments: 'Media/Screenshots',
      note: 'Daily/{date:YYYY-MM-DD}.md',
      template: undefined,
      ocr: true,
      language: 'eng',
      afterwards: 'copy',
    },
  });
  const { jobs: others } = valid(
    'jobs:\n  links: { use: links, schedule: "0 21 * * *", with: { vault: notes, exclude: "Templates/**", threshold: 0.5, embeddings: { model: m } } }\n',
  );
  expect(others.get('links')).toMatchObject({
    triggers: [{ kind: 'schedule' }],
    command: {
      action: 'links',
      settings: {
        exclude: ['Templates/**'],
        suggestions: 5,
        threshold: 0.5,
        section: '## Related',
        embeddings: { model: 'm', url: 'http://127.0.0.1:11434' },
      },
    },
  });
});

test.each([
  ['use: screnshots, with: { vault: a }', /"screenshots" or "links".*[Dd]id you mean "screenshots"/s],
  ['use: links', /"vault" is missing/],
  ['use: links, with: { vault: a, treshold: 0.5 }', /"treshold" is not a key.*threshold/s],
  ['use: links, with: { vault: a, threshold: 35 }', /a number from 0 to 1/],
  ['use: screenshots, with: { vault: a, threshold: 0.5 }', /"threshold" is not a key/],
  ['use: screenshots, with: { vault: a, then: delete }', /"copy" or "move"/],
  ['use: links, run: x, with: { vault: a }', /runs a built-in action, so it cannot have "run"/],
  ['use: links, keep_alive: true, with: { vault: a }', /cannot have "keep_alive"/],
  ['run: x, with: { vault: a }', /"with" has no meaning without "use"/],
  ['use: links, shell: zsh, with: { vault: a }', /cannot have "shell"/],
  ['use: links, stdin: x, with: { vault: a }', /cannot have "stdin"/],
  ['use: links, orphans: keep, with: { vault: a }', /cannot have "orphans: keep"/],
  ['use: links, with:', /with is empty; expected a mapping/],
  ['use: links, with: [a]', /with is a list; expected a mapping/],
  ['use: links, with: { vault: a, embeddings: { modell: m } }', /"model" is missing.*"modell" is not a key/s],
  ['every: 5m', /"run" is missing/],
])('%s is told where and why', (job, words) => {
  const problems = broken(`jobs:\n  a: { ${job} }\n`);
  expect(problems.map(({ message, place }) => `${message} ${place?.line}`).join('\n')).toMatch(words);
  for (const { place } of problems) expect(place?.line).toBe(2);
});

test('what applies to commands by default does not keep an action from being right', () => {
  const { jobs } = valid(
    'defaults: { shell: zsh, orphans: keep, timeout: 1h }\njobs:\n  a: { use: links, keep_alive: false, with: { vault: /v } }\n',
  );
  expect(jobs.get('a')).toMatchObject({ kind: 'triggered', orphans: 'end', timeout: 3_600_000 });
});

test('a plain file means the same to its shortcut and to the parser', () => {
  const plain = `jobs:
  shots:
    use: screenshots
    watch: { path: ~/shots }
    with: { vault: ~/notes, ocr: false, note: "Daily/{date:YYYY-MM-DD}.md" }
  links:
    use: links
    with:
      vault: ~/notes
      exclude: ["Templates/**"]
      threshold: 0.5
      embeddings: { model: m }
`;
  expect(readPlainFile(plain)).toBeDefined();
  // The beginning of a document is left to the parser.
  expect(readPlainFile(`---\n${plain}`)).toBeUndefined();
  expect(valid(plain)).toEqual(valid(`---\n${plain}`));
});

test('the schema for editors knows the settings of both actions', () => {
  const text = JSON.stringify(configurationJsonSchema());
  for (const key of ['use', 'with', 'attachments', 'threshold', 'embeddings'])
    expect(text).toContain(`"${key}":{`);
});

test('what is in force can be written down, and means the same', () => {
  const configuration = valid(
    'jobs:\n  a: { use: screenshots, with: { vault: /v, then: move, template: t.md } }\n  b: { use: links, with: { vault: /v } }\n',
  );
  const again = load(JSON.stringify(fileOf(configuration)));
  expect(again.ok && again.configuration.jobs.get('a')?.command).toEqual(
    configuration.jobs.get('a')?.command,
  );
  expect(again.ok && again.configuration.jobs.get('b')?.command).toEqual(
    configuration.jobs.get('b')?.command,
  );
  const [job] = configuration.jobs.values();
  const settings = job === undefined ? [] : jobSettings(job);
  expect(settings).toContainEqual({ key: 'use', value: 'screenshots' });
  expect(settings).toContainEqual({ key: 'with then', value: 'move' });
});
