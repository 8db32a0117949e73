const states: Readonly<Record<string, string>> = {
  running: 'runs',
  starting: 'starts',
  stopping: 'stops',
  failed: 'has failed',
};

/** `runs`, `starts`, ... */
export const stateInWords = (state: string): string => states[state] ?? `is ${state}`;
