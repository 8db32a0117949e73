import type { AlertView } from '../daemon/jobs/views.ts';
import { askDaemon } from './ask-daemon.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { seeTopics, topicsOf } from './see-topic.ts';
import { type Cell, type Format, table } from './table.ts';
import { relativeTime } from './times.ts';

/** `soloist alerts`: those that stand, or all that are kept, the newest first. */
export async function listAlerts(context: CommandContext, all: boolean): Promise<CommandResult> {
  const data = await askDaemon(context, 'alerts', [{ all }]);
  return listed(context, data);
}

/** `soloist alerts ack ID`, or all for null; tells what stands then. */
export async function acknowledge(context: CommandContext, id: string | null): Promise<CommandResult> {
  return listed(context, await askDaemon(context, 'acknowledge', [{ id }]));
}

/** `soloist alerts archive`: puts away what is over; tells what stands. */
export async function archive(context: CommandContext): Promise<CommandResult> {
  return listed(context, await askDaemon(context, 'archive', []));
}

function listed({ color }: CommandContext, data: { readonly alerts: readonly AlertView[] }): CommandResult {
  return { exitCode: 0, data, text: alertsTable(data.alerts, Date.now(), color) };
}

const formats: Readonly<Record<AlertView['state'], Format>> = {
  open: 'red',
  acknowledged: 'yellow',
  resolved: 'green',
  archived: 'dim',
};

/** The alerts as a table; times are relative to `now`, epoch milliseconds. */
export function alertsTable(alerts: readonly AlertView[], now: number, color: boolean): string {
  if (alerts.length === 0) return 'No alerts.';
  const rows = alerts.map(({ id, state, first, count, message, hint }): Cell[] => [
    id,
    { text: state, format: formats[state] },
    relativeTime(first, now),
    String(count),
    hint === null ? message : `${message} ${hint}`,
  ]);
  const standing = alerts.filter(({ state }) => state === 'open' || state === 'acknowledged');
  const see = seeTopics(standing.map(({ kind }) => topicsOf.alert[kind]));
  return `${table(['ID', 'STATE', 'SINCE', 'TIMES', 'WHAT'], rows, color)}\n\n${see}`.trimEnd();
}
