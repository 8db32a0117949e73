import { type DestinationStream, type Logger, multistream, pino } from 'pino';
import type { LogSettings } from '../config/configuration.ts';
import { DayFiles, type LogName, logFolder } from './day-files.ts';
import { ErrorCount, type ErrorsLately } from './error-count.ts';

/** What is kept if the configuration says nothing: two weeks, 50 MB. */
export const defaultLogSettings: LogSettings = {
  level: 'info',
  keep: 14 * 24 * 60 * 60 * 1000,
  maxSize: 50 * 1024 * 1024,
};

/** The daemon's log: JSON lines in `logs/` of the home, a file per day. */
export interface DaemonLog {
  readonly logger: Logger;
  /** The errors that were logged lately; `now` in epoch milliseconds. */
  errors(now: number): ErrorsLately;
  apply(settings: LogSettings): void;
  close(): void;
}

const ERROR_LEVEL = 50;

/** What a line says, of the words that it is logged with: the message, or that of the error. */
function messageOf(words: readonly unknown[]): string {
  const text = words.find((word) => typeof word === 'string');
  return text ?? 'an error without words';
}

/** Opens the log of a home. `terminal` gets each line too, as JSON; times are epoch milliseconds. */
export function openLog(
  home: string,
  settings: LogSettings,
  terminal?: DestinationStream,
  name: LogName = 'daemon',
): DaemonLog {
  const files = new DayFiles(logFolder(home), settings, Date.now, name);
  const errors = new ErrorCount();
  const logger = pino(
    {
      level: settings.level,
      base: null,
      hooks: {
        logMethod(words, log, level) {
          if (level >= ERROR_LEVEL) errors.note(messageOf(words), Date.now());
          log.apply(this, words);
        },
      },
    },
    terminal === undefined
      ? files
      : multistream([
          { stream: files, level: 'debug' },
          { stream: terminal, level: 'debug' },
        ]),
  );
  return {
    logger,
    errors: (now) => errors.lately(now),
    apply(next) {
      logger.level = next.level;
      files.retain(next);
    },
    close: () => files.close(),
  };
}
