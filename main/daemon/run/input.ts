import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SoloistError, systemErrorCode } from '../errors.ts';
import { randomId } from '../random-id.ts';

/** What a run reads from its standard input. */
export type Input =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };

/**
 * Opens the input for reading, or returns undefined for none (/dev/null). A text goes through a file that has
 * already lost its name, not through a pipe: nothing has to be fed to a job that reads late or never, and
 * `/dev/stdin` can be opened (Node's own pipes are sockets, which cannot). Throws a `SoloistError` for a file
 * that cannot be read. The caller closes the handle once the run has started.
 */
export async function openInput(input: Input): Promise<FileHandle | undefined> {
  switch (input.kind) {
    case 'none':
      return undefined;
    case 'text':
      return openText(input.text);
    case 'file':
      return openFile(input.path);
  }
}

async function openText(text: string): Promise<FileHandle> {
  const path = join(tmpdir(), `soloist-input-${randomId()}`);
  const writer = await open(path, 'wx', 0o600);
  try {
    await writer.writeFile(text);
    return await open(path, 'r');
  } finally {
    await writer.close();
    await unlink(path);
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const found = await stat(path);
    // Opening a FIFO would wait for its writer, perhaps for ever.
    if (found.isFile() || found.isCharacterDevice()) return await open(path, 'r');
  } catch (error) {
    const reason = systemErrorCode(error) === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new SoloistError(
      { code: 'input_unreadable', message: `The input file ${path} ${reason}.`, hint },
      { cause: error },
    );
  }
  throw new SoloistError({
    code: 'input_unreadable',
    message: `The input ${path} is not a file.`,
    hint,
  });
}

const hint = `Check 'stdin' of the job.`;
