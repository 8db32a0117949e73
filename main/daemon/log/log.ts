import { type DestinationStream, type Logger, multistream, pino } from 'pino';
import type { LogSettings } from '../config/configuration.ts';
import { DayFiles, type LogName, logFolder } from './day-files.ts';

/** What is kept if the configuration says nothing: two weeks, 50 MB. */
export const defaultLogSettings: LogSettings = {
  level: 'info',
  keep: 14 * 24 * 60 * 60 * 1000,
  maxSize: 50 * 1024 * 1024,
};

/** The daemon's log: JSON lines in `logs/` of the home, a file per day. */
export interface DaemonLog {
  readonly logger: Logger;
  apply(settings: LogSettings): void;
  close(): void;
}

/** Opens the log of a home. `terminal` gets each line too, as JSON; times are epoch milliseconds. */
export function openLog(
  home: string,
  settings: LogSettings,
  terminal?: DestinationStream,
  name: LogName = 'daemon',
): DaemonLog {
  const files = new DayFiles(logFolder(home), settings, Date.now, name);
  const logger = pino(
    { level: settings.level, base: null },
    terminal === undefined
      ? files
      : multistream([
          { stream: files, level: 'debug' },
          { stream: terminal, level: 'debug' },
        ]),
  );
  return {
    logger,
    apply(next) {
      logger.level = next.level;
      files.retain(next);
    },
    close: () => files.close(),
  };
}
