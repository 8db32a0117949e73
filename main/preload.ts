import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { appCallNames, calls } from './control/calls.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './control/channels.ts';

// The page gets one function for each call of the contract, and the events. What they may carry is checked where it
// arrives: in the main process.
const { events: _, ...daemonCalls } = calls;
const names = [...Object.keys(daemonCalls), ...appCallNames];
const bridge = Object.fromEntries(
  names.map((name) => [name, (input?: unknown) => ipcRenderer.invoke(CALL_CHANNEL, name, input)]),
);

contextBridge.exposeInMainWorld('soloist', {
  ...bridge,
  on(wanted: string, listener: (data: unknown) => void) {
    const onEvent = (_: IpcRendererEvent, event: string, data: unknown): void => {
      if (event === wanted) listener(data);
    };
    ipcRenderer.on(EVENT_CHANNEL, onEvent);
    return () => {
      ipcRenderer.removeListener(EVENT_CHANNEL, onEvent);
    };
  },
});
