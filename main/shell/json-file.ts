import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type * as z from 'zod/mini';
import { systemErrorCode } from '../daemon/errors.ts';
import { replaceFile } from '../daemon/files.ts';

export interface JsonFileOptions<Schema extends z.ZodMiniType> {
  /** Absolute. */
  readonly path: string;
  readonly schema: Schema;
  /** What holds while there is no file, or a broken one. */
  readonly defaults: z.output<Schema>;
  readonly logger: Logger;
}

/** A small file that the app keeps for itself; always there in memory, whatever the disk says. */
export class JsonFile<Schema extends z.ZodMiniType> {
  readonly #options: JsonFileOptions<Schema>;
  #value: z.output<Schema>;
  /** What stands in the file: a newer version may have written keys and values that this one does not know. */
  #written: Readonly<Record<string, unknown>> = {};

  constructor(options: JsonFileOptions<Schema>) {
    this.#options = options;
    this.#value = this.#read();
  }

  get value(): z.output<Schema> {
    return this.#value;
  }

  /** Takes a new value. One that could not be written holds until the app ends, and is logged. */
  set(value: z.output<Schema>): void {
    this.#written = { ...this.#written, ...changes(this.#value, value) };
    this.#value = value;
    const { path, logger } = this.#options;
    try {
      replaceFile(path, `${JSON.stringify({ ...fieldsOf(value), ...this.#written }, null, 2)}\n`);
    } catch (error) {
      logger.error({ err: error, path }, 'a file of the app could not be written');
    }
  }

  #read(): z.output<Schema> {
    const { path, schema, defaults, logger } = this.#options;
    try {
      const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
      if (!isMapping(read)) logger.warn({ path }, 'a file of the app is not as expected; defaults hold');
      this.#written = fieldsOf(read);
      // What one version does not know of another's is left out, and only that.
      let value = defaults;
      for (const [key, field] of Object.entries(this.#written)) {
        const parsed = schema.safeParse({ ...fieldsOf(value), [key]: field });
        if (parsed.success) value = parsed.data;
        else
          logger.warn(
            { path, key, err: parsed.error },
            'a file of the app is not as expected; a default holds',
          );
      }
      return value;
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT')
        logger.warn({ path, err: error }, 'a file of the app could not be read; defaults hold');
    }
    return defaults;
  }
}

const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of a value; none if it is no mapping. */
const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  isMapping(value) ? { ...value } : {};

/** Those fields of a value that it had not before, or had otherwise. */
function changes(before: unknown, after: unknown): Readonly<Record<string, unknown>> {
  const former = fieldsOf(before);
  return Object.fromEntries(
    Object.entries(fieldsOf(after)).filter(
      ([key, field]) => JSON.stringify(field) !== JSON.stringify(former[key]),
    ),
  );
}
