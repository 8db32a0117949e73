import { readFileSync, rmSync } from 'node:fs';
import type { Logger } from 'pino';
import type * as z from 'zod/mini';
import { systemErrorCode } from '../daemon/errors.ts';
import { writeWhole } from '../daemon/files.ts';

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

  constructor(options: JsonFileOptions<Schema>) {
    this.#options = options;
    this.#value = this.#read();
  }

  get value(): z.output<Schema> {
    return this.#value;
  }

  /** Takes a new value. One that could not be written holds until the app ends, and is logged. */
  set(value: z.output<Schema>): void {
    this.#value = value;
    const { path, logger } = this.#options;
    const temporary = `${path}.${process.pid}.new`;
    try {
      writeWhole(path, temporary, `${JSON.stringify(value, null, 2)}\n`);
    } catch (error) {
      rmSync(temporary, { force: true });
      logger.error({ err: error, path }, 'a file of the app could not be written');
    }
  }

  #read(): z.output<Schema> {
    const { path, schema, defaults, logger } = this.#options;
    try {
      const parsed = schema.safeParse(withDefaults(JSON.parse(readFileSync(path, 'utf8')), defaults));
      if (parsed.success) return parsed.data;
      logger.warn({ path, err: parsed.error }, 'a file of the app is not as expected; defaults hold');
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT')
        logger.warn({ path, err: error }, 'a file of the app could not be read; defaults hold');
    }
    return defaults;
  }
}

/** A file of an older version lacks what came later. */
const withDefaults = (value: unknown, defaults: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ...(defaults as object), ...value }
    : value;
