import type { Command } from 'commander';
import { hintForName } from '../../daemon/config/likely.ts';
import { SoloistError } from '../../daemon/errors.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { facts } from '../table.ts';
import { inTerminal, type Look } from './in-terminal.ts';
import { CONFIGURATION, type Topic, topic, topicNames } from './topics.ts';

/** `soloist help [NAME...]`: what there is; or a command's help, and the topic of that name. Throws a `SoloistError` if there is neither. */
export async function help(
  context: CommandContext,
  root: Command,
  words: readonly string[],
): Promise<CommandResult> {
  if (words.length === 0) return overview(context, root);
  if (words[0] === CONFIGURATION.name) {
    const { configurationHelp } = await import('./configuration.ts');
    return configurationHelp(words.slice(1).join('.'), lookOf(context));
  }
  const command = commandOf(root, words);
  const [name = '', ...more] = words;
  const found = more.length === 0 ? topicOf(name) : undefined;
  if (command === undefined && found === undefined) throw unknownName(root, words);
  const usage = command && helpText(command);
  const shown = found && inTerminal(found.markdown, lookOf(context));
  return {
    exitCode: 0,
    text: [usage?.trimEnd(), shown].filter((part) => part !== undefined).join('\n\n'),
    data: {
      command: command === undefined ? null : { name: words.join(' '), text: usage },
      topic: found ?? null,
    },
  };
}

function overview(context: CommandContext, root: Command): CommandResult {
  const topics = [...topicNames().flatMap((name) => topicOf(name) ?? []), CONFIGURATION].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  const list = facts(
    topics.map(({ name, title }) => [`  ${name}`, title]),
    context.color,
  );
  return {
    exitCode: 0,
    text: `${helpText(root).trimEnd()}\n\nTopics (soloist help TOPIC):\n${list}`,
    data: {
      commands: root.commands.map((command) => ({
        name: command.name(),
        description: command.description(),
      })),
      topics: topics.map(({ name, title }) => ({ name, title })),
    },
  };
}

const topicOf = (name: string): Topic | undefined => topic(name.toLowerCase());

function lookOf({ color }: CommandContext): Look {
  return { columns: process.stdout.columns ?? 80, color };
}

/** The command that words name, such as `config check`. */
function commandOf(root: Command, words: readonly string[]): Command | undefined {
  return words.reduce<Command | undefined>(
    (command, word) => command?.commands.find((one) => one.name() === word || one.aliases().includes(word)),
    root,
  );
}

/** The help of a command with what its parts add to it. */
function helpText(command: Command): string {
  const parts: string[] = [];
  command.configureOutput({ writeOut: (part) => parts.push(part) });
  command.outputHelp();
  return parts.join('');
}

function unknownName(root: Command, words: readonly string[]): SoloistError {
  const [first = '', ...more] = words;
  const above = commandOf(root, words.slice(0, -1));
  const names = (command: Command): string[] => command.commands.map((one) => one.name());
  if (more.length > 0 && above !== undefined && above.commands.length > 0) {
    return new SoloistError({
      code: 'usage',
      message: `There is no command '${words.join(' ')}'.`,
      hint: hintForName(words.at(-1) ?? '', names(above), {
        none: '',
        some: `'soloist help ${words.slice(0, -1).join(' ')}' lists them.`,
      }),
    });
  }
  return new SoloistError({
    code: 'usage',
    message: `There is neither a command nor a topic '${words.join(' ')}'.`,
    hint: hintForName(first, [...names(root), ...topicNames(), CONFIGURATION.name], {
      none: '',
      some: "'soloist help' lists them.",
    }),
  });
}
