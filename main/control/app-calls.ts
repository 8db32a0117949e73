import * as z from 'zod/mini';
import type { Owner } from '../daemon/lock/owner.ts';
import type { AppCallName } from './calls.ts';
import { owner, status } from './contract.ts';

/** What only the menu-bar app's own windows may ask: the app, not the daemon, answers. Not on the control socket. */

const text = z.string().check(z.minLength(1), z.maxLength(300));
const nothing = z.strictObject({});

/** Which daemon the app shows. */
const source = z.discriminatedUnion('kind', [
  /** Its own, in whatever state. */
  z.object({ kind: z.literal('own') }),
  /** Another one that holds the home; the person has not chosen yet what to do. */
  z.object({ kind: z.literal('duplicate'), owner: z.nullable(owner) }),
  /** Another one, watched and controlled through its socket. */
  z.object({ kind: z.literal('attached'), owner }),
  /** Another one was there, and has ended by itself. */
  z.object({ kind: z.literal('gone'), owner: z.nullable(owner) }),
]);

export const loginItem = z.discriminatedUnion('state', [
  z.object({ state: z.literal('enabled') }),
  z.object({ state: z.literal('disabled') }),
  /** The person has to allow it in the settings of the system. */
  z.object({ state: z.literal('needs-approval') }),
  z.object({ state: z.literal('not-found') }),
  z.object({ state: z.literal('unsupported'), reason: z.string() }),
]);

/** How it is with the command-line tool, as main/tool/tool.ts says. */
const tool = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('installed'), path: z.string() }),
  z.object({ kind: z.literal('not-on-path'), path: z.string(), advice: z.string() }),
  z.object({ kind: z.literal('stale'), path: z.string() }),
  z.object({ kind: z.literal('foreign'), path: z.string() }),
  z.object({ kind: z.literal('shadowed'), path: z.string(), by: z.string() }),
  z.object({ kind: z.literal('unsupported'), reason: z.string() }),
]);

/** How it is with new versions of the app. */
const updates = z.discriminatedUnion('kind', [
  /** This build cannot update itself. */
  z.object({ kind: z.literal('impossible'), reason: z.string() }),
  /** The person does not want it. */
  z.object({ kind: z.literal('off') }),
  z.object({ kind: z.literal('idle'), lastChecked: z.nullable(z.iso.datetime()) }),
  z.object({ kind: z.literal('checking') }),
  /** There is one, which is not downloaded while runs are in progress. */
  z.object({ kind: z.literal('waiting'), version: z.string() }),
  z.object({ kind: z.literal('downloading'), version: z.string(), percent: z.number() }),
  /** It is put in place when the app ends. */
  z.object({ kind: z.literal('ready'), version: z.string() }),
  z.object({ kind: z.literal('failed'), message: z.string(), at: z.iso.datetime() }),
]);

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  notifications: z.enum(['on', 'off']),
  updates: z.enum(['on', 'off']),
});

export const trayStates = ['running', 'working', 'paused', 'stopped', 'attention', 'duplicate'] as const;

export const views = ['timeline', 'history', 'jobs', 'links', 'health', 'settings', 'help'] as const;

/** What a topic of the help is made of; in its texts, backticks mark code and double asterisks what is bold. */
const block = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('heading'), level: z.int(), text: z.string() }),
  z.object({ kind: z.literal('paragraph'), text: z.string() }),
  z.object({ kind: z.literal('list'), items: z.readonly(z.array(z.string())) }),
  z.object({ kind: z.literal('code'), lines: z.readonly(z.array(z.string())) }),
  z.object({
    kind: z.literal('table'),
    titles: z.readonly(z.array(z.string())),
    rows: z.readonly(z.array(z.readonly(z.array(z.string())))),
  }),
]);
const topic = z.object({ name: z.string(), title: z.string(), blocks: z.readonly(z.array(block)) });

/** All that the windows show of the app itself. */
export const appView = z.object({
  version: z.string(),
  platform: z.string(),
  home: z.string(),
  source,
  /** Of the daemon that is shown; of its own one, or of the one that is attached. Null of one that is only known of. */
  status: z.nullable(status),
  /** The tray's state, and the line that says it in words. */
  tray: z.object({ state: z.enum(trayStates), line: z.string() }),
  loginItem,
  settings,
  updates,
  paths: z.object({ configuration: z.string(), log: z.string() }),
});

/** What a window is to show: sent to it when it is opened from elsewhere. */
export const place = z.object({
  view: z.enum(views),
  job: z.optional(text),
  run: z.optional(text),
  /** Of the help. */
  topic: z.optional(text),
});

const app = { kind: 'value', schema: appView } as const;
const done = { kind: 'value', schema: nothing } as const;

export const appCalls = {
  app: { input: nothing, answer: app },
  /** Starts the app's own daemon. */
  start: { input: nothing, answer: app },
  /** Watches and controls the daemon that holds the home. */
  attach: { input: nothing, answer: app },
  /** Stops the daemon that holds the home, and starts the app's own. */
  takeOver: { input: nothing, answer: app },
  quit: { input: nothing, answer: done },
  /** Opens the main window, or brings it to the front, at a place. */
  open: { input: place, answer: done },
  /** Hides the popover. */
  hide: { input: nothing, answer: done },
  /** Opens the configuration in the person's editor, at the line of a job or of a problem; makes a first one if there is none. */
  edit: {
    input: z.strictObject({
      job: z.optional(text),
      line: z.optional(z.int().check(z.gte(1), z.lte(10_000_000))),
    }),
    answer: done,
  },
  /** Shows a file or folder of Soloist in the file manager. */
  reveal: { input: z.strictObject({ what: z.enum(['home', 'configuration', 'log']) }), answer: done },
  /** What `soloist help` tells, all topics. */
  help: {
    input: nothing,
    answer: { kind: 'value', schema: z.object({ topics: z.readonly(z.array(topic)) }) },
  },
  change: { input: z.partial(z.strictObject(settings.shape)), answer: app },
  startAtLogin: { input: z.strictObject({ enabled: z.boolean() }), answer: app },
  openLoginSettings: { input: nothing, answer: done },
  /** Asks the person's shell where it looks for commands, which takes a moment. */
  tool: { input: nothing, answer: { kind: 'value', schema: tool } },
  checkForUpdates: { input: nothing, answer: app },
  /** Ends the app, puts the new version in place, and starts it. */
  installUpdate: { input: nothing, answer: done },
  installTool: { input: nothing, answer: { kind: 'value', schema: tool } },
  uninstallTool: { input: nothing, answer: { kind: 'value', schema: tool } },
} as const satisfies Record<
  AppCallName,
  { input: z.ZodMiniType; answer: { kind: 'value'; schema: z.ZodMiniType } }
>;

export type AppView = z.infer<typeof appView>;
export type AppSettings = z.infer<typeof settings>;
export type LoginItem = z.infer<typeof loginItem>;
export type UpdatesView = z.infer<typeof updates>;
export type HelpBlock = z.infer<typeof block>;
export type HelpTopic = z.infer<typeof topic>;
export type ToolView = z.infer<typeof tool>;
export type TrayState = (typeof trayStates)[number];
export type ViewName = (typeof views)[number];
export type Place = z.infer<typeof place>;
export type AppInput<Name extends AppCallName> = z.output<(typeof appCalls)[Name]['input']>;
export type AppGiven<Name extends AppCallName> = z.input<(typeof appCalls)[Name]['input']>;
export type AppOutput<Name extends AppCallName> = z.infer<(typeof appCalls)[Name]['answer']['schema']>;

/** What answers the app's calls. */
export type AppHandlers = {
  readonly [Name in AppCallName]: (input: AppInput<Name>) => Promise<AppOutput<Name>>;
};

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;
export const ownerMatches: Same<z.infer<typeof owner>, Owner> = true;
