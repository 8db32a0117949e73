import { styleText } from 'node:util';
import type { Configuration } from '../../daemon/config/configuration.ts';
import type { Problem } from '../../daemon/config/finding.ts';
import { renderProblem } from '../../daemon/config/problems.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { seeTopics, topicsOf } from '../see-topic.ts';
import { type LoadedFile, loadFile } from './load-file.ts';

/** `soloist config check [FILE]`: everything that is wrong with the configuration, or what it comes to. */
export function check(context: CommandContext, named: string | undefined): CommandResult {
  return checked(context, loadFile(context, named));
}

/** What a file came to, for a person and for a program. */
export function checked({ color }: CommandContext, { file, result }: LoadedFile): CommandResult {
  if (!result.ok) {
    const { problems } = result;
    const count = `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;
    const summary = `${count}: ${file} cannot be used as it is.`;
    const see = seeTopics([topicsOf.error['configuration-invalid']]);
    const text = [...problems.map(renderProblem), see, color ? styleText('red', summary) : summary].join(
      '\n\n',
    );
    return { exitCode: 1, text, data: { file, usable: false, problems, warnings: [] } };
  }
  const { configuration, warnings } = result;
  const fine = `${file} is fine: ${contents(configuration)}.`;
  const text = [...warnings.map(renderWarning), color ? styleText('green', fine) : fine].join('\n\n');
  const jobs = [...configuration.jobs.keys()];
  return { exitCode: 0, text, data: { file, usable: true, problems: [], warnings, jobs } };
}

const renderWarning = (problem: Problem): string => `Warning: ${renderProblem(problem)}`;

/** `3 jobs and 1 service (2 disabled), times in Europe/Berlin` */
function contents({ jobs, timezone }: Configuration): string {
  const all = [...jobs.values()];
  const services = all.filter(({ kind }) => kind === 'service').length;
  const disabled = all.filter(({ enabled }) => !enabled).length;
  const count = (number: number, one: string): string[] =>
    number === 0 ? [] : [`${number} ${one}${number === 1 ? '' : 's'}`];
  const found = [...count(all.length - services, 'job'), ...count(services, 'service')].join(' and ');
  const off = disabled === 0 ? '' : ` (${disabled} disabled)`;
  return `${found || 'no jobs'}${off}, times in ${timezone}`;
}
