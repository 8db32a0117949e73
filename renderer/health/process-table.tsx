import { bytesInWords, durationInWords, momentOf } from '../format.ts';
import { now } from '../state/now.ts';
import { healthStrings } from '../strings/health.ts';
import type { Row } from './ending.ts';

const strings = healthStrings.ending;

/** Processes as a person decides about them: what becomes of each, and what it is. */
export function ProcessTable({ rows }: { readonly rows: readonly Row[] }) {
  const { columns } = strings;
  return (
    <section class="process-frame" aria-label={strings.table} tabIndex={0}>
      <table class="process-table">
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">{columns.fate}</span>
            </th>
            <th scope="col" class="is-number">
              {columns.pid}
            </th>
            <th scope="col" class="is-number">
              {columns.age}
            </th>
            <th scope="col" class="is-number">
              {columns.cpu}
            </th>
            <th scope="col" class="is-number">
              {columns.memory}
            </th>
            <th scope="col">{columns.command}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ProcessRow key={`${row.process.pid} ${row.process.started}`} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ProcessRow({ row: { process, fate, note } }: { readonly row: Row }) {
  const { pid, since, cpuMs, memoryBytes, command } = process;
  return (
    <tr class={`is-${fate}`}>
      <td class="process-fate">{strings.fates[fate]}</td>
      <td class="is-number">{pid}</td>
      <td class="is-number" title={since === null ? undefined : momentOf(since)}>
        {since === null ? strings.unknown : durationInWords(wholeSeconds(now.value - Date.parse(since)))}
      </td>
      <td class="is-number">{cpuMs === null ? strings.unknown : durationInWords(cpuMs)}</td>
      <td class="is-number">{memoryBytes === null ? strings.unknown : bytesInWords(memoryBytes)}</td>
      <td class="process-command">
        <code dir="ltr" title={command}>
          {command}
        </code>
        {note === null ? null : <p class="quiet">{note}</p>}
      </td>
    </tr>
  );
}

/** A figure that goes on by the second must not show tenths. */
const wholeSeconds = (ms: number): number => Math.max(1_000, Math.round(ms / 1_000) * 1_000);
