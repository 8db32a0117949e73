/** Where each call of the contract is in HTTP. Apart from the schemas, which clients do without. */
export const calls = {
  status: { method: 'GET', path: '/v1/status' },
  stop: { method: 'POST', path: '/v1/stop' },
  restart: { method: 'POST', path: '/v1/restart' },
  events: { method: 'GET', path: '/v1/events' },
} as const;

export type CallName = keyof typeof calls;
