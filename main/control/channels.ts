/** The two channels that IPC has: calls of windows, and events for them. */
export const CALL_CHANNEL = 'soloist:call';
export const EVENT_CHANNEL = 'soloist:event';
