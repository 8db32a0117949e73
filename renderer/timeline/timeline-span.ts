import { signal } from '@preact/signals';
import { LENGTHS, type Span } from './span.ts';

/** The span that a person has moved or zoomed to; undefined while it follows the time. */
export const span = signal<Span | undefined>(undefined);
/** How much is shown while it follows the time, in milliseconds. */
export const step = signal<number>(LENGTHS.day);
