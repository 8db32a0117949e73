import type { Check, HealthReport, Verdict } from '../daemon/health/report.ts';
import { askDaemon } from './ask-daemon.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { type Cell, type Format, table } from './table.ts';

/** With what `soloist health` ends: as the checks of Nagios and Icinga do. */
const exitCodes: Readonly<Record<Verdict, number>> = { ok: 0, warning: 1, error: 2 };

/** With what it ends if no daemon answers. */
export const UNKNOWN = 3;

const formats: Readonly<Record<Verdict, Format>> = { ok: 'green', warning: 'yellow', error: 'red' };

/** `soloist health`: what each check finds. Looking at everything may take some seconds. */
export async function health(context: CommandContext): Promise<CommandResult> {
  const data = await askDaemon(context, 'health', []);
  return { exitCode: exitCodes[data.verdict], data, text: healthText(data, context.color) };
}

function healthText({ verdict, checks }: HealthReport, color: boolean): string {
  const rows = checks.map((check): Cell[] => [
    check.subject === null ? check.name : `${check.name} ${check.subject}`,
    { text: check.verdict, format: formats[check.verdict] },
    check.sentence,
  ]);
  const remedies = checks.flatMap(({ remedy }) => (remedy === null ? [] : remedy.command));
  const hints = [...new Set(remedies)].map((command) => `  ${command}`);
  const all = table(['CHECK', 'VERDICT', 'WHAT IT FOUND'], rows, color);
  return [
    `${healthInWords(verdict, checks)}`,
    '',
    all,
    ...(hints.length === 0 ? [] : ['', 'What may help:', ...hints]),
  ].join('\n');
}

/** `All is well.`, or how many checks found an error or something to be warned of. */
export function healthInWords(verdict: Verdict, checks: readonly Check[]): string {
  if (verdict === 'ok') return 'All is well.';
  const count = (wanted: Verdict): number =>
    // The jobs that are not well each have a check of their own.
    checks.filter((check) => check.verdict === wanted && check.name !== 'jobs').length;
  const errors = count('error');
  const warnings = count('warning');
  const parts = [
    ...(errors === 0 ? [] : [`${errors} error${errors === 1 ? '' : 's'}`]),
    ...(warnings === 0 ? [] : [`${warnings} warning${warnings === 1 ? '' : 's'}`]),
  ];
  return `${parts.join(', ')}.`;
}
