import { join } from 'node:path';
import type { ConfigurationSource } from './daemon/daemon.ts';
import { defaultLogSettings } from './daemon/log/log.ts';

export function configurationSource(option: string | undefined, home: string): ConfigurationSource {
  return {
    path: option ?? join(home, 'soloist.yaml'),
    async load() {
      return { timezone: 'UTC', maxConcurrent: 4, log: defaultLogSettings, jobs: new Map() };
    },
  };
}
