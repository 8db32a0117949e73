import { signal } from '@preact/signals';

const query = window.matchMedia('(max-width: 300px)');

/** Whether the page is so narrow, as at twice its size, that what stands side by side must stand one below the other. */
export const isNarrow = signal(query.matches);

query.addEventListener('change', ({ matches }) => {
  isNarrow.value = matches;
});
