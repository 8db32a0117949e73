import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { embed, NoEmbeddings } from '../../../main/daemon/actions/links/embeddings.ts';
import { indexFile } from '../../../main/daemon/actions/links/files.ts';
import { NoteIndex } from '../../../main/daemon/actions/links/note-index.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { GARDEN, Vault } from './links-support.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Answer = (body: { model: string; input: string[] }, response: ServerResponse) => void;

/** A server in Ollama's place; resolves to its address. What it was asked is in `asked`. */
async function ollama(answer: Answer): Promise<{ url: string; asked: string[][] }> {
  const asked: string[][] = [];
  server = createServer(async (request: IncomingMessage, response) => {
    let text = '';
    for await (const part of request) text += part;
    const body = JSON.parse(text);
    if (request.method !== 'POST' || request.url !== '/api/embed') response.writeHead(404).end();
    else {
      asked.push(body.input);
      answer(body, response);
    }
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** Notes are alike by what letters they begin with, which no comparison of words would find. */
const byFirstWord: Answer = ({ model, input }, response) => {
  const about = (text: string): number[] =>
    /Tomatoes|Tax/.test(text.slice(0, 10)) ? [1, 0.1, 0] : [0, 0.1, 1];
  response.end(JSON.stringify({ model, embeddings: input.map(about) }));
};

test('notes are compared by the embeddings of a local Ollama, and only changed ones are sent again', async () => {
  const { url, asked } = await ollama(byFirstWord);
  const vault = new Vault(GARDEN, { embeddings: { url, model: 'some-model' }, threshold: 0.35 });
  await vault.run();
  expect(vault.warned).toEqual([]);
  expect(await vault.targets('Tomatoes.md')).toContain('Tax.md');
  expect(asked.flat()).toHaveLength(6);
  vault.write('Tax.md', `${GARDEN['Tax.md']}More.\n`);
  await vault.run();
  expect(asked.flat()).toHaveLength(7);
  expect(await vault.targets('Tomatoes.md')).toContain('Tax.md');
});

const wrong: readonly (readonly [string, Answer, string])[] = [
  [
    'has no such model',
    (_, response) => response.writeHead(404).end('{"error":"model not found, try pulling it"}'),
    'it answers 404: model not found',
  ],
  ['answers something else', (_, response) => response.end('<html>'), 'its answer is no JSON'],
  [
    'answers too few',
    ({ input }, response) => response.end(JSON.stringify({ embeddings: input.slice(1).map(() => [1]) })),
    'not one embedding for each note',
  ],
  [
    'answers no numbers',
    ({ input }, response) => response.end(JSON.stringify({ embeddings: input.map(() => [null]) })),
    'not one embedding for each note',
  ],
  ['hangs up', (_, response) => response.destroy(), 'gave no embeddings'],
];
test.each(wrong)(
  'where it %s, notes are compared by their words, and that is said',
  async (_, answer, reason) => {
    const { url } = await ollama(answer);
    const vault = new Vault(GARDEN, { embeddings: { url, model: 'some-model' } });
    await vault.run();
    expect(vault.warned).toHaveLength(1);
    expect(vault.warned[0]).toContain(reason);
    expect(vault.warned[0]).toContain('compared by their words this time');
    expect(await vault.targets('Violin.md')).toEqual(['Sonata.md']);
  },
);

test('where nothing listens, too, and when it comes back its embeddings are used again', async () => {
  const { url } = await ollama(byFirstWord);
  await new Promise((closed) => server?.close(closed));
  const vault = new Vault(GARDEN, { embeddings: { url, model: 'some-model' } });
  await vault.run();
  expect(vault.warned[0]).toContain('ECONNREFUSED');
  const again = await ollama(byFirstWord);
  await vault.run({ embeddings: { url: again.url, model: 'some-model' } });
  expect(vault.warned).toHaveLength(1);
  expect(await vault.targets('Tomatoes.md')).toContain('Tax.md');
});

test('one that answers too late is not waited for', async () => {
  const { url } = await ollama(() => {});
  const index = NoteIndex.open(indexFile(temporaryFolder()), () => {});
  const notes = [{ id: 1, hash: 'x', text: () => 'text' }];
  const { signal } = new AbortController();
  await expect(embed({ url, model: 'm' }, index, notes, signal, 50)).rejects.toThrow(NoEmbeddings);
  index.close();
});

test('a run that is ended while it waits ends', async () => {
  const ending = new AbortController();
  const { url } = await ollama(() => ending.abort(new Error('ended')));
  const vault = new Vault(GARDEN, { embeddings: { url, model: 'some-model' } });
  await expect(vault.run({}, ending.signal)).rejects.toThrow('ended');
  expect(await vault.waiting()).toEqual([]);
});
