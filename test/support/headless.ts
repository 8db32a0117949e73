import { configurationFile } from '../../main/configuration-file.ts';
import { configurationSource } from '../../main/configuration-source.ts';
import { type HeadlessOptions, runHeadless } from '../../main/headless-daemon.ts';

/** Is a headless daemon of a home, in this process, which ends with it. */
export async function beDaemon(home: string, more: Partial<HeadlessOptions> = {}): Promise<never> {
  const exitCode = await runHeadless({
    home,
    configuration: configurationSource(configurationFile(undefined, home)),
    startedBy: 'a test',
    onStarted: () => {},
    ...more,
  });
  process.exit(exitCode);
}
