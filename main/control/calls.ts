/** Where each call of the contract is in HTTP. Apart from the schemas, which clients do without. */
export const calls = {
  status: { method: 'GET', path: '/v1/status' },
  stop: { method: 'POST', path: '/v1/stop' },
  restart: { method: 'POST', path: '/v1/restart' },
  jobs: { method: 'GET', path: '/v1/jobs' },
  run: { method: 'POST', path: '/v1/run' },
  cancel: { method: 'POST', path: '/v1/cancel' },
  pause: { method: 'POST', path: '/v1/pause' },
  resume: { method: 'POST', path: '/v1/resume' },
  runs: { method: 'GET', path: '/v1/runs' },
  show: { method: 'GET', path: '/v1/run' },
  next: { method: 'GET', path: '/v1/next' },
  events: { method: 'GET', path: '/v1/events' },
} as const;

export type CallName = keyof typeof calls;
