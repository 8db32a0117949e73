import { computed, signal } from '@preact/signals';
import type { Place, ViewName } from '../../main/control/app-calls.ts';
import { on } from '../state/calls.ts';

/** The views, in the order in which they are shown and numbered. */
export const viewOrder: readonly ViewName[] = [
  'timeline',
  'history',
  'jobs',
  'links',
  'health',
  'settings',
  'help',
];

/** What the window shows: a view, the job chosen in it, and the run opened beside it. */
export const place = signal<Place>(placeOf(new URLSearchParams(location.search)));
on('place', (wanted) => {
  place.value = wanted;
});

export const view = computed(() => place.value.view);
export const openRun = computed(() => place.value.run);
export const openTopic = computed(() => place.value.topic);

export function showView(name: ViewName): void {
  const { job } = place.value;
  if (view.value !== name) place.value = { view: name, ...(job === undefined ? {} : { job }) };
}

/** Opens a topic of the help. */
export function showTopic(topic: string): void {
  place.value = { view: 'help', topic };
}

export function showJob(job: string): void {
  place.value = { view: 'jobs', job };
}

/** Opens a run beside the view that is shown. */
export function showRun(run: string): void {
  place.value = { ...place.value, run };
}

export function closeRun(): void {
  const { run: _, ...rest } = place.value;
  place.value = rest;
}

/** The place that a window's address names; what it does not know of is left out. */
export function placeOf(query: URLSearchParams): Place {
  const view = viewOrder.find((name) => name === query.get('view')) ?? 'timeline';
  const job = query.get('job');
  const run = query.get('run');
  const topic = query.get('topic');
  return { view, ...(job ? { job } : {}), ...(run ? { run } : {}), ...(topic ? { topic } : {}) };
}
