import { computed, signal } from '@preact/signals';
import type { AppView } from '../../main/control/app-calls.ts';
import { call, on } from './calls.ts';

export const app = signal<AppView | undefined>(undefined);
on('app', (view) => {
  app.value = view;
});
on('status', (status) => {
  if (app.value !== undefined) app.value = { ...app.value, status };
});
void call('app').then((view) => {
  app.value = view;
  document.documentElement.dataset.platform = view.platform;
});

/** Which daemon answers, changing with each start; undefined while none does. What was read is read anew then. */
export const answering = computed(() => {
  const status = app.value?.status ?? null;
  return status?.daemon.state === 'running' ? status.owner?.instanceId : undefined;
});
