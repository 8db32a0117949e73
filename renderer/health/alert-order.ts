import type { WindowOutput } from '../../main/control/window-calls.ts';

type Alert = WindowOutput<'alerts'>['alerts'][number];

const urgency = { open: 0, acknowledged: 1, resolved: 2, archived: 3 } as const satisfies Record<
  Alert['state'],
  number
>;

/** The alerts that stand, and those that are over: each open ones first, and the newest first among equals. */
export function alertsInOrder(alerts: readonly Alert[]): {
  readonly standing: readonly Alert[];
  readonly older: readonly Alert[];
} {
  const inOrder = alerts.toSorted(
    (one, other) => urgency[one.state] - urgency[other.state] || other.last.localeCompare(one.last),
  );
  const isStanding = ({ state }: Alert): boolean => state === 'open' || state === 'acknowledged';
  return { standing: inOrder.filter(isStanding), older: inOrder.filter((alert) => !isStanding(alert)) };
}
