import type { Configuration, Job, Service, TriggeredJob } from '../../../main/daemon/config/configuration.ts';
import type { Problem } from '../../../main/daemon/config/finding.ts';
import { type LoadOptions, type LoadResult, loadConfiguration } from '../../../main/daemon/config/load.ts';
import { renderProblem } from '../../../main/daemon/config/problems.ts';

export const OPTIONS: LoadOptions = {
  file: 'soloist.yaml',
  userFolder: '/home/ada',
  fileFolder: '/home/ada/.config/soloist',
  timezone: 'Europe/Vienna',
  platform: 'linux',
  checkPattern: (pattern) =>
    /^(?:@\w+|[\d*/,?L-]+( +\S+){4,5})$/.test(pattern) ? undefined : 'it has too few fields',
};

export function load(content: string | Uint8Array, options: Partial<LoadOptions> = {}): LoadResult {
  return loadConfiguration(content, { ...OPTIONS, ...options });
}

/** The configuration of a text that must be valid. */
export function valid(text: string, options: Partial<LoadOptions> = {}): Configuration {
  const result = load(text, options);
  if (!result.ok) throw new Error(`not valid:\n${result.problems.map(renderProblem).join('\n')}\n\n${text}`);
  return result.configuration;
}

/** The problems of a text that must be broken. */
export function broken(content: string | Uint8Array): readonly Problem[] {
  const result = load(content);
  if (result.ok) throw new Error(`valid, but should not be:\n${content}`);
  return result.problems;
}

/** The one problem of a text that must have just one. */
export function problem(content: string | Uint8Array): Problem {
  const problems = broken(content);
  const [first] = problems;
  if (first === undefined || problems.length > 1) {
    throw new Error(`expected one problem, got:\n${problems.map(renderProblem).join('\n')}`);
  }
  return first;
}

/** The one job of a file with these lines below it; `run: x` is added if there is no run. */
export function job(lines: string, head = ''): Job {
  const run = /^run:/m.test(lines) ? '' : 'run: x\n';
  const body = `${run}${lines}`.replace(/^/gm, '    ');
  const found = valid(`${head}jobs:\n  one:\n${body}\n`).jobs.get('one');
  if (found === undefined) throw new Error('there is no such job');
  return found;
}

export function triggered(lines: string, head = ''): TriggeredJob {
  const found = job(lines, head);
  if (found.kind !== 'triggered') throw new Error('it is a service');
  return found;
}

export function service(lines: string, head = ''): Service {
  const found = job(lines, head);
  if (found.kind !== 'service') throw new Error('it is no service');
  return found;
}

/** The one problem of a file with a job that has these lines. */
export function jobProblem(lines: string): Problem {
  const run = /^run:/m.test(lines) ? '' : 'run: x\n';
  return problem(`jobs:\n  one:\n${`${run}${lines}`.replace(/^/gm, '    ')}\n`);
}
