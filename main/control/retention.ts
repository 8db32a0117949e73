/** For windows, which import of main only what is in this folder. */
export { DEFAULT_RETENTION } from '../daemon/history/default-retention.ts';
