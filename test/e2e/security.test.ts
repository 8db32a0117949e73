import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { appCallNames, calls } from '../../main/control/calls.ts';
import { App } from './support.ts';

interface Answer {
  readonly ok: boolean;
  readonly error?: { readonly code: string };
}

/** What a page of ours that was taken over could try. */
async function ask(page: Page, name: string, input: unknown): Promise<Answer> {
  return page.evaluate(
    ([name, input]) => {
      const { soloist } = globalThis as unknown as {
        soloist: Record<string, (input: unknown) => Promise<Answer>>;
      };
      const call = soloist[name as string];
      return call === undefined ? { ok: false, error: { code: 'no-such-function' } } : call(input);
    },
    [name, input] as const,
  );
}

const appLog = (home: string): string => {
  const folder = join(home, 'logs');
  return readdirSync(folder)
    .filter((name) => name.startsWith('app-'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
};

describe('a page', () => {
  test('finds the calls of the contract and nothing else', async () => {
    const app = await App.launch({ jobs: { quick: { run: 'echo done' } } });
    const popover = await app.popover();
    const found = await popover.evaluate(() =>
      Object.keys((globalThis as unknown as { soloist: object }).soloist).sort(),
    );
    const { events: _, ...daemonCalls } = calls;
    expect(found).toEqual([...Object.keys(daemonCalls), ...appCallNames, 'on'].sort());
    const reached = await popover.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'electron', 'global'].filter((name) => name in globalThis),
    );
    expect(reached).toEqual([]);
    expect((await ask(popover, 'status', {})).ok).toBe(true);

    const hostile: [string, unknown, string][] = [
      ['run', { job: 7 }, 'invalid-input'],
      ['run', null, 'invalid-input'],
      ['run', 'quick', 'invalid-input'],
      ['run', [], 'invalid-input'],
      ['run', { job: 'quick', more: true }, 'invalid-input'],
      ['run', JSON.parse('{"job":"quick","constructor":{"prototype":{"words":["x"]}}}'), 'invalid-input'],
      ['run', { job: 'x'.repeat(100_000) }, 'body-too-large'],
      ['run', { job: 'x'.repeat(1_000) }, 'invalid-input'],
      ['run', { job: 'quick', words: ['a\0b'] }, 'invalid-input'],
      ['run', { job: '__proto__' }, 'unknown-job'],
      ['open', { view: 'file:///etc/passwd' }, 'invalid-input'],
      ['read', { page: 'https://example.com' }, 'invalid-input'],
      ['reveal', { what: '/etc' }, 'invalid-input'],
      ['output', { run: '../../../etc/passwd' }, 'unknown-run'],
      ['runs', { limit: 1e9 }, 'invalid-input'],
    ];
    for (const [name, input, code] of hostile) {
      const answer = await ask(popover, name, input);
      expect([name, JSON.stringify(input)?.slice(0, 60), answer.error?.code]).toEqual([
        name,
        JSON.stringify(input)?.slice(0, 60),
        code,
      ]);
    }
    expect(appLog(app.home)).toContain('a call of a window was refused');
    expect((await app.cli('runs')).stdout).toContain('no such runs');
  });

  test('of another origin, or a frame inside of ours, is not answered', async () => {
    const app = await App.launch();
    await app.popover();
    const preload = join(import.meta.dirname, '../../out/preload.cjs');
    const foreign = await app.electron.evaluate(async ({ BrowserWindow }, preload) => {
      const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await window.loadURL('data:text/html,<title>x</title>');
      const answer = await window.webContents.executeJavaScript('soloist.status()');
      window.destroy();
      return answer;
    }, preload);
    expect(foreign).toMatchObject({ ok: false, error: { code: 'untrusted-sender' } });
    // There is no other way in: besides the calls, nothing listens.
    const listened = await app.electron.evaluate(({ ipcMain }) => ipcMain.eventNames().map(String));
    expect(listened.filter((name) => name !== 'error')).toEqual([]);
  });
});

describe('the policy of the pages', () => {
  test('lets nothing in and nothing out', async () => {
    const popover = await (await App.launch()).popover();
    const policy = await popover.evaluate(async () => {
      const response = await new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.originalPolicy), {
          once: true,
        });
        const script = document.createElement('script');
        script.textContent = 'globalThis.taken = true';
        document.body.append(script);
      });
      return { policy: response, taken: 'taken' in globalThis };
    });
    expect(policy.taken).toBe(false);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'none'",
      "frame-ancestors 'none'",
    ])
      expect(policy.policy).toContain(part);
    const tried = await popover.evaluate(async () => {
      const isRefused = async (action: () => Promise<unknown>): Promise<boolean> =>
        action().then(
          () => false,
          () => true,
        );
      return {
        fetch: await isRefused(() => fetch('https://example.com/')),
        // Later, since the debugger, through which this comes, may do what pages may not.
        eval: await isRefused(
          () =>
            new Promise((resolve, reject) => {
              setTimeout(() => {
                try {
                  resolve(new Function('return 1')());
                } catch (error) {
                  reject(error);
                }
              }, 50);
            }),
        ),
        window: window.open('https://example.com/') === null,
      };
    });
    expect(tried).toEqual({ fetch: true, eval: true, window: true });
  });

  test('lets it go nowhere else', async () => {
    const app = await App.launch();
    const popover = await app.popover();
    await popover.evaluate(() => {
      location.href = 'https://example.com/';
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(popover.url()).toMatch(/^soloist:\/\/app\/popover\.html/);
    expect(appLog(app.home)).toContain('a page tried to go elsewhere and was refused');
  });

  test('grants no permission', async () => {
    const popover = await (await App.launch()).popover();
    const states = await popover.evaluate(async () => {
      const asked = ['geolocation', 'notifications', 'clipboard-read'] as const;
      return Promise.all(
        asked.map(
          async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
        ),
      );
    });
    expect(states).toEqual(['denied', 'denied', 'denied']);
  });
});
