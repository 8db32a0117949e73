import type * as z from 'zod/mini';
import type { ErrorDetails } from '../daemon/errors.ts';
import { type AppGiven, type AppHandlers, type AppOutput, appCalls, appView, place } from './app-calls.ts';
import type { AppCallName } from './calls.ts';
import { type Contract, contract, type Given, type Handlers, type Output } from './contract.ts';

/**
 * What a window may ask: all of the daemon's contract by the same names, schemas and errors, and what is the app's own.
 */
const { events, ...daemonCalls } = contract;
export const windowCalls = { ...daemonCalls, ...appCalls } as const;

/** What a window is told: the daemon's events, and what changes of the app. */
export const windowEvents = { ...events.answer.events, app: appView, place } as const;

type DaemonCallName = Exclude<keyof Contract, 'events'>;
export type WindowCallName = DaemonCallName | AppCallName;
export type WindowEvents = {
  readonly [Name in keyof typeof windowEvents]: z.infer<(typeof windowEvents)[Name]>;
};

/** What answers a window. */
export type WindowHandlers = Omit<Handlers, 'events'> & AppHandlers;

type WindowGiven<Name extends WindowCallName> = Name extends AppCallName
  ? AppGiven<Name>
  : Name extends DaemonCallName
    ? Given<Name>
    : never;
export type WindowOutput<Name extends WindowCallName> = Name extends AppCallName
  ? AppOutput<Name>
  : Name extends DaemonCallName
    ? Output<Name>
    : never;
type Argument<Name extends WindowCallName> =
  Record<never, never> extends WindowGiven<Name> ? [input?: WindowGiven<Name>] : [input: WindowGiven<Name>];

/** What a call answers over IPC. An error is a value, since a thrown one would lose its code and hint on the way. */
export type IpcAnswer<Value = unknown> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ErrorDetails };

/** What a window's page finds as `window.soloist`: a function for each call, and the events. */
export type Bridge = {
  readonly [Name in WindowCallName]: (...input: Argument<Name>) => Promise<IpcAnswer<WindowOutput<Name>>>;
} & {
  /** Calls the listener with each event; returns how to end that. */
  readonly on: <Name extends keyof WindowEvents>(
    event: Name,
    listener: (data: WindowEvents[Name]) => void,
  ) => () => void;
};
