import { join } from 'node:path';
import { app } from 'electron';

/** The path of a file that was built, in the package or in the repository: wherever the code that asks was bundled to. */
export const built = (...parts: readonly string[]): string => join(app.getAppPath(), 'out', ...parts);
