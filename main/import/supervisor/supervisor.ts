import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { SoloistError } from '../../daemon/errors.ts';
import { shellWord } from '../../daemon/shell-word.ts';
import { leaveForeign, listed } from '../account.ts';
import { gatherer } from '../gather.ts';
import type { Imported } from '../imported.ts';
import { shown } from '../values.ts';
import { type IniSection, readIni } from './ini-text.ts';
import { DAEMON_KEYS, OWN_SECTIONS } from './keys.ts';
import { type ImportedProgram, importProgram, type ProgramContext } from './program.ts';
import { type Expansions, environmentOf, expand } from './text.ts';

export interface SupervisorOptions {
  /** The file's path, as absolute as it is known: `%(here)s` is its folder. */
  readonly file: string;
  /** What `%(ENV_NAME)s` stands for. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Who will run the jobs. */
  readonly user?: string;
  /** What `%(host_node_name)s` stands for. */
  readonly host?: string;
}

/**
 * Makes jobs of a supervisord.conf or a file that it includes. Throws a `SoloistError` where Python would not read it, or
 * nothing in it is supervisord's.
 */
export function importSupervisor(text: string, options: SupervisorOptions): Imported {
  const { file, environment = {}, user = environment.USER, host = hostname() } = options;
  const sections = readIni(text, file);
  const gathered = gatherer();
  const expansions: Record<string, string> = { here: resolve(dirname(file)), host_node_name: host };
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined) expansions[`ENV_${name}`] = value;
  const ofDaemon = daemonOf(sections, expansions, gathered);
  for (const [name, value] of Object.entries(ofDaemon.environment)) expansions[`ENV_${name}`] = value;
  const lookedUp = new Set<string>();
  const groups = groupsOf(sections);
  const programs = new Map<string, ImportedProgram>();
  let isKnown = false;
  for (const section of sections) {
    const [kind = '', ...rest] = section.name.split(':');
    const name = rest.join(':').trim();
    const known = kind === 'program' && name !== '';
    isKnown ||=
      known || kind === 'group' || /^(?:include|supervisord|eventlistener|fcgi-program)$/.test(kind);
    if (known) {
      const context: ProgramContext = {
        gathered,
        expansions,
        groups: groups.get(name) ?? [],
        ...ofDaemon,
        lookedUp,
        user,
      };
      const program = importProgram(section, name, context);
      if (program.processes.length > 0) programs.set(name, program);
    } else remarkSection(section, kind, gathered);
  }
  if (lookedUp.size > 0) {
    const what = [...lookedUp].map((name) => `%(${name})s`).join(', ');
    gathered.remark({ line: undefined, what, kind: 'changed', why: LOOKED_UP });
  }
  if (!isKnown) {
    throw new SoloistError({
      code: 'import-nothing',
      message: `${file} has no programs of supervisord.`,
      hint: 'It takes a supervisord.conf, or one of the files that it includes, with sections such as [program:web].',
    });
  }
  return gathered.done(switchOff(programs, groups, file));
}

const LOOKED_UP =
  'It was looked up once, in the environment of this import; supervisord has an environment of its own.';

type Gathered = ReturnType<typeof gatherer>;

/** What [supervisord] says that reaches its programs. */
function daemonOf(
  sections: readonly IniSection[],
  expansions: Expansions,
  gathered: Gathered,
): { environment: Readonly<Record<string, string>>; directory: string | undefined } {
  const section = sections.find(({ name }) => name === 'supervisord');
  const text = (key: string): string | undefined => {
    const option = section?.options.get(key);
    if (option === undefined) return undefined;
    const expanded = expand(option.value, expansions);
    const isWhole = expanded.ok && expanded.value.unknown.length === 0;
    if (isWhole) return expanded.value.text;
    const why = expanded.ok
      ? `${expanded.value.unknown.join(', ')} cannot be known here; write the value into the jobs that need it.`
      : `supervisord would refuse this: ${expanded.reason}.`;
    gathered.remark({ line: option.line, what: `${key}=${shown(option.value)}`, kind: 'left-out', why });
    return undefined;
  };
  const environment = environmentOf(text('environment') ?? '');
  if (!environment.ok) {
    const line = section?.options.get('environment')?.line;
    const why = `supervisord would refuse this: ${environment.reason}.`;
    gathered.remark({ line, what: '[supervisord] environment', kind: 'left-out', why });
  }
  return { environment: environment.ok ? environment.value : {}, directory: text('directory') };
}

/** The groups of each program. */
function groupsOf(sections: readonly IniSection[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { name, options } of sections) {
    const group = /^group:\s*(.*\S)/.exec(name)?.[1];
    if (group === undefined) continue;
    for (const program of (options.get('programs')?.value ?? '').split(',').map((word) => word.trim())) {
      if (program !== '') groups.set(program, [...(groups.get(program) ?? []), group]);
    }
  }
  return groups;
}

const SECTIONS: Readonly<Record<string, string>> = {
  eventlistener:
    'Soloist has no such events. A command for alerts is "on_alert"; the program may run as a service if it works without events.',
  'fcgi-program':
    'supervisord hands a socket over to these processes, which Soloist cannot; use the process manager of the FastCGI program itself, such as php-fpm.',
};

function remarkSection(section: IniSection, kind: string, gathered: Gathered): void {
  const { name, line, options } = section;
  const leave = (at: number, what: string, why: string) =>
    gathered.remark({ line: at, what, kind: 'left-out', why });
  if (OWN_SECTIONS.has(kind) || kind === 'rpcinterface' || kind === 'ctlplugin') return;
  if (kind === 'include') {
    const files = options.get('files');
    const why = 'Only this one file is read; import each of these by itself.';
    leave(files?.line ?? line, `files = ${shown(files?.value ?? '')}`, why);
  } else if (kind === 'supervisord') {
    for (const [key, option] of options) {
      const why = DAEMON_KEYS[key];
      if (why !== undefined) leave(option.line, `${key}=${shown(option.value)}`, why);
    }
  } else if (kind === 'group') {
    const priority = options.get('priority');
    const why = 'All services are started at once, and all are asked to end at once.';
    if (priority !== undefined && priority.value !== '999')
      leave(priority.line, `[${name}] priority=${shown(priority.value)}`, why);
  } else leave(line, `[${shown(name)}]`, SECTIONS[kind] ?? 'supervisord does not know this section.');
}

/** `supervisorctl` knows a process by its group, unless both have the same name. */
function switchOff(
  programs: ReadonlyMap<string, ImportedProgram>,
  groups: ReadonlyMap<string, readonly string[]>,
  file: string,
): string[] {
  const sectionsOf = (some: typeof own) => some.map(([program]) => `[program:${program}]`);
  if (programs.size === 0) return [];
  const own = [...programs].filter(([, { isForeign }]) => !isForeign);
  const foreign = [...programs].filter(([, { isForeign }]) => isForeign);
  const left = foreign.length === 0 ? [] : [leaveForeign(listed(sectionsOf(foreign)), 'supervisord')];
  const listedPrograms = own.length === 0 ? foreign : own;
  const processes = listedPrograms.flatMap(([program, { processes: names }]) =>
    (groups.get(program) ?? [program]).flatMap((group) =>
      names.map((name) => shellWord(group === name ? name : `${group}:${name}`)),
    ),
  );
  const sections = sectionsOf(listedPrograms).join(', ');
  return [
    ...left,
    `supervisorctl stop ${[...new Set(processes)].join(' ')}`,
    `Remove ${sections} from ${file}, or write autostart=false there, so that supervisord does not start them again.`,
    'supervisorctl reread && supervisorctl update',
  ];
}
