import { join } from 'node:path';
import { build } from 'plist';
import { SERVICE_MARK, type ServicePlan } from './service.ts';

/**
 * The property list of a daemon, by launchd.plist(5). One that was asked to end, or finds that another one has the home, ends with
 * 0 and is left alone. What it prints is in its own log already; launchd would keep it for ever.
 */
export function launchAgentText(label: string, { command, logs }: ServicePlan): string {
  const text = build({
    Label: label,
    ProgramArguments: [...command],
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 30,
    // As 'Background' its jobs would be slowed down too.
    ProcessType: 'Standard',
    // How long its runs may take to end.
    ExitTimeOut: 120,
    StandardOutPath: '/dev/null',
    StandardErrorPath: join(logs, 'stderr.log'),
  });
  return `${text.replace('<plist ', `<!-- ${SERVICE_MARK} -->\n<plist `)}\n`;
}
