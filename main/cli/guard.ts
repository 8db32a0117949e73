import { sizeText } from '../daemon/config/duration.ts';
import { SoloistError } from '../daemon/errors.ts';
import { countInWords, pidsInWords } from '../daemon/health/guards/words.ts';
import type { EndedView, GuardView, ProcessView } from '../daemon/health/report.ts';
import { askDaemon } from './ask-daemon.ts';
import type { AskPerson } from './ask-person.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { seeTopics, topicsOf } from './see-topic.ts';
import { type Cell, printable, table } from './table.ts';
import { lengthInWords } from './times.ts';

const SEE_GUARDS = seeTopics([topicsOf.alert.guard]);

/** The daemon answers when the processes have ended, for which they have a period of grace. */
const END_MS = 120_000;

/** `soloist guard`: the guards, what they count, and the processes where there are too many. */
export async function guards(context: CommandContext): Promise<CommandResult> {
  const data = await askDaemon(context, 'guards', []);
  return { exitCode: 0, data, text: guardsText(data.guards, Date.now(), context.color) };
}

/** `soloist guard --names`: only their names, one per line, which is what shells complete from. */
export async function guardNames(context: CommandContext): Promise<CommandResult> {
  const { guards } = await askDaemon(context, 'guards', []);
  const names = guards.map(({ name }) => name);
  return { exitCode: 0, data: { names }, text: names.join('\n') };
}

/** The guards as a table, and below it the processes of those that count too many; `now` in epoch milliseconds. */
export function guardsText(guards: readonly GuardView[], now: number, color: boolean): string {
  if (guards.length === 0)
    return `There are no guards. 'soloist config edit' opens the file to write them in.\n${SEE_GUARDS}`;
  const rows = guards.map(({ name, processes, max, keep, act, match }): Cell[] => [
    name,
    { text: String(processes.length), format: processes.length > max ? 'red' : 'green' },
    String(max),
    keep,
    act,
    match,
  ]);
  const overfull = guards.filter(({ processes, max }) => processes.length > max);
  return [
    table(['GUARD', 'COPIES', 'MAX', 'KEEP', 'ACT', 'MATCH'], rows, color),
    ...overfull.map((guard) => overfullText(guard, now, color)),
    ...(overfull.length === 0 ? [] : [`'soloist guard end NAME' ends the extra ones. ${SEE_GUARDS}`]),
  ].join('\n\n');
}

function overfullText({ name, processes, max }: GuardView, now: number, color: boolean): string {
  const rows = processes.map((copy): Cell[] => [
    copy.isExtra ? { text: 'extra', format: 'red' } : '',
    ...processCells(copy, now),
  ]);
  const counted = printable(countInWords(name, processes.length, max));
  return `${counted}:\n${table(['', ...PROCESS_TITLES], rows, color)}`;
}

const PROCESS_TITLES = ['PID', 'AGE', 'CPU', 'MEMORY', 'COMMAND'];

function processCells({ pid, since, cpuMs, memoryBytes, command }: ProcessView, now: number): Cell[] {
  return [
    String(pid),
    since === null ? '-' : lengthInWords(now - Date.parse(since)),
    cpuMs === null ? '-' : lengthInWords(cpuMs),
    memoryBytes === null ? '-' : sizeText(memoryBytes),
    command,
  ];
}

export interface EndGuardedOptions {
  readonly name: string;
  /** Whether it was said beforehand that nobody need be asked. */
  readonly yes: boolean;
  /** Asks a person; undefined if there is none to ask. */
  readonly askPerson: AskPerson | undefined;
  /** Shows what the question is about. */
  readonly show: (text: string) => void;
}

/** `soloist guard end NAME`: ends the extra copies that it shows, and no others. */
export async function endGuarded(
  context: CommandContext,
  { name, yes, askPerson, show }: EndGuardedOptions,
): Promise<CommandResult> {
  const [guard] = (await askDaemon(context, 'guards', [{ guard: name }])).guards;
  const extra = guard?.processes.filter(({ isExtra }) => isExtra) ?? [];
  if (guard === undefined || extra.length === 0) {
    const counted = countInWords(name, guard?.processes.length ?? 0, guard?.max ?? 0);
    return {
      exitCode: 0,
      data: { ended: [], left: [] },
      text: `${printable(counted)}: none is to be ended.`,
    };
  }
  if (!context.json) show(overfullText(guard, Date.now(), context.color));
  if (!yes) {
    if (askPerson === undefined) throw notAsked(extra);
    const which = extra.length === 1 ? 'the extra one' : `the ${extra.length} extra ones`;
    if (!(await askPerson(`End ${which}?`)))
      return { exitCode: 1, data: { ended: [], left: extra }, text: 'Nothing was ended.' };
  }
  const processes = extra.map(({ pid, started }) => ({ pid, started }));
  const data = await askDaemon(context, 'endGuarded', [{ guard: name, processes }], END_MS);
  return { exitCode: data.left.length === 0 ? 0 : 1, data, text: endedText(extra, data) };
}

function notAsked(extra: readonly ProcessView[]): SoloistError {
  return new SoloistError({
    code: 'not-confirmed',
    message: `Nothing was ended: there is no terminal to ask at whether to end ${pidsInWords(extra)}.`,
    hint: 'With --yes they are ended without being asked about.',
  });
}

/** What became of the processes that were shown, a line for each kind of end. */
function endedText(shown: readonly ProcessView[], { ended, left }: EndedView): string {
  const told = new Set([...ended, ...left].map(({ pid }) => pid));
  const others = shown.filter(({ pid }) => !told.has(pid));
  const verb = others.length === 1 ? 'is' : 'are';
  return [
    ...(ended.length === 0 ? [] : [`Ended ${pidsInWords(ended)}.`]),
    ...(left.length === 0 ? [] : [`Still there, although told to end: ${pidsInWords(left)}.`]),
    ...(others.length === 0 ? [] : [`${pidsInWords(others)} ${verb} gone already, or not extra any more.`]),
  ].join('\n');
}
