import { signal } from '@preact/signals';
import type { Theme } from './colors.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

/** The theme in force, whether the system's or the one chosen in the settings. */
export const theme = signal<Theme>(dark.matches ? 'dark' : 'light');
dark.addEventListener('change', () => {
  theme.value = dark.matches ? 'dark' : 'light';
});
