import { basename, dirname } from 'node:path';
import { durationText } from '../../daemon/config/duration.ts';
import { isTimezone } from '../../daemon/config/fields.ts';
import { shortened } from '../../daemon/config/syntax.ts';
import { errorDetails } from '../../daemon/errors.ts';
import { shellWord } from '../../daemon/shell-word.ts';
import { leaveForeign, listed, notEnabled } from '../account.ts';
import { type Gatherer, gatherer } from '../gather.ts';
import type { Imported, ImportedJob, Remark } from '../imported.ts';
import { nameFromCommand, nameFromWords } from '../job-name.ts';
import { type CrontabEntry, descriptionOf, readCrontabLine, splitAtPercent } from './lines.ts';
import { commandRemarks, filePathRemark, isAskedOften, ONCE_AT_A_TIME } from './remarks.ts';
import { cronTimes } from './schedule.ts';
import { readVariable } from './variables.ts';

export interface CrontabOptions {
  /** The path of the file; undefined: what `crontab -l` printed. */
  readonly file?: string | undefined;
  /** Who will run the jobs. */
  readonly user?: string | undefined;
  /** The home folder of that person, absolute. */
  readonly userFolder?: string | undefined;
  /** Whether each entry has a column of users, as /etc/crontab; undefined: as the place of the file and its entries look. */
  readonly system?: boolean | undefined;
}

/** What the lines above an entry have set. */
interface Surroundings {
  readonly variables: Map<string, string>;
  shell: string | undefined;
  timezone: string | undefined;
  /** Milliseconds. */
  delay: number;
}

const LONGEST_DESCRIPTION = 300;
/** More words than this are a description rather than a name. */
const LONGEST_NAME = { words: 4, characters: 40 };
/** How Ansible marks its entries. */
const ANSIBLE = /^Ansible: /;

/** What a crontab (crontab(5) of Vixie, cronie, Debian, the BSDs) comes to. Never throws. */
export function importCrontab(text: string, options: CrontabOptions = {}): Imported {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const read = lines.map(readCrontabLine);
  const entries = read.filter((line) => line.kind === 'entry');
  const isSystem = options.system ?? looksLikeSystem(entries, options);
  const gathered = gatherer();
  const surroundings: Surroundings = {
    variables: new Map(),
    shell: undefined,
    timezone: undefined,
    delay: 0,
  };
  let comment: string[] = [];

  for (const [index, line] of read.entries()) {
    const number = index + 1;
    const source = shortened((lines[index] ?? '').trim());
    if (line.kind === 'comment') {
      comment.push(line.text);
      continue;
    }
    const above = descriptionOf(comment);
    comment = [];
    if (line.kind === 'unknown') {
      const why = 'It is neither an entry nor a variable as crontab(5) has them.';
      gathered.remark({ line: number, what: source, kind: 'left-out', why });
    } else if (line.kind === 'variable') {
      const why = readVariable(line, surroundings, options.userFolder, { isTimezone });
      if (why !== undefined) gathered.remark({ line: number, what: source, kind: 'left-out', why });
    } else if (line.kind === 'entry') {
      importEntry(line, { number, above, surroundings, isSystem, options, gathered });
    }
  }
  for (const remark of wholeFile(gathered.jobs, surroundings)) gathered.remark(remark);
  return gathered.done(switchOff(gathered.jobs, isSystem, options.file));
}

/** Accounts after which no command is called, so that a user's own crontab has none of them there. */
const SYSTEM_USERS = /^(?:root|www-data|nobody)\s/;

function looksLikeSystem(entries: readonly CrontabEntry[], { file }: CrontabOptions): boolean {
  if (file !== undefined && (file === '/etc/crontab' || basename(dirname(file)) === 'cron.d')) return true;
  const isAccount = ({ rest }: CrontabEntry): boolean => /^[a-z_][\w.:-]*\s+\S/i.test(rest);
  return entries.every(isAccount) && entries.some(({ rest }) => SYSTEM_USERS.test(rest));
}

interface EntryContext {
  readonly number: number;
  /** The comments right above it. */
  readonly above: readonly string[];
  readonly surroundings: Surroundings;
  readonly isSystem: boolean;
  readonly options: CrontabOptions;
  readonly gathered: Gatherer;
}

/** Adds the job, or says why there is none. */
function importEntry(
  entry: CrontabEntry,
  { number, above, surroundings, isSystem, options, gathered }: EntryContext,
): void {
  const [, account = '', own = ''] = (isSystem ? /^(\S+)\s+(.*)$/.exec(entry.rest) : null) ?? [
    '',
    '',
    entry.rest,
  ];
  // OpenBSD: flags before the command, about mail and the log.
  const [, flags = '', written = ''] = /^((?:-[nqs]+\s+)*)(.*)$/.exec(own) ?? [];
  const { command, input } = splitAtPercent(written);
  const told = above[0]?.replace(ANSIBLE, '');
  const isName =
    told !== undefined &&
    (told !== above[0] ||
      (told.length <= LONGEST_NAME.characters && told.split(/\s+/).length <= LONGEST_NAME.words));
  const wanted = (isName && nameFromWords(told)) || nameFromCommand(command);
  const remark = (kind: Remark['kind'], what: string, why: string, job?: string): void =>
    gathered.remark({ line: number, ...(job === undefined ? {} : { job }), what, kind, why });
  if (command === '') {
    const why = isSystem ? 'There is no command behind the user.' : 'There is no command.';
    remark('left-out', `${entry.when} ${shortened(entry.rest)}`, why);
    return;
  }
  let times: ReturnType<typeof cronTimes>;
  try {
    times = cronTimes(entry.when);
  } catch (error) {
    const { message, hint } = errorDetails(error);
    remark('left-out', entry.when, [message, hint].filter(Boolean).join(' '));
    return;
  }
  const name = gathered.name(wanted);
  for (const why of times.differences) remark('changed', entry.when, why, name);
  if (entry.isUnlogged || flags !== '') {
    const why = "It is about cron's mail and log; Soloist sends no mail and keeps every run in its history.";
    remark('left-out', entry.isUnlogged ? '-' : flags.trim(), why, name);
  }
  const user = account.split(':')[0] ?? '';
  const isForeign = isSystem && user !== options.user;
  if (isForeign) {
    remark('left-out', `user ${user}`, notEnabled('cron'), name);
  }
  for (const { what, why } of commandRemarks(command, name)) remark('changed', what, why, name);

  const { shell, timezone, delay, variables } = surroundings;
  const jitter = times.window + delay;
  const { schedule, on_start } = times.settings;
  const settings = {
    description:
      above.length === 0 ? undefined : shortened(above.join(' ').replace(ANSIBLE, ''), LONGEST_DESCRIPTION),
    run: command,
    shell: shell === '/bin/sh' ? undefined : shell,
    stdin: input,
    ...times.settings,
    timezone: schedule === undefined ? undefined : timezone,
    jitter: jitter === 0 || on_start ? undefined : durationText(jitter),
    cwd: variables.get('HOME'),
    env: Object.fromEntries(variables),
    enabled: isForeign ? false : undefined,
  };
  gathered.job({ name, line: number, settings });
}

/** What holds for all jobs of a file, and matters to some of them. */
function wholeFile(jobs: readonly ImportedJob[], { variables }: Surroundings): Remark[] {
  const often = jobs.find(({ settings }) => isAskedOften(settings));
  const path = variables.has('PATH') ? undefined : filePathRemark(jobs);
  const changed = (what: string, why: string): Remark => ({ line: undefined, what, kind: 'changed', why });
  return [
    ...(often === undefined ? [] : [changed('a run that is due while the last one goes on', ONCE_AT_A_TIME)]),
    ...(path === undefined ? [] : [changed('PATH', path)]),
  ];
}

function switchOff(jobs: readonly ImportedJob[], isSystem: boolean, file: string | undefined): string[] {
  if (jobs.length === 0) return [];
  const linesOf = (some: readonly ImportedJob[]): string =>
    `${some.length === 1 ? 'line' : 'lines'} ${listed(some.map(({ line }) => line ?? 0))}`;
  const isForeign = ({ settings }: ImportedJob): boolean => settings.enabled === false;
  const foreign = jobs.filter(isForeign);
  const left = foreign.length === 0 ? [] : [leaveForeign(linesOf(foreign), 'cron')];
  const own = jobs.filter((job) => !isForeign(job));
  const lines = linesOf(own.length === 0 ? jobs : own);
  if (file === undefined) {
    return [
      ...left,
      'Keep a copy: crontab -l > ~/crontab.before-soloist',
      `Put a # before ${lines} with: crontab -e`,
      'When nothing is left in it that you need, remove it: crontab -r',
    ];
  }
  const where = isSystem
    ? `${file}, as an administrator`
    : `${file}, and load it again if cron has a copy: crontab ${shellWord(file)}`;
  return [...left, `Put a # before ${lines} of ${where}`];
}
