import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { StoredLinks } from '../../../main/daemon/actions/links/decide.ts';
import { GARDEN, Vault } from './links-support.ts';

/** `SOLOIST_LINK_CRASHES=200` for the long version. */
const ROUNDS = Number(process.env.SOLOIST_LINK_CRASHES ?? 60);
const program = resolve(import.meta.dirname, '../../fixtures/deciding.ts');

async function beginDeciding(vault: Vault): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, vault.folder, vault.state], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((ready, failed) => {
    child.stdout?.once('data', () => ready());
    child.once('exit', (code) => failed(new Error(`it ended with ${code}`)));
  });
  return child;
}

test(
  `killed at ${ROUNDS} random instants, deciding leaves every note whole and each link in it at most once`,
  async () => {
    const notes = {
      ...GARDEN,
      'Tomatoes.md': `\ufeff${(GARDEN['Tomatoes.md'] ?? '').replaceAll('\n', '\r\n')}`,
      'Compost.md': `${GARDEN['Compost.md']}\n## Related\n\nWords.\n\n## After\n\nThe end, without a last line`,
    };
    const vault = new Vault(notes, { threshold: 0.1 });
    await vault.run();
    const known = new Set((await vault.links.list({ limit: 1_000 })).links.map(({ id }) => id));
    await vault.links.close();
    let killedWhilePending = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const child = await beginDeciding(vault);
      await sleep(Math.random() * 120);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      killedWhilePending += await pendingIn(vault);
      const after = new StoredLinks(() => [vault.job]);
      const { links } = await after.list({ limit: 1_000 });
      await after.close();
      for (const [path, text] of Object.entries(notes)) expect(plain(vault.read(path)), path).toBe(text);
      for (const { id, note, target, state } of links) {
        const count = vault.read(note.path).split(`[[${target.title}]]`).length - 1;
        expect([id, state, count]).toEqual([id, state, state === 'accepted' ? 1 : 0]);
      }
      const visible = readdirSync(vault.folder).filter((name) => !name.startsWith('.'));
      expect(visible.toSorted()).toEqual(Object.keys(notes).toSorted());
    }
    // Those taken off since they are decided about the other way round come back at an update; none is doubled.
    await vault.run();
    const now = (await vault.links.list({ limit: 1_000 })).links;
    expect(new Set(now.map(({ note, target }) => `${note.path} ${target.path}`)).size).toBe(now.length);
    expect(known.size).toBeGreaterThan(4);
    console.log(`${ROUNDS} rounds, ${killedWhilePending} of them while a note was being written`);
  },
  ROUNDS * 10_000,
);

/** How many decisions were half done when the process was killed. */
async function pendingIn(vault: Vault): Promise<number> {
  const { SuggestionStore } = await import('../../../main/daemon/actions/links/store.ts');
  const { storeFile } = await import('../../../main/daemon/actions/links/files.ts');
  const store = SuggestionStore.open(storeFile(vault.state), () => {});
  const { length } = store.pending();
  store.close();
  return length;
}

/** A note without all that accepting adds. */
function plain(text: string): string {
  return text
    .replaceAll(/(?:\r\n|\n)## Related(?:\r\n|\n){2}(?:- \[\[[^\]]+\]\](?:\r\n|\n))+$/g, '')
    .replaceAll(/\n\n- \[\[[^\]]+\]\](?:\n- \[\[[^\]]+\]\])*(?=\n\n## After)/g, '');
}
