import { type HealthReport, summaryInWords, summaryOf, type Verdict } from '../daemon/health/report.ts';
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

function healthText(report: HealthReport, color: boolean): string {
  const { checks } = report;
  const rows = checks.map((check): Cell[] => [
    check.subject === null ? check.name : `${check.name} ${check.subject}`,
    { text: check.verdict, format: formats[check.verdict] },
    check.sentence,
  ]);
  const remedies = checks.flatMap(({ remedy }) => (remedy === null ? [] : remedy.command));
  const hints = [...new Set(remedies)].map((command) => `  ${command}`);
  const all = table(['CHECK', 'VERDICT', 'WHAT IT FOUND'], rows, color);
  return [
    `Health: ${summaryInWords(summaryOf(report))}`,
    '',
    all,
    ...(hints.length === 0 ? [] : ['', 'What may help:', ...hints]),
  ].join('\n');
}
