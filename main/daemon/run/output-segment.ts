import { open as openFile } from 'node:fs/promises';
import { formatRecord, type IndexRecord, type Stream } from './output-index.ts';

/** What writing an output needs of an open file. */
export interface OutputFile {
  /** As `FileHandle.write`: it may write less than it was given. */
  write(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>;
  close(): Promise<void>;
}

/** Creates a file for writing, readable by its owner only. Rejects with the system's error. */
export type OpenOutputFile = (path: string) => Promise<OutputFile>;

export const openOutputFile: OpenOutputFile = (path) => openFile(path, 'w', 0o600);

/** The index that belongs to a file of text. */
export function indexPath(file: string): string {
  return `${file}.index`;
}

/** An index larger than this, and than half its text may become, notes times only once a second. */
const FINE_INDEX_BYTES = 64 * 1024;
const COARSE_MS = 1_000;

/** Writes one file of text and its index. */
export class SegmentWriter {
  readonly file: string;
  /** Where in the output it begins. */
  readonly offset: number;
  readonly #capacity: number;
  readonly #text: OutputFile;
  readonly #index: OutputFile;
  #length = 0;
  #indexLength = 0;
  #unwritten = '';
  #last: { readonly at: number; readonly stream: Stream } | undefined;

  private constructor(file: string, offset: number, capacity: number, text: OutputFile, index: OutputFile) {
    this.file = file;
    this.offset = offset;
    this.#capacity = capacity;
    this.#text = text;
    this.#index = index;
  }

  /** Creates both files. @param capacity how many bytes of text it takes */
  static async create(
    file: string,
    offset: number,
    capacity: number,
    open: OpenOutputFile,
  ): Promise<SegmentWriter> {
    const text = await open(file);
    try {
      return new SegmentWriter(file, offset, capacity, text, await open(indexPath(file)));
    } catch (error) {
      await text.close();
      throw error;
    }
  }

  get room(): number {
    return this.#capacity - this.#length;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a record to the index; it reaches the disk with the next text, or with `flush`. */
  note(record: IndexRecord): void {
    this.#unwritten += formatRecord(record);
  }

  /**
   * Writes text that begins at this offset of the output, the index before it, so that no text lacks its
   * time. Tells how many bytes were written, and the error that hindered the rest.
   */
  async append(
    bytes: Uint8Array,
    offset: number,
    at: number,
    stream: Stream,
  ): Promise<{ readonly written: number; readonly error: unknown }> {
    if (this.#isWorthNoting(at, stream)) {
      this.note({ offset, at, stream });
      this.#last = { at, stream };
    }
    let written = 0;
    try {
      await this.flush();
      while (written < bytes.length) {
        const { bytesWritten } = await this.#text.write(bytes, written, bytes.length - written, this.#length);
        written += bytesWritten;
        this.#length += bytesWritten;
      }
      return { written, error: undefined };
    } catch (error) {
      this.#last = undefined;
      return { written, error };
    }
  }

  #isWorthNoting(at: number, stream: Stream): boolean {
    const last = this.#last;
    if (last === undefined) return true;
    if (this.#indexLength > Math.max(FINE_INDEX_BYTES, this.#capacity / 2)) return at - last.at >= COARSE_MS;
    return last.stream !== stream || last.at !== at;
  }

  /** Writes what was noted. What fails is written again the next time, in the same place. */
  async flush(): Promise<void> {
    const text = this.#unwritten;
    if (text === '') return;
    const bytes = Buffer.from(text);
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await this.#index.write(
        bytes,
        written,
        bytes.length - written,
        this.#indexLength + written,
      );
      written += bytesWritten;
    }
    this.#indexLength += written;
    this.#unwritten = this.#unwritten.slice(text.length);
  }

  async close(): Promise<void> {
    await this.#text.close();
    await this.#index.close();
  }
}
