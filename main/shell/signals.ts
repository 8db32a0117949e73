/**
 * Takes the signals back from Electron, which handles them itself from shortly before it is ready. proper-lockfile listens
 * before that, and the runtime asks the system for a signal only when its first listener comes: so all of them leave and
 * come again.
 */
export function takeSignalsBack(): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const listeners = process.listeners(signal);
    process.removeAllListeners(signal);
    for (const listener of listeners) process.on(signal, listener);
  }
}
