import { describe, expect, test } from 'vitest';
import { topicNames } from '../../../main/cli/help/topics.ts';
import { loadConfiguration } from '../../../main/daemon/config/load.ts';
import { renderProblem } from '../../../main/daemon/config/problems.ts';
import { starterFile } from '../../../main/daemon/config/starter.ts';
import { parseCronPattern } from '../../../main/daemon/schedule/pattern.ts';
import { codeBlocks, mentions, pages } from './pages.ts';
import { invocations, resolve } from './synopsis.ts';

/** Every problem and every warning of a configuration. */
function problems(text: string): readonly string[] {
  const result = loadConfiguration(text, {
    file: 'example.yaml',
    userFolder: '/home/me',
    fileFolder: '/home/me',
    timezone: 'UTC',
    platform: 'linux',
    checkPattern(pattern) {
      try {
        parseCronPattern(pattern);
        return undefined;
      } catch (error) {
        return String(error);
      }
    },
  });
  return (result.ok ? result.warnings : result.problems).map(renderProblem);
}

const yaml = pages.flatMap((page) =>
  codeBlocks(page).flatMap((code) => (code.kind === 'yaml' ? [{ path: page.path, text: code.text }] : [])),
);

test.for(yaml)('$path: its configuration is valid', ({ text }) => {
  expect(problems(text)).toEqual([]);
});

test('the pages show configurations at all', () => {
  expect(yaml.length).toBeGreaterThan(10);
});

test('the starter is valid, and so is it with all of its examples', () => {
  const starter = starterFile('/schema.json');
  expect(problems(starter)).toEqual([]);
  // An example has a colon behind its first word; sentences do not.
  const lines = starter
    .split('\n')
    .map((line) => line.replace(/^(\s*)# (?=\s*(?!yaml-)[a-z_-]+:(?: |$))/, '$1'));
  const whole = lines.join('\n');
  expect(whole).toContain('\n  backup:\n    run: [restic');
  expect(problems(whole)).toEqual([]);
});

/** What stands in blocks of code and is neither a configuration nor commands of Soloist, by how it begins. */
const others = [/^npm /, /^curl --unix-socket/, /^ +a person, a script .* the popover/];

describe.each(pages)('$path', (page) => {
  test('names commands and options that there are', () => {
    const lines = codeBlocks(page).flatMap((code) => (code.kind === 'commands' ? code.lines : []));
    for (const line of [...lines, ...mentions(page)]) {
      expect(line).toMatch(/^soloist /);
      for (const { words } of invocations(line)) expect(() => resolve(words), line).not.toThrow();
    }
  });

  test('names topics that there are', () => {
    const named = [...page.markdown.matchAll(/soloist help ([a-z-]+)/g)].map(([, name]) => name);
    const commands = resolve([]).command.commands.map((command) => command.name());
    const known = [...topicNames(), 'configuration', ...commands];
    expect(named.filter((name) => name !== undefined && !known.includes(name))).toEqual([]);
  });

  test('holds nothing that is not looked at', () => {
    // Blocks between fences are not read.
    expect(page.markdown).not.toMatch(/^(?:```|~~~)/m);
    for (const code of codeBlocks(page)) {
      if (code.kind === 'other')
        expect(
          others.some((other) => other.test(code.text)),
          code.text,
        ).toBe(true);
    }
  });
});

test('what is wrong is found', () => {
  for (const line of [
    'soloist halth',
    'soloist config chekc',
    'soloist up --now',
    'soloist show RUN RUN',
    'soloist links list | revue',
  ]) {
    expect(() => invocations(line).map(({ words }) => resolve(words)), line).toThrow();
  }
});

test('lines stand for the commands that they show', () => {
  const needed = (line: string): string[] => invocations(line).map((one) => one.needed.join(' '));
  expect(needed('soloist links list | accept ID | undo ID')).toEqual([
    'links list',
    'links accept ID',
    'links undo ID',
  ]);
  expect(needed('soloist --version | --help | help COMMAND | completion bash|zsh')).toEqual([
    '--version',
    '--help',
    'help COMMAND',
    'completion bash',
    'completion zsh',
  ]);
  expect(needed('soloist doctor [--fix [--yes]] [--report]  explain [it]')).toEqual(['doctor']);
  expect(needed('soloist logs [JOB|RUN|daemon] [-f]         what')).toEqual(['logs', 'logs', 'logs']);
});
