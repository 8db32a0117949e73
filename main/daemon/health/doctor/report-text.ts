import type { ProcessDetails } from '../../process/details.ts';
import { type Diagnosis, modeText } from './diagnosis.ts';
import { MASK, masked, type Person } from './mask.ts';
import { maskedConfiguration } from './mask-configuration.ts';
import type { Entry, InsideScene, Scene } from './scene.ts';

/** The text of a report to attach to a bug report: all that was found and seen, without secrets. */
export function reportText(
  scene: Scene,
  findings: readonly Diagnosis[],
  processes: readonly ProcessDetails[],
  person: Person,
): string {
  const { inside, configuration } = scene;
  const values = privateValues(configuration);
  // First what is known to be private: a mask may change what it is a part of.
  const hide = (text: string): string =>
    masked(
      values.reduce((shown, value) => shown.replaceAll(value, MASK), text),
      person,
    );
  const sections: readonly (readonly [title: string, text: string])[] = [
    ['Versions', hide(versions(scene))],
    ['Findings', hide(findings.map(findingText).join('\n\n'))],
    ['Facts', hide(json(factsOf(scene)))],
    ['Owner record', hide(inside?.record.owner === undefined ? 'none' : json(inside.record.owner))],
    [
      `Configuration (${hide(configuration.path)})`,
      'text' in configuration ? maskedConfiguration(configuration.text, person) : configuration.kind,
    ],
    ['Environment of jobs: names only, and PATH', hide(environment(scene))],
    ["Processes of Soloist's", hide(processes.map(processText).join('\n') || 'none')],
    ['Files', hide(inside?.entries.map(entryText).join('\n') || 'none')],
    ['End of the log', hide(inside?.log.lines.join('\n') || 'none')],
    ['End of what the daemon printed outside of its log', hide(inside?.log.printed.trim() || 'none')],
  ];
  const head = `Soloist report of ${new Date(scene.atMs).toISOString()}\nWhat looks like a secret was masked. Read this before you attach it anywhere.`;
  return `${[head, ...sections.map(([title, text]) => `== ${title} ==\n\n${text.trimEnd()}`)].join('\n\n')}\n`;
}

/** Shorter ones are in every text by chance. */
const SHORTEST_VALUE = 5;

/** What the configuration gives its jobs as variables, which a log or a command line may repeat; the longest first. */
function privateValues(configuration: Scene['configuration']): readonly string[] {
  if (configuration.kind !== 'usable') return [];
  const jobs = [...configuration.configuration.jobs.values()];
  const values = jobs.flatMap(({ environment: { defaults, own } }) => [
    ...Object.values(defaults),
    ...Object.values(own),
  ]);
  return [...new Set(values)]
    .filter((value) => value.length >= SHORTEST_VALUE)
    .sort((one, other) => other.length - one.length);
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

function versions({ program, inside }: Scene): string {
  const { version, node, electron, system, platform } = program;
  const running = inside?.answer.kind === 'answering' ? inside.answer.version : undefined;
  return [
    `Soloist ${version}, Node ${node}${electron === undefined ? '' : `, Electron ${electron}`}, ${system} (${platform})`,
    `Daemon that answers: ${running ?? 'none'}; that the record names: ${inside?.record.owner?.version ?? 'none'}`,
  ].join('\n');
}

const findingText = ({ name, verdict, sentence, meaning, advice }: Diagnosis): string =>
  [
    `${verdict} ${name}: ${sentence}`,
    `  It means: ${meaning}`,
    ...(advice === null ? [] : [`  To do: ${advice}`]),
  ].join('\n');

/** What has no section of its own. */
function factsOf({ path, home, inside, loginItem, strays, environment }: Scene): object {
  return {
    path,
    home,
    inside: inside === undefined ? null : insideFacts(inside),
    loginItem,
    strays,
    folders: environment.folders,
  };
}

function insideFacts({ entries: _, log, record, history, orphans, ...rest }: InsideScene): object {
  const { owner: __, ...ofRecord } = record;
  return {
    ...rest,
    record: ofRecord,
    history:
      'unfinished' in history
        ? { ...history, unfinished: history.unfinished.map(({ id, job, state }) => ({ id, job, state })) }
        : history,
    orphans: orphans.map(({ job, run, processes, wish }) => ({ job, run, processes, wish })),
    log: { folder: log.folder, errors: log.errors, last: log.last },
  };
}

function environment({ environment: { login } }: Scene): string {
  const from =
    login.kind === 'login' ? `login shell ${login.shell}` : login.kind === 'own' ? login.reason : login.kind;
  return [
    from,
    Object.keys(login.variables).sort().join(' '),
    `PATH: ${login.variables.PATH ?? 'not set'}`,
  ].join('\n');
}

const processText = ({ pid, since, memoryBytes, cpuMs, command }: ProcessDetails): string =>
  `${pid}  since ${since ?? '?'}  ${cpuMs ?? '?'} ms  ${memoryBytes ?? '?'} bytes  ${command}`;

const entryText = ({ path, kind, mode, user, bytes, modifiedMs }: Entry): string =>
  `${modeText(mode)}  uid ${user}  ${String(bytes).padStart(10)}  ${new Date(modifiedMs).toISOString()}  ${kind}  ${path}`;
