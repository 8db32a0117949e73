import type { Command } from 'commander';
import { buildProgram } from '../../../main/cli/program.ts';
import { installationOf } from '../../support/installation.ts';

/** The command line, as its table has it. */
export const root: Command = buildProgram(installationOf(''), () => {});

/** A command as the documentation writes it: words, of which a part may be left out. */
export interface Invocation {
  /** All words, without `soloist`, brackets gone. */
  readonly words: readonly string[];
  /** Those that are not in brackets. */
  readonly needed: readonly string[];
}

/**
 * What a line of the documentation stands for: `soloist down [--timeout 10s]     stop it`, `soloist pause JOB|--all`,
 * `soloist links list | review`. What stands behind two spaces or more is a remark.
 */
export function invocations(line: string): readonly Invocation[] {
  const [command = ''] = line.replace(/^soloist /, '').split(/\s{2,}/);
  const [first = '', ...others] = command.split(' | ');
  const above = first.split(' ').filter((word) => /^[a-z]/.test(word));
  return [first, ...others.map((other) => beside(above, other))].flatMap(withAlternatives).map((text) => ({
    words: text.replaceAll(/[[\]]/g, '').split(' '),
    needed: withoutBrackets(text)
      .split(' ')
      .filter((word) => word !== ''),
  }));
}

/** `review` beside `links list` is `links review`: the command that is above it is the deepest that knows it. */
function beside(first: readonly string[], other: string): string {
  const [name = ''] = other.split(' ');
  for (let length = first.length - 1; length > 0; length -= 1) {
    const command = find(first.slice(0, length));
    if (command?.commands.some((one) => one.name() === name))
      return [...first.slice(0, length), other].join(' ');
  }
  return other;
}

/** `pause JOB|--all` is two commands. */
function withAlternatives(text: string): readonly string[] {
  const words = text.split(' ');
  const at = words.findIndex((word) => /^\[?[\w-]+\|/.test(word));
  if (at < 0) return [text];
  const [word = ''] = words.splice(at, 1);
  return word.split('|').map((one) => words.toSpliced(at, 0, bracketed(one, word)).join(' '));
}

const bracketed = (one: string, word: string): string =>
  word.startsWith('[') ? `[${one.replaceAll(/[[\]]/g, '')}]` : one;

function withoutBrackets(text: string): string {
  const inner = text.replaceAll(/\s*\[[^[\]]*\]/g, '');
  return inner === text ? text : withoutBrackets(inner);
}

const find = (names: readonly string[]): Command | undefined =>
  names.reduce<Command | undefined>(
    (command, name) => command?.commands.find((one) => one.name() === name),
    root,
  );

/** What the words come to: the command, and how many of its arguments they have. */
export interface Resolved {
  readonly command: Command;
  readonly names: readonly string[];
  readonly given: number;
}

/** Finds the command of these words. Throws if there is no such command, option or argument. */
export function resolve(words: readonly string[]): Resolved {
  let command = root;
  const names: string[] = [];
  let given = 0;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') {
      given += words.length - index - 1;
      break;
    }
    const below = given === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (word.startsWith('-')) index += optionOf(command, word).required ? 1 : 0;
    else if (below === undefined) given += 1;
    else {
      command = below;
      names.push(word);
    }
  }
  const { registeredArguments } = command;
  const most = registeredArguments.some(({ variadic }) => variadic) ? given : registeredArguments.length;
  if (given > most) throw new Error(`'${words.join(' ')}' has a word too many: there is no such command`);
  return { command, names, given };
}

const HELP = { required: false };

function optionOf(command: Command, flag: string): { readonly required: boolean } {
  if (flag === '--help') return HELP;
  const options = [command, ...(command.parent === null ? [] : [command.parent]), root].flatMap(
    ({ options }) => options,
  );
  const found = options.find(({ long, short }) => long === flag || short === flag);
  if (found === undefined) throw new Error(`'${command.name()}' has no option ${flag}`);
  return found;
}

/** Whether a command has all that it needs to be run. */
export const isComplete = ({ command, given }: Resolved): boolean =>
  given >= command.registeredArguments.filter(({ required }) => required).length &&
  (command.commands.length === 0 || command.name() === 'alerts' || command.name() === 'guard');

/** Every command that does something, with its whole name: `config check`. */
export function leaves(above: Command = root, names: readonly string[] = []): readonly Leaf[] {
  return above.commands.flatMap((command) => {
    const path = [...names, command.name()];
    const below = leaves(command, path);
    return below.length === 0 ? [{ name: path.join(' '), command }] : below;
  });
}

export interface Leaf {
  readonly name: string;
  readonly command: Command;
}

/** The help of a command, with what stands below its options. */
export function helpOf(command: Command): string {
  const parts: string[] = [];
  command.configureOutput({ writeOut: (part) => parts.push(part) });
  command.outputHelp();
  return parts.join('');
}
