import type { Command, Option } from 'commander';
import { SoloistError } from '../daemon/errors.ts';
import type { CommandResult } from './command.ts';
import { topicNames } from './help/topics.ts';

/** A command as a shell needs to know it. */
interface Entry {
  readonly name: string;
  readonly description: string;
  readonly options: readonly {
    readonly flag: string;
    readonly description: string;
    readonly value: boolean;
  }[];
  readonly words: readonly string[];
  /** Whose names may follow, if any. */
  readonly names: Names | undefined;
  /** Whether files follow the words. */
  readonly files: boolean;
}

interface Names {
  /** The command that prints them with `--names`. */
  readonly of: 'jobs' | 'guard';
  /** The word below the command that they follow; undefined: the command itself. */
  readonly after?: string;
}

const jobs: Names = { of: 'jobs' };

/** What may follow a command, where it can be told: a few words, or the name of a job or a guard. */
const followers: Readonly<Record<string, Partial<Pick<Entry, 'words' | 'names' | 'files'>>>> = {
  run: { words: [], names: jobs },
  cancel: { words: [], names: jobs },
  pause: { words: [], names: jobs },
  resume: { words: [], names: jobs },
  runs: { words: [], names: jobs },
  logs: { words: ['daemon'], names: jobs },
  guard: { names: { of: 'guard', after: 'end' } },
  import: { files: true },
  config: { files: true },
  screenshots: { files: true },
  completion: { words: ['bash', 'zsh', 'fish'] },
};

/** Prints names, one per line; nothing without a daemon. `program` is how the shell calls it. */
const listNames = (program: string, of: string): string => `${program} ${of} --names 2>/dev/null`;

const scripts: Readonly<Record<string, (commands: readonly Entry[], global: Entry['options']) => string>> = {
  bash,
  zsh,
  fish,
};

/** `soloist completion SHELL`: a completion script made from the commands themselves. */
export function completion(shell: string, root: Command): CommandResult {
  const script = scripts[shell];
  if (script === undefined) {
    throw new SoloistError({
      code: 'usage',
      message: `There is no completion for '${shell}'.`,
      hint: `It is there for ${Object.keys(scripts).join(', ')}.`,
    });
  }
  const entries = root.commands.map((command) => entry(command));
  const helped = [...new Set([...entries.map(({ name }) => name), ...topicNames(), 'configuration'])];
  const commands = entries.map((one) => (one.name === 'help' ? { ...one, words: helped } : one));
  const text = script(commands, entry(root).options);
  return { exitCode: 0, text: text.trimEnd(), data: { shell, script: text } };
}

function entry(command: Command): Entry {
  const visible: readonly Option[] = [command, ...(command.parent === null ? [] : command.commands)].flatMap(
    (one) => one.createHelp().visibleOptions(one),
  );
  const options = new Map(visible.map((option) => [option.long, option]));
  return {
    name: command.name(),
    description: command.description(),
    options: [...options.values()].flatMap(({ long, description, required, optional }) =>
      long ? [{ flag: long, description, value: required || optional }] : [],
    ),
    words: followers[command.name()]?.words ?? command.commands.map((one) => one.name()),
    names: followers[command.name()]?.names,
    files: followers[command.name()]?.files ?? false,
  };
}

function bash(commands: readonly Entry[], global: Entry['options']): string {
  const flags = (options: Entry['options']): string => options.map(({ flag }) => flag).join(' ');
  const cases = commands.map(
    ({ name, options, words, names, files }) =>
      `    ${name}) words='${[...words, flags(options)].join(' ')}'${bashBelow({ name, words, names, files }, flags(options))}${bashNames(names)} ;;`,
  );
  return `# bash completion for soloist
# The bash of macOS (3.2) has no mapfile.
_soloist_replies() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("$line"); done
}
_soloist() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= names= files= program=\${COMP_WORDS[0]} word words
  case $previous in
    --home) _soloist_replies < <(compgen -d -- "$current"); return ;;
    --config) _soloist_replies < <(compgen -f -- "$current"); return ;;
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${commands.map(({ name }) => name).join('|')}) command=$word; break ;; esac
  done
  case $command in
${cases.join('\n')}
    *) words='${commands.map(({ name }) => name).join(' ')}' ;;
  esac
  _soloist_replies < <(compgen -W "$words ${flags(global)}" -- "$current")
  if [[ $files && $current != -* ]]; then _soloist_replies < <(compgen -f -- "$current"); fi
  if [[ $names && $current != -* ]]; then
    local plain=\${current#[\\"\\']}
    plain=\${plain//\\\\/}
    while IFS= read -r word; do
      if [[ $word != "$plain"* ]]; then continue
      elif [[ $current == [\\"\\']* ]]; then COMPREPLY+=("$word")
      else COMPREPLY+=("$(printf %q "$word")"); fi
    done < <(${listNames('"$program"', '"$names"')})
  fi
}
complete -F _soloist soloist
`;
}

/** Behind a word that takes no second one come options, and files where they are meant. */
function bashBelow(command: Pick<Entry, 'name' | 'words' | 'names' | 'files'>, flags: string): string {
  if (!takesOneWord(command)) return '';
  const files = command.files ? ' files=1' : '';
  return `; if [[ $previous != ${command.name} && $previous != -* ]]; then words='${flags}'${files}; fi`;
}

/** Whether one of its words follows a command, and no other: not where jobs may follow too, nor in the help, which takes several. */
const takesOneWord = ({ name, words, names }: Pick<Entry, 'name' | 'words' | 'names'>): boolean =>
  words.length > 0 && name !== 'help' && (names === undefined || names.after !== undefined);

function bashNames(names: Names | undefined): string {
  if (names === undefined) return '';
  return names.after === undefined
    ? ` names=${names.of}`
    : `; if [[ $previous == ${names.after} ]]; then words= names=${names.of}; fi`;
}

function zsh(commands: readonly Entry[], global: Entry['options']): string {
  const quote = (text: string): string =>
    text.replaceAll("'", "'\\''").replaceAll('[', '\\[').replaceAll(']', '\\]').replaceAll(':', '\\:');
  const specification = ({ flag, description, value }: Entry['options'][number]): string => {
    const action =
      flag === '--home' ? ':folder:_files -/' : flag === '--config' ? ':file:_files' : value ? ':value:' : '';
    return `'${flag}[${quote(description)}]${action}'`;
  };
  const cases = commands.map(({ name, options, words, names, files }) => {
    const below = words.length === 0 ? [] : [`'1:word:(${words.join(' ')})'`];
    const argument =
      names === undefined
        ? below
        : names.after === undefined
          ? [`'1:name: _soloist_names ${[names.of, ...words].join(' ')}'`]
          : [...below, `'2:name: _soloist_names ${names.of}'`];
    const rest = files ? ["'*:file:_files'"] : [];
    return `    ${name}) _arguments ${[...options.map(specification), ...argument, ...rest].join(' ')} ;;`;
  });
  return `#compdef soloist
_soloist_names() {
  local -a names=(\${(f)"$(${listNames('soloist', '$1')})"} "\${@:2}")
  compadd -a names
}
_soloist() {
  local state line
  _arguments -C ${global.map(specification).join(' ')} '1:command:->command' '*::argument:->argument'
  case $state in
    command) local -a commands=(${commands.map(({ name, description }) => `'${name}:${quote(description)}'`).join(' ')})
      _describe command commands ;;
    argument) case $line[1] in
${cases.join('\n')}
    esac ;;
  esac
}
# Read from a folder of fpath it is called at once; read by source it is only made known.
if [[ \${funcstack[1]} == _soloist ]]; then _soloist "$@"; else compdef _soloist soloist; fi
`;
}

function fish(commands: readonly Entry[], global: Entry['options']): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const flag = (condition: string, option: Entry['options'][number]): string => {
    const value =
      option.flag === '--home'
        ? ' -x -a "(__fish_complete_directories)"'
        : option.flag === '--config'
          ? ' -r -F'
          : option.value
            ? ' -x'
            : '';
    return `complete -c soloist${condition} -l ${option.flag.slice(2)}${value} -d ${quote(option.description)}`;
  };
  const lines = global.map((option) => flag('', option));
  for (const { name, description, options, words, names, files } of commands) {
    lines.push(`complete -c soloist -n __fish_use_subcommand -f -a ${name} -d ${quote(description)}`);
    const condition = ` -n '__fish_seen_subcommand_from ${name}'`;
    lines.push(...options.map((option) => flag(condition, option)));
    const first = takesOneWord({ name, words, names })
      ? ` -n '__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${words.join(' ')}'`
      : condition;
    if (words.length > 0) lines.push(`complete -c soloist${first} -f -a '${words.join(' ')}'`);
    if (files)
      lines.push(
        `complete -c soloist -n '__fish_seen_subcommand_from ${name}; and __fish_seen_subcommand_from ${words.join(' ')}' -F`,
      );
    if (names === undefined) continue;
    const after =
      names.after === undefined
        ? condition
        : ` -n '__fish_seen_subcommand_from ${name}; and __fish_seen_subcommand_from ${names.after}'`;
    lines.push(`complete -c soloist${after} -f -a '(${listNames('soloist', names.of)})'`);
  }
  return `# fish completion for soloist\ncomplete -c soloist -f\n${lines.join('\n')}\n`;
}
