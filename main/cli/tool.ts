import { homedir } from 'node:os';
import type { Command } from 'commander';
import { beforeMode, sandboxWords } from '../daemon/executable.ts';
import { shellText } from '../daemon/shell-word.ts';
import type { Installation } from '../installation.ts';
import { type Extras, extraPaths } from '../tool/extras.ts';
import { installTool, type ToolPlace, type ToolState, toolState, uninstallTool } from '../tool/tool.ts';
import { MARK } from '../tool/wrapper.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { completion } from './completion.ts';
import { manual } from './man.ts';

/** `soloist tool status` */
export function toolStatus(context: CommandContext): CommandResult {
  const state = toolState(placeOf(context));
  return { exitCode: state.kind === 'installed' ? 0 : 1, text: toolInWords(state, context), data: state };
}

/** `soloist tool install` */
export function toolInstall(context: CommandContext, root: Command): CommandResult {
  const state = installTool(placeOf(context), extras(root, process.env));
  return { exitCode: state.kind === 'installed' ? 0 : 1, text: toolInWords(state, context), data: state };
}

/** `soloist tool uninstall` */
export function toolUninstall(context: CommandContext, root: Command): CommandResult {
  const state = uninstallTool(placeOf(context), extras(root, process.env));
  if (state.kind !== 'installed') return { exitCode: 0, text: toolInWords(state, context), data: state };
  const text = `${state.path} is left as it is, since 'soloist tool install' did not write it. What npm has linked goes by 'npm uninstall --global soloist'.`;
  return { exitCode: 1, text, data: state };
}

/** A state of the tool, in a sentence or two. */
function toolInWords(state: ToolState, { installation }: CommandContext): string {
  const install = `\n\n  ${installCommand(installation)}`;
  switch (state.kind) {
    case 'none':
      return `The command-line tool is not installed. The app's settings install it, and so does this:${install}`;
    case 'installed':
      return `The command-line tool is ${state.path}.`;
    case 'not-on-path':
      return `The command-line tool is ${state.path}, where your terminals do not look. This makes new ones look there:\n\n  ${state.advice}`;
    case 'stale':
      return `The command-line tool ${state.path} is for Soloist at another place. This renews it for the one here:${install}`;
    case 'foreign':
      return `${state.path} is another program named soloist, and was left as it is. Remove or rename it; then this installs the tool:${install}`;
    case 'shadowed':
      return `The command-line tool is ${state.path}, but your terminals find another program first: ${state.by}. Remove or rename that one.`;
    case 'unsupported':
      return state.reason;
  }
}

/** What installs the tool of this installation, though it is no `soloist` yet, or that of another one. */
function installCommand({ tool }: Installation): string {
  const app = beforeMode(tool, 'cli');
  return shellText(app === undefined ? [...tool, 'tool', 'install'] : [...app, ...sandboxWords(), '--cli']);
}

const placeOf = ({ installation }: CommandContext): ToolPlace => ({
  command: installation.tool,
  searchPath: process.env.PATH ?? '',
  user: homedir(),
  shell: process.env.SHELL,
  platform: process.platform,
});

/** The manual and the completions, where the shells of a person look for them. */
export function extras(root: Command, environment: NodeJS.ProcessEnv): Extras {
  const { manual: man, bash, fish } = extraPaths(environment);
  const completionFile = (shell: 'bash' | 'fish'): string => `# ${MARK}\n${completion(shell, root).text}`;
  return { [man]: manual(root), [bash]: completionFile('bash'), [fish]: completionFile('fish') };
}
