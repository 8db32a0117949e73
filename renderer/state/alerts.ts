import { computed, effect, signal } from '@preact/signals';
import type { WindowOutput } from '../../main/control/window-calls.ts';
import { answering } from './app.ts';
import { call, on } from './calls.ts';

export type Alert = WindowOutput<'alerts'>['alerts'][number];

/** All alerts, those that are over too. */
export const alerts = signal<readonly Alert[]>([]);
export const openAlerts = computed(() => alerts.value.filter(({ state }) => state === 'open'));

/** The job that an alert is about, or null: what a guard counts may have the name of a job, and is none. */
export const jobOf = ({ kind, job }: Alert): string | null => (kind === 'guard' ? null : job);

export async function readAlerts(): Promise<void> {
  if (document.hidden) return;
  try {
    alerts.value = (await call('alerts', { all: true })).alerts;
  } catch {
    alerts.value = [];
  }
}

on('alerts', () => void readAlerts());
document.addEventListener('visibilitychange', () => void readAlerts());
effect(() => {
  void answering.value;
  void readAlerts();
});
