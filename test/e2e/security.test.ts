import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { appCallNames, calls } from '../../main/control/calls.ts';
import { CALL_CHANNEL } from '../../main/control/channels.ts';
import { appLog } from '../support/app-log.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { App, ROOT } from './support.ts';

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

const PRELOAD = join(ROOT, 'out/preload.cjs');
const messages = (app: App): string[] => appLog(app.home).map(({ msg }) => msg);

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
      ['help', { topic: '../../etc/passwd' }, 'invalid-input'],
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
    expect(messages(app)).toContain('a call of a window was refused');
    expect((await app.cli('runs')).stdout).toContain('no such runs');
  });

  test('of another origin is not answered', async () => {
    const app = await App.launch();
    await app.popover();
    const answer = await app.electron.evaluate(async ({ BrowserWindow }, preload) => {
      const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await window.loadURL('data:text/html,<title>x</title>');
      const answer = await window.webContents.executeJavaScript('soloist.status()');
      window.destroy();
      return answer;
    }, PRELOAD);
    expect(answer).toMatchObject({ ok: false, error: { code: 'untrusted-sender' } });
    expect(messages(app)).toContain('a call of a window was refused');
  });

  test('within a page of ours, though of the same origin, is not answered', async () => {
    const app = await App.launch();
    await app.popover();
    const answers = await app.electron.evaluate(async ({ BrowserWindow }, preload) => {
      // As our windows are not: there, a frame finds no calls at all.
      const webPreferences = { preload, sandbox: true, nodeIntegrationInSubFrames: true };
      const window = new BrowserWindow({ show: false, webPreferences });
      await window.loadURL('soloist://app/popover.html');
      const { mainFrame } = window.webContents;
      const framed = new Promise<void>((resolve) => {
        window.webContents.once('frame-created', (_event, { frame }) => frame?.once('dom-ready', resolve));
      });
      await mainFrame.executeJavaScript(
        "document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: '<p>x</p>' })), 0",
      );
      await framed;
      const [frame] = mainFrame.frames;
      const answers = {
        origin: frame?.origin,
        within: await frame?.executeJavaScript('soloist.status()'),
        main: await mainFrame.executeJavaScript('soloist.status()'),
      };
      window.destroy();
      return answers;
    }, PRELOAD);
    expect(answers.origin).toBe('soloist://app');
    expect(answers.within).toMatchObject({ ok: false, error: { code: 'untrusted-sender' } });
    expect(answers.main).toMatchObject({ ok: true });
  });

  // Whoever takes over a page's process is not bound to the bridge, and sends what Electron can carry.
  test('that goes round the bridge gets no further', async () => {
    const app = await App.launch({ jobs: { quick: { run: 'echo done' } } });
    await app.popover();
    const preload = join(temporaryFolder(), 'raw.cjs');
    writeFileSync(
      preload,
      `const { contextBridge, ipcRenderer } = require('electron');
       const raw = (...all) => ipcRenderer.invoke(...all).catch(({ message }) => message);
       contextBridge.exposeInMainWorld('raw', raw);
       // Between page and preload such a key would be lost.
       contextBridge.exposeInMainWorld('rawText', (channel, name, text) => raw(channel, name, JSON.parse(text)));`,
    );
    const answers = await app.electron.evaluate(
      async ({ BrowserWindow }, [preload, channel]) => {
        const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
        await window.loadURL('soloist://app/popover.html');
        const ask = (script: string): Promise<unknown> =>
          window.webContents.executeJavaScript(script.replaceAll('CHANNEL', JSON.stringify(channel)));
        const answers = {
          unknown: await ask("raw(CHANNEL, 'shutdown', {})"),
          prototype: await ask("raw(CHANNEL, '__proto__', {})"),
          inherited: await ask("raw(CHANNEL, 'constructor', {})"),
          events: await ask("raw(CHANNEL, 'events', {})"),
          number: await ask('raw(CHANNEL, 7, {})'),
          array: await ask("raw(CHANNEL, ['status'], {})"),
          nothing: await ask('raw(CHANNEL)'),
          circular: await ask("raw(CHANNEL, 'run', (() => { const it = {}; it.it = it; return it })())"),
          bigint: await ask("raw(CHANNEL, 'run', { job: 1n })"),
          map: await ask("raw(CHANNEL, 'run', new Map([['job', 'quick']]))"),
          bytes: await ask("raw(CHANNEL, 'run', new Uint8Array(1_000_000))"),
          large: await ask("raw(CHANNEL, 'run', { job: 'x'.repeat(20_000_000) })"),
          many: await ask("raw(CHANNEL, 'recent', { jobs: Array(100_000).fill('x') })"),
          own: await ask('rawText(CHANNEL, \'run\', \'{"job":"quick","__proto__":{"words":["x"]}}\')'),
          channel: await ask("raw('soloist:other', 'status', {})"),
          right: await ask("raw(CHANNEL, 'jobs', {})"),
        };
        window.destroy();
        return answers;
      },
      [preload, CALL_CHANNEL] as const,
    );
    const { right, channel, ...refused } = answers;
    const codes = Object.entries(refused).map(([what, answer]) => [what, (answer as Answer).error?.code]);
    expect(Object.fromEntries(codes)).toEqual({
      unknown: 'unknown-call',
      prototype: 'unknown-call',
      inherited: 'unknown-call',
      events: 'unknown-call',
      number: 'unknown-call',
      array: 'unknown-call',
      nothing: 'unknown-call',
      circular: 'invalid-input',
      bigint: 'invalid-input',
      map: 'invalid-input',
      bytes: 'body-too-large',
      large: 'body-too-large',
      many: 'body-too-large',
      own: 'invalid-input',
    });
    expect(channel).toMatch(/No handler registered/);
    expect(right).toMatchObject({ ok: true });
    // There is no other way in: besides the calls, nothing listens.
    const listened = await app.electron.evaluate(({ ipcMain }) => ipcMain.eventNames().map(String));
    expect(listened.filter((name) => name !== 'error')).toEqual([]);
    expect((await app.cli('runs')).stdout).toContain('no such runs');
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
    const before = await app.electron.evaluate(({ webContents }) => webContents.getAllWebContents().length);
    const ways = {
      script: "location.href = 'https://example.com/'",
      file: "location.href = 'file:///etc/passwd'",
      data: "location.href = 'data:text/html,x'",
      link: "Object.assign(document.createElement('a'), { href: 'https://example.com/' }).click()",
      newWindow:
        "Object.assign(document.createElement('a'), { href: 'https://example.com/', target: '_blank' }).click()",
      form: "(() => { const form = Object.assign(document.createElement('form'), { action: 'https://example.com/' }); document.body.append(form); form.submit(); form.remove() })()",
      refresh:
        "document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: '0;url=https://example.com/' }))",
      frame:
        "document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://example.com/' }))",
      view: "document.body.append(Object.assign(document.createElement('webview'), { src: 'https://example.com/' }))",
    };
    for (const [way, script] of Object.entries(ways)) {
      await popover.evaluate(`${script}, 0`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect([way, popover.url()]).toEqual([way, expect.stringMatching(/^soloist:\/\/app\/popover\.html/)]);
    }
    expect(await app.electron.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(
      before,
    );
    expect(messages(app)).toContain('a page tried to go elsewhere and was refused');
    expect(messages(app)).toContain('a page tried to open a window and was refused');
    expect((await ask(popover, 'status', {})).ok).toBe(true);
  });

  test('serves the built pages, and no other file', async () => {
    const app = await App.launch();
    await app.popover();
    const statuses = await app.electron.evaluate(async ({ net }) => {
      const paths = {
        page: 'soloist://app/popover.html',
        above: 'soloist://app/../index.cjs',
        encoded: 'soloist://app/%2e%2e/index.cjs',
        twice: 'soloist://app/%2e%2e%2findex.cjs',
        backslash: 'soloist://app/..%5cindex.cjs',
        absolute: 'soloist://app//etc/passwd',
        nul: 'soloist://app/popover.html%00.png',
        host: 'soloist://other/popover.html',
        folder: 'soloist://app/',
      };
      const found: Record<string, number> = {};
      for (const [what, url] of Object.entries(paths)) found[what] = (await net.fetch(url)).status;
      return found;
    });
    const { page, ...others } = statuses;
    expect(page).toBe(200);
    expect(new Set(Object.values(others))).toEqual(new Set([404]));
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
