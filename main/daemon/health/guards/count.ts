import { commandMatcher } from '../../config/command-match.ts';
import type { Guard } from '../../config/configuration.ts';
import type { ProcessEntry } from '../../process/platform.ts';
import { GUARD_NAME } from '../../run/guard.ts';

/** A shell with `-c`, whose command line holds that of what it starts. */
const SHELL =
  /^-?(?:\S*\/)?(?:busybox )?(?:sh|ash|bash|dash|zsh|ksh|mksh|fish|csh|tcsh)(?: -o \S+| [-+]\S+)* -[A-Za-z]*c /;

/** A program that starts the one that the rest of its command line names. */
const STARTER =
  /^(?:\S*\/)?(?:(?:sh|bash|dash|busybox) )?(?:\S*\/)?(?:env|nohup|sudo|doas|su|runuser|timeout|gtimeout|nice|ionice|chrt|taskset|setsid|stdbuf|unbuffer|time|caffeinate|script|xargs|parallel|watch|flock|tmux|screen|SCREEN|systemd-run|start-stop-daemon|daemonize|strace|ltrace|xvfb-run|dbus-run-session)(?: |$)/;

/** The command line of Soloist, started by a runtime or as a program of its own. */
const COMMAND_LINE =
  /^(?:(?:\S*\/)?(?:node|electron|bun|soloist)(?:\.exe)? (?:-\S+ )*)?(?:\S*\/)?(?:soloist|cli\.cjs|cli\.ts)(?: |$)/i;

const isWrapper = (command: string): boolean => SHELL.test(command) || STARTER.test(command);

/** What stands guard over a run carries the command line of its job, and is no copy of it. */
const isOfSoloist = ({ command }: ProcessEntry): boolean =>
  COMMAND_LINE.test(command) || command.includes(` ${GUARD_NAME} `);

/**
 * The copies that a guard counts, oldest first: the processes that match and have no ancestor that does. A wrapper that
 * merely starts copies is none itself. `ownPid` is the process that counts: neither it nor its ancestors are copies,
 * nor is anything of Soloist's own command line.
 */
export function countCopies(
  processes: readonly ProcessEntry[],
  { match }: Pick<Guard, 'match'>,
  ownPid: number,
): ProcessEntry[] {
  const matches = commandMatcher(match);
  const byPid = new Map(processes.map((entry) => [entry.pid, entry]));
  const never = new Set([ownPid, ...ancestors(ownPid, byPid).map(({ pid }) => pid)]);
  const matching = processes.filter(
    (entry) => entry.pid > 1 && !never.has(entry.pid) && !isOfSoloist(entry) && matches(entry.command),
  );
  const starters = startersAmong(matching, byPid);
  const counted = new Set(matching.filter((entry) => !starters.has(entry)));
  return [...counted]
    .filter((entry) => !ancestors(entry.pid, byPid).some((above) => counted.has(above)))
    .sort((one, other) => startOrder(one) - startOrder(other) || one.pid - other.pid);
}

/** The copies, oldest first, with those marked that are too many. */
export function markExtra<Copy extends object>(
  copies: readonly Copy[],
  { max, keep }: Pick<Guard, 'max' | 'keep'>,
): (Copy & { readonly isExtra: boolean })[] {
  const isExtra = (index: number): boolean =>
    keep === 'oldest' ? index >= max : index < copies.length - max;
  return copies.map((copy, index) => ({ ...copy, isExtra: isExtra(index) }));
}

/** The wrappers that have something else below them that matches, and the forks of such a wrapper. */
function startersAmong(
  matching: readonly ProcessEntry[],
  byPid: ReadonlyMap<number, ProcessEntry>,
): ReadonlySet<ProcessEntry> {
  const wrappers = new Set(matching.filter(({ command }) => isWrapper(command)));
  const starters = new Set<ProcessEntry>();
  for (const entry of matching) {
    for (const above of ancestors(entry.pid, byPid)) {
      // A shell's forks have its command line: they are the wrapper itself, in several processes.
      if (wrappers.has(above) && above.command !== entry.command) starters.add(above);
    }
  }
  const isFork = (entry: ProcessEntry): boolean =>
    ancestors(entry.pid, byPid).some((above) => starters.has(above) && above.command === entry.command);
  return new Set([...starters, ...[...wrappers].filter(isFork)]);
}

/** The processes above one, the nearest first. */
function ancestors(pid: number, byPid: ReadonlyMap<number, ProcessEntry>): ProcessEntry[] {
  const found: ProcessEntry[] = [];
  // A parent's number that was given away, as Windows tells it, may lead round in a circle.
  const seen = new Set([pid]);
  let above = byPid.get(byPid.get(pid)?.parent ?? 0);
  while (above !== undefined && !seen.has(above.pid)) {
    seen.add(above.pid);
    found.push(above);
    above = byPid.get(above.parent);
  }
  return found;
}

/** A number that grows with the start time: ticks (Linux, Windows) or seconds in words, in UTC (macOS). */
function startOrder({ started }: ProcessEntry): number {
  return /^\d+$/.test(started) ? Number(started) : Date.parse(`${started} UTC`) || 0;
}
