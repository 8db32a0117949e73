import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import { stringify } from 'yaml';
import type { ViewName } from '../../main/control/app-calls.ts';
import { CALL_CHANNEL } from '../../main/control/channels.ts';
import type { Bridge } from '../../main/control/window-calls.ts';
import { sandboxWords } from '../../main/daemon/executable.ts';
import { type CommandOutput, eventually, killOwner, run, soloist } from '../support/command-line.ts';
import { newHome } from '../support/homes.ts';
import { electronPath } from './runtime.ts';

/** The repository, which is what Electron is started with. */
export const ROOT = resolve(import.meta.dirname, '../..');
const pictures = join(ROOT, 'test-results/pictures');
/** A generous limit against hanging, in milliseconds. */
export const PATIENCE = 20_000;

type Job = Readonly<Record<string, unknown>>;

export interface LaunchOptions {
  readonly home?: string;
  readonly jobs?: Readonly<Record<string, Job>>;
  readonly words?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Loaded into the main process before the app. */
  readonly hooks?: readonly string[];
}

const apps: App[] = [];
const homes: string[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.end();
  for (const home of homes.splice(0)) killOwner(home);
});

/** A new home with this configuration. Whatever runs in it is ended after the test. */
export function homeWith(jobs: Readonly<Record<string, Job>> = {}, home = newHome()): string {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  homes.push(home);
  configure(home, jobs);
  return home;
}

/** A new home without a configuration. */
export function emptyHome(): string {
  const home = newHome();
  homes.push(home);
  return home;
}

/** Writes the configuration of a home. */
export function configure(home: string, jobs: Readonly<Record<string, Job>>): void {
  writeFileSync(join(home, 'soloist.yaml'), stringify({ jobs }));
}

/** What Electron must be started with for root. */
export const sandbox = sandboxWords();
const homeVariables = (home: string) => ({ SOLOIST_HOME: home, SOLOIST_CONFIG: '' });

/** Launches the app as a person does, without a debugger, and waits until it has ended. */
export const launchToEnd = (home: string, words: readonly string[] = []): Promise<CommandOutput> =>
  run(electronPath() ?? '', [...sandbox, ROOT, ...words], { environment: homeVariables(home) });

/** What the tray shows, as the system was given it. */
interface TrayMenu {
  readonly tooltip: string;
  readonly labels: readonly string[];
}

/** The app, running for real. */
export class App {
  readonly home: string;
  readonly electron: ElectronApplication;
  readonly pid: number;
  readonly #process: ChildProcess;

  constructor(home: string, electron: ElectronApplication) {
    this.home = home;
    this.electron = electron;
    this.#process = electron.process();
    this.pid = this.#process.pid ?? 0;
  }

  static async launch({
    jobs,
    words = [],
    environment,
    hooks = [],
    ...options
  }: LaunchOptions = {}): Promise<App> {
    const home = options.home ?? homeWith(jobs);
    const electron = await _electron.launch({
      executablePath: electronPath() ?? '',
      args: [
        ...['tray-hook.cjs', ...hooks].flatMap((hook) => ['-r', join(import.meta.dirname, hook)]),
        ...sandbox,
        ROOT,
        ...words,
      ],
      env: {
        ...(process.env as Record<string, string>),
        ...homeVariables(home),
        ...environment,
      },
      timeout: PATIENCE,
      // The theme is the app's own affair.
      colorScheme: null,
    });
    const app = new App(home, electron);
    apps.push(app);
    await eventually('its tray is there', async () => (await app.tray()).labels.length > 0, PATIENCE);
    return app;
  }

  /** The popover, shown; it is open after a start by hand. */
  popover(): Promise<Page> {
    return this.#page('popover.html');
  }

  /** The main window, brought to a view if one is named. */
  async window(view?: ViewName): Promise<Page> {
    if (view !== undefined) {
      const page = await this.#page('.html');
      await page.evaluate((view) => (window as unknown as { soloist: Bridge }).soloist.open({ view }), view);
    }
    return this.#page('main.html');
  }

  /** Shows the popover as a click on the tray's icon does. */
  async showPopover(): Promise<void> {
    await this.choose('Show status');
    await eventually('it is shown', async () => (await this.shown()).includes('popover.html'), PATIENCE);
  }

  /** From now on, what the app would open in other programs is only noted. */
  recordOpened(): Promise<void> {
    return this.inMain(({ shell }) => {
      const opened: string[] = [];
      (globalThis as { soloistOpened?: string[] }).soloistOpened = opened;
      const note = async (path: string): Promise<string> => {
        opened.push(path);
        return '';
      };
      shell.openPath = note;
      shell.openExternal = async (url) => void (await note(url));
    });
  }

  /** Does in the main process what may be done twice: Electron may collect the answer before it is given; then it is done again. */
  async inMain<Answer, Input>(
    work: (electron: typeof import('electron'), input: Input) => Answer,
    input?: Input,
  ): Promise<Answer> {
    for (;;) {
      try {
        return (await this.electron.evaluate(work as never, input as never)) as Answer;
      } catch (error) {
        if (!String(error).includes('garbage collected')) throw error;
      }
    }
  }

  opened(): Promise<readonly string[]> {
    return this.inMain(() => (globalThis as { soloistOpened?: string[] }).soloistOpened ?? []);
  }

  async #page(name: string): Promise<Page> {
    const find = (): Page | undefined => this.electron.windows().find((page) => page.url().includes(name));
    await eventually(`${name} is open`, () => find() !== undefined, PATIENCE);
    const page = find();
    if (page === undefined) throw new Error(`${name} is not open`);
    page.setDefaultTimeout(PATIENCE);
    await page.waitForSelector('#root > *');
    return page;
  }

  /** The windows that are seen, by their page. */
  shown(): Promise<readonly string[]> {
    return this.inMain(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .filter((window) => window.isVisible())
        .map((window) => new URL(window.webContents.getURL()).pathname.slice(1)),
    );
  }

  tray(): Promise<TrayMenu> {
    return this.inMain(() => {
      const { menu, tooltip } = (globalThis as unknown as { soloistTray: HookedTray }).soloistTray;
      return { tooltip, labels: menu?.items.map((item) => item.label).filter((label) => label !== '') ?? [] };
    });
  }

  /** Chooses an entry of the tray's menu, of a menu below it where there are two labels. */
  async choose(...labels: readonly string[]): Promise<void> {
    const isThere = await this.electron.evaluate((_electron, labels) => {
      let items = (globalThis as unknown as { soloistTray: HookedTray }).soloistTray.menu?.items ?? [];
      for (const [depth, label] of labels.entries()) {
        const item = items.find((one) => one.label === label && one.enabled);
        if (item === undefined) return false;
        if (depth === labels.length - 1) item.click();
        else items = item.submenu?.items ?? [];
      }
      return true;
    }, labels);
    if (!isThere) throw new Error(`the tray's menu has no ${labels.join(' > ')}`);
  }

  theme(theme: 'light' | 'dark'): Promise<void> {
    return this.inMain(({ nativeTheme }, theme) => {
      nativeTheme.themeSource = theme;
    }, theme);
  }

  /** What the next questions of the app are answered with: the number of a button. */
  answer(button: number): Promise<void> {
    return this.inMain(({ dialog }, response) => {
      const asked: string[] = [];
      (globalThis as { soloistAsked?: string[] }).soloistAsked = asked;
      dialog.showMessageBox = (async (options: { message: string }) => {
        asked.push(options.message);
        return { response, checkboxChecked: false };
      }) as typeof dialog.showMessageBox;
    }, button);
  }

  /** What the app has asked since it is answered by the test. */
  asked(): Promise<readonly string[]> {
    return this.inMain(() => (globalThis as { soloistAsked?: string[] }).soloistAsked ?? []);
  }

  /** Resolves to the exit code when the app has ended. */
  ended(): Promise<number | null> {
    const child = this.#process;
    if (child.exitCode !== null) return Promise.resolve(child.exitCode);
    return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  }

  /** Ends it, whatever state it is in. */
  async end(): Promise<void> {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const over = this.ended();
    child.kill('SIGTERM');
    const killed = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await over;
    clearTimeout(killed);
  }

  cli(...words: readonly string[]) {
    return soloist(this.home, words);
  }
}

interface HookedTray {
  readonly tooltip: string;
  readonly menu?: { readonly items: readonly HookedItem[] };
}
interface HookedItem {
  readonly label: string;
  readonly enabled: boolean;
  readonly submenu?: { readonly items: readonly HookedItem[] };
  click(): void;
}

/** Keeps pictures of a page among the artefacts of the run, light and dark, and lets axe-core find nothing wrong with it. */
export async function inspect(app: App, page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  const found: Record<string, readonly string[]> = {};
  for (const theme of ['light', 'dark'] as const) {
    await app.theme(theme);
    await page.waitForFunction(
      (isDark) => matchMedia('(prefers-color-scheme: dark)').matches === isDark,
      theme === 'dark',
    );
    await page.screenshot({ path: join(pictures, `${name}-${theme}.png`), animations: 'disabled' });
    found[theme] = await violations(page);
  }
  await app.theme('light');
  expect(found, name).toEqual({ light: [], dark: [] });
}

/** Presses Tab until what has the focus is called so. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab');
    const text = await page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
    if (name.test(text)) return;
  }
  throw new Error(`the keyboard does not reach ${name}`);
}

/** Has a call of the windows answered in this way from now on; not at all by null. */
export async function answer(app: App, call: string, given: object | null): Promise<void> {
  await app.inMain(
    ({ ipcMain }, [channel, call, given]) => {
      type Handler = (event: unknown, name: string, input: unknown) => unknown;
      const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
      const asked = handlers.get(channel) as Handler;
      handlers.set(channel, (event, name, input) => {
        if (name !== call) return asked(event, name, input);
        return given ?? new Promise(() => {});
      });
    },
    [CALL_CHANNEL, call, given] as const,
  );
}

/** A picture of all that an enlarged main window shows: the debugger's own would cut it. */
export async function enlargedPicture(app: App, name: string): Promise<void> {
  const png = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find((one) =>
      one.webContents.getURL().includes('main.html'),
    );
    return (await window?.webContents.capturePage())?.toPNG().toString('base64') ?? '';
  });
  writeFileSync(join(pictures, `${name}.png`), Buffer.from(png, 'base64'));
}

/** Keeps a picture of the whole screen. */
export function screenPicture(name: string): void {
  mkdirSync(pictures, { recursive: true });
  execFileSync('import', ['-window', 'root', join(pictures, `${name}.png`)]);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong with a page, in words. */
async function violations(page: Page): Promise<readonly string[]> {
  // The page's policy lets no script in but its own: this one comes through the debugger.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html.slice(0, 200)}\n  ${failureSummary}`),
    );
  });
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}
