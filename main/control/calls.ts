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
  job: { method: 'GET', path: '/v1/job' },
  enable: { method: 'POST', path: '/v1/enable' },
  recent: { method: 'POST', path: '/v1/recent' },
  output: { method: 'GET', path: '/v1/output' },
  absences: { method: 'GET', path: '/v1/absences' },
  alerts: { method: 'GET', path: '/v1/alerts' },
  acknowledge: { method: 'POST', path: '/v1/acknowledge' },
  archive: { method: 'POST', path: '/v1/archive' },
  health: { method: 'GET', path: '/v1/health' },
  metrics: { method: 'GET', path: '/v1/metrics' },
  guards: { method: 'GET', path: '/v1/guards' },
  endGuarded: { method: 'POST', path: '/v1/guards/end' },
  strays: { method: 'GET', path: '/v1/strays' },
  endStrays: { method: 'POST', path: '/v1/strays/end' },
  links: { method: 'GET', path: '/v1/links' },
  link: { method: 'GET', path: '/v1/link' },
  acceptLink: { method: 'POST', path: '/v1/links/accept' },
  dismissLink: { method: 'POST', path: '/v1/links/dismiss' },
  undoLink: { method: 'POST', path: '/v1/links/undo' },
  events: { method: 'GET', path: '/v1/events' },
} as const;

export type CallName = keyof typeof calls;

/** What only the app's own windows may ask. */
export const appCallNames = [
  'app',
  'start',
  'attach',
  'takeOver',
  'quit',
  'open',
  'hide',
  'edit',
  'reveal',
  'read',
  'change',
  'startAtLogin',
  'openLoginSettings',
  'tool',
  'installTool',
  'uninstallTool',
] as const;

export type AppCallName = (typeof appCallNames)[number];
