import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { ScreenshotsSettings } from '../daemon/actions/action.ts';
import { actionState, actionStatePath } from '../daemon/actions/action-state.ts';
import type { Outcome } from '../daemon/actions/screenshots/import.ts';
import { bringIn, outcomeLine } from '../daemon/actions/screenshots/index.ts';
import { configurationError } from '../daemon/config/problems.ts';
import { SoloistError } from '../daemon/errors.ts';
import { prepareHome } from '../daemon/home.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { loadFile } from './config/load-file.ts';

/** As shells have it of a command that an interrupt ended. */
const INTERRUPTED = 130;

export interface ImportWish {
  readonly job: string | undefined;
  readonly dryRun: boolean;
}

interface ScreenshotsJob {
  readonly name: string;
  readonly settings: ScreenshotsSettings;
}

/**
 * `soloist screenshots import FOLDER`: a backlog of screenshots, by the settings of a job. `jobsOf` tells the jobs that the
 * configuration has for it.
 */
export async function importScreenshots(
  context: CommandContext,
  folder: string,
  { job: named, dryRun }: ImportWish,
  jobsOf: (context: CommandContext) => readonly ScreenshotsJob[] = configuredJobs,
): Promise<CommandResult> {
  const { name, settings } = chosen(jobsOf(context), named);
  const path = resolve(folder);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SoloistError({
      code: 'folder-missing',
      message: `${path} is not a folder.`,
      hint: 'Name the folder that the screenshots are in.',
    });
  }
  const counts = new Map<Outcome['kind'], number>();
  const files: { file: string; outcome: Outcome }[] = [];
  let seen = 0;
  let all = 0;
  const controller = new AbortController();
  // Once: who asks a second time gets what interrupts do of themselves.
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const ended = await bringIn({
      settings,
      paths: [path],
      state: dryRun ? actionStatePath(context.home, name) : actionState(prepareHome(context.home), name),
      signal: controller.signal,
      dryRun,
      warn: (line) => process.stderr.write(`${line}\n`),
      report(file, outcome, done, total) {
        [seen, all] = [done, total];
        counts.set(outcome.kind, (counts.get(outcome.kind) ?? 0) + 1);
        if (context.json) files.push({ file, outcome });
        else showProgress(file, outcome, `[${done}/${total}] `, dryRun);
      },
    });
    const left = (counts.get('unfinished') ?? 0) + (counts.get('failed') ?? 0);
    return {
      exitCode: ended ? Math.min(left, 1) : INTERRUPTED,
      data: { job: name, dryRun, interrupted: !ended, counts: Object.fromEntries(counts), files },
      text: ended
        ? summary(counts, dryRun)
        : `Interrupted after ${seen} of ${all}. The same command goes on from there.`,
    };
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

function showProgress(file: string, outcome: Outcome, progress: string, dryRun: boolean): void {
  const said = outcomeLine(file, outcome, dryRun) ?? { line: `${basename(file)}: is gone`, isWarning: true };
  (said.isWarning ? process.stderr : process.stdout).write(`${progress}${said.line}\n`);
}

const words: Readonly<Record<Outcome['kind'], string>> = {
  imported: 'brought in',
  known: 'in the vault already',
  unfinished: 'not whole',
  failed: 'not brought in',
  'not-a-picture': 'passed over',
  gone: 'gone',
};

function summary(counts: ReadonlyMap<Outcome['kind'], number>, dryRun: boolean): string {
  if (counts.size === 0) return 'There are no screenshots.';
  const parts = Object.entries(words).flatMap(([kind, word]) => {
    const count = counts.get(kind as Outcome['kind']);
    return count === undefined ? [] : [`${count} ${dryRun && kind === 'imported' ? 'would be ' : ''}${word}`];
  });
  return `${parts.join(', ')}.`;
}

function chosen(jobs: readonly ScreenshotsJob[], named: string | undefined): ScreenshotsJob {
  const found = named === undefined ? jobs : jobs.filter(({ name }) => name === named);
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only;
  const names = jobs.map(({ name }) => name).join(', ');
  if (jobs.length === 0) {
    throw new SoloistError({
      code: 'no-screenshots-job',
      message: 'No job of the configuration says "use: screenshots".',
      hint: 'Its "with" says which vault the screenshots go to; add such a job, or name another file with --config.',
    });
  }
  throw new SoloistError({
    code: 'usage',
    message:
      named === undefined
        ? 'Several jobs say "use: screenshots".'
        : `'${named}' is no job that says "use: screenshots".`,
    hint: `Name one with --job: ${names}.`,
  });
}

function configuredJobs(context: CommandContext): ScreenshotsJob[] {
  const { result } = loadFile(context, undefined);
  if (!result.ok) throw configurationError(result.problems);
  return [...result.configuration.jobs.values()].flatMap(({ name, command }) => {
    return command.kind === 'action' && command.action === 'screenshots'
      ? [{ name, settings: command.settings }]
      : [];
  });
}
