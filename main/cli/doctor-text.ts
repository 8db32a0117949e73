import { styleText } from 'node:util';
import { endedBy, type Fix, fixInWords } from '../daemon/health/doctor/diagnosis.ts';
import type { Verdict } from '../daemon/health/report.ts';
import type { ProcessDetails } from '../daemon/process/details.ts';
import type { DoctorData } from './doctor.ts';
import { type Format, printable } from './table.ts';
import { lengthInWords } from './times.ts';

const colors: Readonly<Record<Verdict, Format>> = { ok: 'green', warning: 'yellow', error: 'red' };

type Finding = DoctorData['findings'][number];

/** What the doctor found, a paragraph each, the worst told again at the end. */
export function doctorText({ findings, report }: DoctorData, hasFixed: boolean, color: boolean): string {
  const paint = (format: Format, text: string): string =>
    color ? styleText(format, text, { validateStream: false }) : text;
  const paragraph = ({ name, verdict, sentence, meaning, advice, fix }: Finding): string => {
    const head = `${paint(colors[verdict], verdict.padEnd(7))}  ${paint('bold', name)}: ${printable(sentence)}`;
    const indented = (label: string, text: string | null): string[] =>
      text === null ? [] : [`         ${paint('dim', label)} ${printable(text)}`];
    return [
      head,
      ...indented('It means:', meaning),
      ...indented('To do:', advice),
      ...indented("'soloist doctor --fix' would:", fix),
    ].join('\n');
  };
  const parts = findings.map(paragraph);
  if (report !== null)
    parts.push(
      `The report is in ${report}. It has these findings, the owner record, the configuration, the end of the log, the ` +
        "list of Soloist's files and processes, and versions. What looks like a secret, your name and your home folder are masked. Read it before you attach it anywhere.",
    );
  return [...parts, summary(findings, hasFixed)].join('\n\n');
}

function summary(findings: readonly Finding[], hasFixed: boolean): string {
  const count = (verdict: Verdict): number =>
    findings.filter((finding) => finding.verdict === verdict).length;
  const errors = count('error');
  const warnings = count('warning');
  const of = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
  if (errors + warnings === 0) return 'All is well.';
  const isFixable = !hasFixed && findings.some(({ fix }) => fix !== null);
  const how = isFixable ? " 'soloist doctor --fix' does what is safe about it." : '';
  const left = hasFixed ? ' left' : '';
  return `${of(errors, 'error')} and ${of(warnings, 'warning')}${left}.${how}`;
}

/** What a person is asked before a process is ended: each with its PID, age and command. */
export function endQuestion(fix: Fix, nowMs: number): string {
  const lines = (endedBy(fix) ?? []).map((process) => `  ${processLine(process, nowMs)}`);
  return `${[fixInWords(fix), ...lines].join('\n')}\nEnd it?`;
}

function processLine({ pid, since, command }: ProcessDetails, nowMs: number): string {
  const age = since === null ? '' : `, ${lengthInWords(Math.max(0, nowMs - Date.parse(since)))} old`;
  return `PID ${pid}${age}: ${printable(command)}`;
}
