import { join } from 'node:path';

/** Where the index of the notes is, in the folder of a job's state. */
export const indexFile = (state: string): string => join(state, 'index.sqlite');

/** Where the suggestions and what was decided about them are. */
export const storeFile = (state: string): string => join(state, 'links.sqlite');

/** What to do about damage to either of them. */
export const IF_DAMAGED = "Run the job again ('soloist run'): it begins anew.";
