import { nativeTheme, shell } from 'electron';
import type { Logger } from 'pino';
import type { AppHandlers, AppSettings, AppView } from '../control/app-calls.ts';
import { SoloistError } from '../daemon/errors.ts';
import { logFolder } from '../daemon/log/day-files.ts';
import type { LoginItemAdapter } from './login-item/login-item.ts';
import type { DaemonSource } from './source/daemon-source.ts';
import type { Updates } from './updates/updates.ts';
import type { Windows } from './windows/windows.ts';

export interface AppHandlersOptions {
  readonly home: string;
  readonly configuration: () => string;
  readonly source: DaemonSource;
  readonly windows: Windows;
  readonly loginItem: LoginItemAdapter;
  readonly settings: { readonly value: AppSettings; set(value: AppSettings): void };
  readonly view: () => AppView;
  /** Something of the view changed that no event tells. */
  readonly changed: () => void;
  readonly quit: () => void;
  readonly updates: Updates;
  /** Ends the app and starts the new version. */
  readonly installUpdate: () => void;
  readonly logger: Logger;
}

/** What the windows may ask of the app itself; the tray's menu does the same through them. */
export function appHandlers(options: AppHandlersOptions): AppHandlers {
  const { home, configuration, source, windows, loginItem, settings, view, changed, logger } = options;
  return {
    app: async () => view(),
    async start() {
      await source.start();
      return view();
    },
    async attach() {
      await source.attach();
      return view();
    },
    async takeOver() {
      await source.takeOver();
      return view();
    },
    async quit() {
      // It may ask the person first; the answer does not wait for that.
      options.quit();
      return {};
    },
    async open(place) {
      windows.showMain(place);
      return {};
    },
    async hide() {
      windows.hidePopover();
      return {};
    },
    async edit({ job, line }) {
      const { openConfiguration } = await import('./editor/open-configuration.ts');
      const found = job === undefined || line !== undefined ? line : await lineOf(source, job);
      await openConfiguration({ path: configuration(), home, line: found, logger });
      return {};
    },
    async reveal({ what }) {
      const paths = { home, configuration: configuration(), log: logFolder(home) };
      if (what === 'configuration') shell.showItemInFolder(paths.configuration);
      else await openFolder(paths[what]);
      return {};
    },
    async help() {
      const { topic, topicNames } = await import('../cli/help/topics.ts');
      const { readMarkdown } = await import('../cli/help/markdown.ts');
      const { configurationTopic } = await import('../cli/help/configuration.ts');
      const topics = [configurationTopic(), ...topicNames().flatMap((name) => topic(name) ?? [])];
      topics.sort((one, other) => (one.title < other.title ? -1 : 1));
      return {
        topics: topics.map(({ name, title, markdown }) => ({ name, title, blocks: readMarkdown(markdown) })),
      };
    },
    async change(changes) {
      const before = settings.value;
      settings.set({
        theme: changes.theme ?? before.theme,
        notifications: changes.notifications ?? before.notifications,
        updates: changes.updates ?? before.updates,
      });
      nativeTheme.themeSource = settings.value.theme;
      if (settings.value.updates !== before.updates) options.updates.settingsChanged();
      changed();
      return view();
    },
    async startAtLogin({ enabled }) {
      loginItem.set(enabled);
      logger.info({ enabled }, 'start at login was changed');
      changed();
      return view();
    },
    async openLoginSettings() {
      const { settingsUrl } = loginItem;
      if (settingsUrl === undefined)
        throw new SoloistError({
          code: 'no-login-settings',
          message: 'This system has no settings of its own for what starts at login.',
        });
      await shell.openExternal(settingsUrl);
      return {};
    },
    async checkForUpdates() {
      await options.updates.checkNow();
      return view();
    },
    async installUpdate() {
      options.installUpdate();
      return {};
    },
    async tool() {
      const { appTool } = await import('./app-tool.ts');
      return (await appTool()).state();
    },
    async installTool() {
      const { appTool } = await import('./app-tool.ts');
      const state = (await appTool()).install();
      logger.info({ state }, 'the command-line tool was installed');
      return state;
    },
    async uninstallTool() {
      const { appTool } = await import('./app-tool.ts');
      const state = (await appTool()).uninstall();
      logger.info({ state }, 'the command-line tool was taken away');
      return state;
    },
  };
}

/** Where a job begins in the configuration; undefined if that is not known now. */
async function lineOf(source: DaemonSource, job: string): Promise<number | undefined> {
  try {
    return (await source.handlers.job({ job })).line ?? undefined;
  } catch (error) {
    // The file is opened all the same, at its beginning.
    if (error instanceof SoloistError) return undefined;
    throw error;
  }
}

async function openFolder(path: string): Promise<void> {
  const problem = await shell.openPath(path);
  if (problem !== '')
    throw new SoloistError({ code: 'cannot-be-shown', message: `${path} cannot be shown: ${problem}.` });
}
