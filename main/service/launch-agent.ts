import { join } from 'node:path';
import { SERVICE_MARK, type ServicePlan } from './service.ts';

/** A value of a property list, as far as one is needed here. */
type Value = string | number | boolean | readonly string[] | { readonly [key: string]: Value };

/**
 * The property list of a daemon, by launchd.plist(5). One that was asked to end, or finds that another one has the home, ends with
 * 0 and is left alone. What it prints is in its own log already; launchd would keep it for ever.
 */
export function launchAgentText(label: string, { command, logs }: ServicePlan): string {
  const agent: Value = {
    Label: label,
    ProgramArguments: command,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 30,
    // As 'Background' its jobs would be slowed down too.
    ProcessType: 'Standard',
    // How long its runs may take to end.
    ExitTimeOut: 120,
    StandardOutPath: '/dev/null',
    StandardErrorPath: join(logs, 'stderr.log'),
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${SERVICE_MARK} -->
<plist version="1.0">
${xml(agent)}
</plist>
`;
}

function xml(value: Value): string {
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`;
  if (typeof value === 'number') return `<integer>${value}</integer>`;
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>';
  const lines = Array.isArray(value)
    ? value.map((one: string) => xml(one))
    : Object.entries(value).map(([key, one]) => `<key>${escaped(key)}</key>${xml(one)}`);
  const kind = Array.isArray(value) ? 'array' : 'dict';
  return `<${kind}>\n${lines.join('\n')}\n</${kind}>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
