import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { errorDetails, SoloistError, systemErrorCode } from '../../daemon/errors.ts';

/**
 * What an ecosystem file in JavaScript exports. This runs the person's own file, by `require` as pm2 itself does: such a file
 * computes what it says from `process.env`, `__dirname` and other modules. Throws a `SoloistError` where the file does.
 */
export function loadPm2Module(file: string): unknown {
  const path = resolve(file);
  const load = createRequire(path);
  try {
    delete load.cache[path];
    const exported: unknown = load(path);
    return defaultOf(exported);
  } catch (error) {
    const isModule = systemErrorCode(error) === 'ERR_REQUIRE_ESM' || error instanceof SyntaxError;
    throw new SoloistError(
      {
        code: 'import-unreadable',
        message: `${file} cannot be run: ${errorDetails(error).message.split('\n')[0]}.`.replace(
          /\.\.$/,
          '.',
        ),
        hint: isModule
          ? 'pm2 reads it by require(): where it has "export default", name it .cjs and write "module.exports =" instead.'
          : 'It runs here as under pm2. Start the import in its folder, with the variables and packages that it needs.',
      },
      { cause: error },
    );
  }
}

function defaultOf(exported: unknown): unknown {
  const isNamespace = typeof exported === 'object' && exported !== null && 'default' in exported;
  return isNamespace ? exported.default : exported;
}

/** Whether a file is a program and no script, by a NUL among its first bytes; undefined where it cannot be read. */
export function isProgramFile(path: string): boolean | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const start = Buffer.alloc(512);
    return start.subarray(0, readSync(descriptor, start)).includes(0);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
