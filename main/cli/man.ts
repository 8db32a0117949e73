import type { EventEmitter } from 'node:events';
import type { Command } from 'commander';
import { MANUAL_SOURCE } from '../tool/extras.ts';
import { MARK } from '../tool/wrapper.ts';

/** `soloist man`: the manual page, made from the commands themselves, by man(7). */
export function manual(root: Command): string {
  const commands = root.commands.flatMap(withBelow);
  return `${[
    `.\\" ${MARK}`,
    `.TH SOLOIST 1 "" "${MANUAL_SOURCE}"`,
    '.SH NAME',
    `soloist \\- ${plain(lowered(root.description()))}`,
    '.SH SYNOPSIS',
    '.B soloist',
    '[options] \\fIcommand\\fR [words]',
    '.SH OPTIONS',
    'They may stand before or behind the command.',
    ...options(root),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    ...ENDS,
  ].join('\n')}\n`;
}

const ENDS = [
  '.SH EXIT STATUS',
  '0 success, 1 a failure that a sentence on standard error explains, 2 wrong usage. Commands with codes of their own say so above.',
  '.SH ENVIRONMENT',
  '.TP\n.B SOLOIST_HOME\nthe folder of the daemon, as with \\-\\-home',
  '.TP\n.B SOLOIST_CONFIG\nthe configuration file, as with \\-\\-config',
  '.TP\n.B NO_COLOR\nif it is set, nothing is coloured',
  '.SH FILES',
  '.TP\n.I ~/.config/soloist/soloist.yaml\nthe configuration (on macOS in ~/Library/Application Support/Soloist)',
  '.TP\n.I ~/.local/state/soloist\nthe home: lock, record, socket, history, output, log (on macOS ~/Library/Application Support/Soloist)',
  '.TP\n.I ~/.config/systemd/user/soloist.service\nthe service (on macOS ~/Library/LaunchAgents/app.soloist.daemon.plist)',
  '.SH EXAMPLES',
  '.nf\nsoloist init\nsoloist up\nsoloist run hello \\-\\-wait\nsoloist status \\-\\-watch\n.fi',
];

/** A command, and those below it. */
const withBelow = (command: Command): Command[] => [command, ...command.commands.flatMap(withBelow)];

function section(command: Command): string[] {
  const names = command.registeredArguments.map((argument) => {
    const name = `\\fI${plain(argument.name())}\\fR${argument.variadic ? '...' : ''}`;
    return argument.required ? name : `[${name}]`;
  });
  const path: string[] = [];
  for (let one: Command | null = command; one?.parent; one = one.parent) path.unshift(one.name());
  return [
    `.SS ${[...path.map(plain), ...names].join(' ')}`,
    plain(sentence(command.description())),
    ...words(command),
    ...options(command),
    ...notes(command),
  ];
}

/** What its words mean, where that is told. */
function words(command: Command): string[] {
  const help = command.createHelp();
  return help
    .visibleArguments(command)
    .flatMap((argument) => [
      '.TP',
      `.I ${plain(argument.name())}`,
      plain(help.argumentDescription(argument)),
    ]);
}

function options(command: Command): string[] {
  const help = command.createHelp();
  return help
    .visibleOptions(command)
    .flatMap((option) => ['.TP', `.B ${plain(option.flags)}`, plain(help.optionDescription(option))]);
}

/** What its help says below the options. */
function notes(command: Command): string[] {
  const parts: string[] = [];
  // What addHelpText has added is told to nobody but those who listen.
  (command as unknown as EventEmitter).emit('afterHelp', {
    command,
    write: (part: string) => parts.push(part),
  });
  const lines = parts
    .join('')
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    // A line that is moved in begins a new one by itself.
    .flatMap((line) => (line.startsWith(' ') ? [plain(line)] : ['.br', plain(line)]));
  return lines.length === 0 ? [] : ['.PP', ...lines.slice(1)];
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const lowered = (text: string): string =>
  `${text.charAt(0).toLowerCase()}${text.slice(1)}`.replace(/\.$/, '');

/** Text that means nothing else to the formatter. */
const plain = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1')
    .replaceAll('’', "'");
