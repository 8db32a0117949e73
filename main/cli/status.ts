import { styleText } from 'node:util';
import { follow } from '../control/client.ts';
import { contractDifference } from '../control/contract-version.ts';
import { type Finding, findDaemon } from '../control/find-daemon.ts';
import { statusOf } from '../control/other-status.ts';
import { type HealthSummary, summaryInWords } from '../daemon/health/report.ts';
import { kindInWords, momentInWords } from '../daemon/lock/already-running.ts';
import { type Crash, crashOf, type Owner } from '../daemon/lock/owner.ts';
import type { DaemonStatus } from '../daemon/status.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { seeTopics, topicsOf } from './see-topic.ts';

/** What `soloist status` says about each finding. Exit codes 3 and 1 are those of the LSB for status commands. */
const outcomes = {
  running: { exitCode: 0, color: 'green', words: 'running' },
  starting: { exitCode: 0, color: 'yellow', words: 'starting' },
  stopping: { exitCode: 0, color: 'yellow', words: 'stopping' },
  crashed: { exitCode: 1, color: 'red', words: 'crashed' },
  stopped: { exitCode: 3, color: 'dim', words: 'not running' },
  silent: { exitCode: 4, color: 'red', words: 'running, but not answering' },
  elsewhere: { exitCode: 4, color: 'yellow', words: 'running on another computer' },
} as const;

type Outcome = keyof typeof outcomes;

/** The machine-readable form of `soloist status --json`, under `data`. */
export interface StatusData {
  readonly state: Outcome;
  readonly home: string;
  readonly owner: Owner | null;
  readonly uptimeSeconds: number | null;
  readonly lock: { readonly path: string; readonly held: boolean } | null;
  readonly lastCrash: Crash | null;
  readonly configuration: DaemonStatus['configuration'] | null;
  /** As it was looked at last; null if it was not yet, or no daemon answers. */
  readonly health: DaemonStatus['health'];
  /** The contract that the daemon speaks; null of one that does not answer. */
  readonly contract: number | null;
}

/** `soloist status`: what the daemon of a home is doing, without changing anything. */
export async function status(context: CommandContext): Promise<CommandResult> {
  return describe(context, await findDaemon(context.home));
}

/** `soloist status --watch`: shows the status anew whenever it changes, until it is interrupted. */
export async function watchStatus(
  context: CommandContext,
  show: (result: CommandResult) => void,
): Promise<never> {
  let shown = '';
  const showOnce = (result: CommandResult): void => {
    if (result.text !== shown || process.stdout.isTTY) show(result);
    shown = result.text;
  };
  for (;;) {
    const finding = await findDaemon(context.home);
    showOnce(describe(context, finding));
    if (finding.kind === 'answering') await followStatus(context, finding.owner, showOnce);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function followStatus(
  context: CommandContext,
  owner: Owner,
  show: (result: CommandResult) => void,
): Promise<void> {
  let last: DaemonStatus | undefined;
  // The uptime ticks where somebody looks at it.
  const ticking = setInterval(() => {
    if (last !== undefined && process.stdout.isTTY)
      show(describe(context, { kind: 'answering', owner, status: last }));
  }, 1_000);
  try {
    for await (const { event, data } of follow(owner.socket, new AbortController().signal)) {
      if (event !== 'status') continue;
      last = statusOf(data, context.home, owner);
      show(describe(context, { kind: 'answering', owner, status: last }));
    }
  } catch {
    // The daemon went away in the middle of a word; the next look tells how.
  } finally {
    clearInterval(ticking);
  }
}

function outcomeOf(finding: Finding): Outcome {
  switch (finding.kind) {
    case 'answering': {
      const { state } = finding.status.daemon;
      return state === 'failed' ? 'stopping' : state;
    }
    case 'absent':
      return 'stopped';
    default:
      return finding.kind;
  }
}

function describe(context: CommandContext, finding: Finding): CommandResult {
  const outcome = outcomeOf(finding);
  const owner = finding.kind === 'absent' ? null : (finding.owner ?? null);
  const last = finding.kind === 'absent' ? finding.last : owner;
  const held = finding.kind !== 'absent' && finding.kind !== 'crashed';
  const uptime = owner !== null && held ? (Date.now() - Date.parse(owner.startedAt)) / 1000 : null;
  const data: StatusData = {
    state: outcome,
    home: context.home,
    owner,
    uptimeSeconds: uptime === null ? null : Math.max(0, Math.round(uptime)),
    lock: last ? { path: last.lock, held } : null,
    lastCrash: lastCrash(finding),
    configuration: finding.kind === 'answering' ? finding.status.configuration : null,
    // An older daemon does not tell.
    health: (finding.kind === 'answering' ? finding.status.health : null) ?? null,
    contract: finding.kind === 'answering' ? (finding.status.contract ?? 0) : null,
  };
  const difference =
    finding.kind === 'answering'
      ? contractDifference(finding.owner, finding.status, 'the command line')
      : undefined;
  const lines = [
    text(context, data),
    ...(difference === undefined ? [] : ['', difference.message, difference.hint]),
  ];
  return { exitCode: outcomes[outcome].exitCode, data, text: lines.join('\n') };
}

function lastCrash(finding: Finding): Crash | null {
  if (finding.kind === 'absent') return finding.last?.lastCrash ?? null;
  if (finding.kind !== 'crashed') return finding.owner?.lastCrash ?? null;
  return crashOf(finding.owner, new Date().toISOString());
}

function text(context: CommandContext, data: StatusData): string {
  const { state, owner, lock, lastCrash, configuration, health } = data;
  const { color, words } = outcomes[state];
  const paint = (format: Parameters<typeof styleText>[0], words: string): string =>
    context.color ? styleText(format, words) : words;
  const rows: [string, string][] = [];
  if (owner !== null) {
    const where = state === 'elsewhere' ? ` on ${owner.host.name}` : '';
    rows.push(['PID', `${owner.pid}${where} (${kindInWords[owner.kind]}, started by ${owner.startedBy})`]);
    if (data.uptimeSeconds !== null)
      rows.push(['Uptime', `${uptimeInWords(data.uptimeSeconds)} (since ${momentInWords(owner.startedAt)})`]);
    rows.push(['Version', owner.version]);
  }
  rows.push(['Home', data.home]);
  if (lock !== null) rows.push(['Lock', `${lock.path} (${lock.held ? 'held' : 'free'})`]);
  if (configuration !== null) rows.push(['Configuration', configuration.path]);
  if (health !== null) rows.push(['Health', healthWords(health, paint)]);
  rows.push(['Last crash', lastCrash === null ? 'none known' : crashInWords(lastCrash)]);
  const title = `Soloist daemon: ${paint(['bold', color], words)}`;
  const lines = [title, ...rows.map(([label, value]) => `  ${paint('dim', label.padEnd(14))} ${value}`)];
  if (configuration?.problem)
    lines.push(
      '',
      paint(
        'red',
        `The configuration is broken, the former one stays in force: ${configuration.problem.message}`,
      ),
      ...[seeTopics([topicsOf.error[configuration.problem.code]])].filter((see) => see !== ''),
    );
  const hint = hints[state];
  if (hint !== undefined) lines.push('', hint);
  return lines.join('\n');
}

const verdictColors = { ok: 'green', warning: 'yellow', error: 'red' } as const;

function healthWords(
  health: HealthSummary,
  paint: (format: 'green' | 'yellow' | 'red', words: string) => string,
): string {
  const words = paint(verdictColors[health.verdict], summaryInWords(health));
  return health.sentence === null ? words : `${words}: ${health.sentence} ('soloist health' says more)`;
}

const hints: Partial<Record<Outcome, string>> = {
  stopped: "Start it with 'soloist up'.",
  crashed: "It ended without releasing its lock. Start it again with 'soloist up'; nothing else is needed.",
  silent: "It is starting, suspended or stuck. End it with 'soloist down', by force if it must be.",
};

function crashInWords(crash: Crash): string {
  return `PID ${crash.pid}, started ${momentInWords(crash.startedAt)}, found dead ${momentInWords(crash.foundAt)}`;
}

/** `5 s`, `12 min`, `2 h 14 min`, `3 d 4 h` */
export function uptimeInWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return `${seconds} s`;
  if (hours === 0) return `${minutes} min`;
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
