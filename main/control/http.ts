/**
 * `node:http`, loaded on demand. Importing it as a module would evaluate all of its exports, the WebSocket and
 * fetch machinery among them: 30 ms and 15 MB that neither the daemon nor the command line has a use for.
 */
export const http = (): typeof import('node:http') => process.getBuiltinModule('node:http');
