import { basename } from 'node:path';
import type { Configuration, Job } from '../../config/configuration.ts';
import { readEnvFile } from '../../config/env-file.ts';
import { composeEnvironment } from '../../config/environment.ts';
import type { LoginEnvironment } from '../../config/login-environment.ts';
import { errorDetails } from '../../errors.ts';
import { checkCommand, findProgram } from '../../run/command.ts';
import type { EnvironmentScene, Presence } from './scene.ts';

/** The folders that the enabled jobs of a configuration name. */
export function foldersOf(
  configuration: Configuration,
): readonly { readonly job: string; readonly path: string }[] {
  return [...configuration.jobs.values()]
    .filter(({ enabled }) => enabled)
    .flatMap((job) => [job.cwd, ...watchedBy(job)].map((path) => ({ job: job.name, path })));
}

function watchedBy(job: Job): readonly string[] {
  if (job.kind !== 'triggered') return [];
  return job.triggers.flatMap((trigger) => (trigger.kind === 'watch' ? trigger.paths : []));
}

/** What jobs would find if they started now. */
export function lookAtEnvironment(
  configuration: Configuration | undefined,
  login: LoginEnvironment,
  presence: ReadonlyMap<string, Presence>,
): EnvironmentScene {
  if (configuration === undefined) return { login, jobs: [], folders: [] };
  const folders = foldersOf(configuration).flatMap(({ job, path }) => {
    const found = presence.get(path) ?? 'not-asked';
    return found === 'there' ? [] : [{ job, path, presence: found }];
  });
  const jobs = [...configuration.jobs.values()]
    .filter((job) => job.enabled && presence.get(job.cwd) === 'there')
    .flatMap((job) => {
      const problem = problemOf(job, login);
      return problem === undefined ? [] : [{ job: job.name, ...problem }];
    });
  return { login, jobs, folders };
}

type JobProblem = { readonly message: string; readonly hint: string };

function problemOf(job: Job, login: LoginEnvironment): JobProblem | undefined {
  try {
    const variables = composeEnvironment({
      login: login.variables,
      job: job.environment,
      files: job.environment.files.map(readEnvFile),
      run: { job: job.name, runId: 'doctor', trigger: 'person', files: [], scheduledAt: 0, attempt: 1 },
      platform: process.platform,
    });
    const place = { cwd: job.cwd, searchPath: variables.PATH };
    const { command } = job;
    // What it needs, its run says.
    if (command.kind === 'action') return undefined;
    checkCommand(command.kind === 'shell' ? { ...command, arguments: [] } : command, place);
    return command.kind === 'shell' ? missingWord(command, place, variables.HOME) : undefined;
  } catch (error) {
    const { message, hint = "Mend that in the job's configuration." } = errorDetails(error);
    return { message, hint };
  }
}

/** Shells whose texts begin with a program unless they begin with one of these. */
const SHELLS = /^(?:sh|ash|dash|bash|ksh|mksh|zsh)$/;
const OF_THE_SHELL = new Set(
  (
    '. : [ alias bg break builtin case cd command continue declare do done dot echo eval exec exit export false fc fg ' +
    'for function getopts hash if jobs kill let local nohup printf print pwd read readonly repeat return select set ' +
    'setopt shift shopt source test then time times trap true type typeset ulimit umask unalias unset until wait while'
  ).split(' '),
);

/** The first word of a shell text, where it is surely meant to be a program, if there is no such program. */
function missingWord(
  { text, shell }: { readonly text: string; readonly shell: string },
  { cwd, searchPath }: { readonly cwd: string; readonly searchPath: string | undefined },
  home: string | undefined,
): JobProblem | undefined {
  if (!SHELLS.test(basename(shell)) || /\bPATH=|\(\)|\bfunction\b/.test(text)) return undefined;
  const word = /^\s*((?:~\/)?[\w./+-]+)(?=\s|$)/.exec(text)?.[1];
  if (word === undefined || OF_THE_SHELL.has(word)) return undefined;
  const program = word.startsWith('~/') && home !== undefined ? `${home}${word.slice(1)}` : word;
  const found = findProgram(program, searchPath, cwd);
  switch (found.kind) {
    case 'found':
      return undefined;
    case 'not-executable':
      return {
        message: `The program ${found.path} may not be executed.`,
        hint: `If it is a script, make it executable: chmod +x '${found.path}'.`,
      };
    case 'missing':
      return program.includes('/')
        ? {
            message: `The program ${program} does not exist.`,
            hint: "Check the path in the job's configuration.",
          }
        : {
            message: `The program '${program}' was not found in any folder of PATH.`,
            hint: "Give its full path, or set PATH under 'env' of the job.",
          };
  }
}
