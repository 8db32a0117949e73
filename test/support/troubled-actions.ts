import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { temporaryFolder } from './temporary.ts';

const HOOK = resolve(import.meta.dirname, '../fixtures/trouble.cjs');

type Job = Readonly<Record<string, unknown>>;

/** Jobs whose action goes on until it is ended, since it waits for what never answers. */
export interface TroubledActions {
  /** A vault of two notes. */
  readonly vault: string;
  /** Such a job; `trouble` is one of the fixture's. */
  job(trouble?: string, changes?: Job): Job;
  close(): void;
}

export async function troubledActions(): Promise<TroubledActions> {
  const vault = temporaryFolder();
  for (const name of ['Levain', 'Crumb'])
    writeFileSync(join(vault, `${name}.md`), `# ${name}\n\nSourdough, flour, crust and starter.\n`);
  // It accepts, and never answers.
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    vault,
    job: (trouble = '', changes = {}) => ({
      use: 'links',
      with: { vault, embeddings: { model: 'none', url: `http://127.0.0.1:${port}` } },
      env: { NODE_OPTIONS: `--require=${HOOK}`, TROUBLE: trouble },
      grace: '1s',
      ...changes,
    }),
    close: () => server.close(),
  };
}
