import { describe, expect, test } from 'vitest';
import { readDocument } from '../../../main/daemon/config/document.ts';
import { renderProblem } from '../../../main/daemon/config/problems.ts';
import { readPlainFile } from '../../../main/daemon/config/quick.ts';
import { starterFile } from '../../../main/daemon/config/starter.ts';
import { generator, TEST_SEED } from '../../support/seed.ts';
import { load } from './loading.ts';

const ROUNDS = Number(process.env.SOLOIST_FUZZ_ROUNDS ?? 2_000);
const SEED = TEST_SEED;

const SAMPLES = [
  starterFile('/usr/lib/soloist/schema.json'),
  `timezone: Europe/Berlin
max_concurrent: 4
log: { level: debug, keep: 14d, max_size: 50MB }
defaults: { timeout: 1h, shell: /bin/zsh, env: { LANG: C } }
jobs:
  import-screenshots:
    run: ~/bin/import-screenshots.sh "$SOLOIST_FILES"
    watch: { path: ~/Pictures/Screenshots, patterns: ["Screenshot_*.png"], settle: 2s }
  backup:
    run: [restic, backup, ~/Documents]
    schedule: "0 3 * * *"
    missed: { all: 3 }
    retry: { attempts: 3, backoff: 30s..10m }
    overlap: { parallel: 2 }
    output: { limit: 1MB, keep: { runs: 10, age: 30d, size: 5MB } }
  sync:
    run: rclone mount remote:x ~/x
    keep_alive: { restart: on-failure, backoff: 1s..5m }
`,
  `jobs:
  a: &base
    run: |
      set -e
      echo "one"   # not a comment
    at: [2026-12-24T18:00, 2026-12-24T18:00:01Z]
    env: {A: 1, B: "two", C: 'three'}
    env_file: .env
    stdin: { file: in.txt }
    success_codes: [0, 3]
    tags: [x, y]
  b:
    <<: *base
    after: a
    on_start: true
    enabled: false
    quiet_after: 3d
    notify: never
    description: >-
      folded
      text
`,
  'jobs:\n  plain:\n    run: echo 1\n    every: 15m\n    timeout: 90s\n  other:\n    run: echo 2\n    schedule: "@daily"\n    jitter: 5s\n',
];

const PIECES = [
  ' ',
  '  ',
  '\n',
  '\r\n',
  '\t',
  '\0',
  ':',
  ': ',
  '- ',
  '? ',
  '#',
  ' #',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '|',
  '>',
  '&a ',
  '*a',
  '!x ',
  '!!str ',
  '<<: ',
  '%YAML 1.2\n',
  '---\n',
  '...\n',
  '\\',
  '\\x41',
  '~',
  'null',
  'true',
  '0',
  '-1',
  '1e999',
  '99999999999999999999',
  '0s',
  '1h',
  '2d..1s',
  'jobs:\n',
  'run: ',
  'keep_alive: true\n',
  '__proto__: ',
  'constructor: ',
  'after: ',
  '\uFEFF',
  '\u2028',
  '\u0085',
  '🦊',
  '\u{202e}',
  'ä',
  '日本',
  '@daily',
  '*/5 * * * *',
  '    ',
  '\n    x: ',
  '{}',
  '[]',
  '""',
  "''",
  '{ all: 1 }',
  '[[[[',
  '}}}}',
  'x'.repeat(300),
  '\n'.repeat(5),
];

/** One to six changes: what people mistype, what editors and crashes do to files, and plain noise. */
function mutated(below: (limit: number) => number): Buffer {
  let text = SAMPLES[below(SAMPLES.length)] ?? '';
  for (let changes = 1 + below(6); changes > 0; changes -= 1) {
    const at = below(text.length + 1);
    const to = Math.min(text.length, at + below(12));
    const piece = PIECES[below(PIECES.length)] ?? '';
    const lines = text.split('\n');
    const line = below(lines.length);
    switch (below(9)) {
      case 0:
        text = text.slice(0, at) + text.slice(to);
        break;
      case 1:
      case 2:
        text = text.slice(0, at) + piece + text.slice(at);
        break;
      case 3:
        text = text.slice(0, at) + piece + text.slice(to);
        break;
      case 4:
        text = lines.toSpliced(line, 1).join('\n');
        break;
      case 5:
        text = lines.toSpliced(line, 0, lines[below(lines.length)] ?? '').join('\n');
        break;
      case 6:
        text = text.slice(0, at) + String.fromCharCode(below(0x10000)) + text.slice(at + 1);
        break;
      case 7:
        text = lines.with(line, `${' '.repeat(below(6))}${(lines[line] ?? '').trimStart()}`).join('\n');
        break;
      default:
        text =
          below(4) === 0
            ? text.slice(0, at)
            : lines.with(line, (lines[line] ?? '').replace(/[\w]+/, piece)).join('\n');
    }
  }
  const bytes = Buffer.from(text);
  if (below(20) === 0 && bytes.length > 0) bytes[below(bytes.length)] = below(256);
  return bytes;
}

/** What a result must be, whatever the file was. */
function judge(content: Buffer): 'valid' | 'broken' {
  const result = load(content);
  if (result.ok) {
    for (const [name, job] of result.configuration.jobs) {
      expect(job.name).toBe(name);
      expect(Number.isFinite(job.grace) && job.successCodes.length > 0 && job.cwd.startsWith('/')).toBe(true);
    }
    return 'valid';
  }
  expect(result.problems.length).toBeGreaterThan(0);
  const lines = content.toString().split('\n').length;
  for (const problem of result.problems) {
    const { place, message } = problem;
    expect(
      message.length > 10 &&
        message.length < 1_000 &&
        !message.includes('undefined') &&
        !message.includes('[object'),
    ).toBe(true);
    if (place !== undefined) {
      expect(place.line >= 1 && place.line <= lines && place.column >= 1 && place.length >= 1).toBe(true);
    }
    expect(renderProblem(problem)).toMatch(/^soloist\.yaml(:\d+:\d+)?: \S/);
  }
  return 'broken';
}

describe('mutated files', () => {
  test(
    'a clear error or a valid configuration, never an exception',
    () => {
      const below = generator(SEED);
      const counts = { valid: 0, broken: 0, shortcut: 0 };
      for (let round = 0; round < ROUNDS; round += 1) {
        const content = mutated(below);
        try {
          counts[judge(content)] += 1;
          const text = content.toString().replace(/^\uFEFF/, '');
          const plain = readPlainFile(text);
          if (plain === undefined) continue;
          counts.shortcut += 1;
          const full = readDocument(text);
          expect(full.ok ? (full.document.value ?? {}) : full.faults).toEqual(plain);
        } catch (error) {
          const where = `round ${round} of seed ${SEED}:\n${content.toString()}\n`;
          throw new Error(where + (error instanceof Error ? error.stack : String(error)));
        }
      }
      console.log(
        `${ROUNDS} mutated files (seed ${SEED}): ${counts.valid} valid, ${counts.broken} broken, ${counts.shortcut} read by the shortcut`,
      );
      expect(counts.valid).toBeGreaterThan(0);
      expect(counts.broken).toBeGreaterThan(0);
    },
    // Only against hanging; a hundred thousand rounds take some minutes.
    60_000 + ROUNDS * 50,
  );
});
