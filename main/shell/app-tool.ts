import { homedir, userInfo } from 'node:os';
import { app } from 'electron';
import { buildProgram } from '../cli/program.ts';
import { extras } from '../cli/tool.ts';
import { readLoginEnvironment } from '../daemon/config/login-environment.ts';
import {
  installTool,
  renewExtras,
  type ToolPlace,
  type ToolState,
  toolState,
  uninstallTool,
} from '../tool/tool.ts';
import { electronInstallation } from './installation.ts';

/** The command-line tool, as the person's terminals see it: the app itself may have been started with a bare PATH. */
export async function appTool(): Promise<{
  state(): ToolState;
  install(): ToolState;
  uninstall(): ToolState;
  /** Has the manual and the completions that an earlier version wrote be this version's. */
  renewExtras(): void;
}> {
  const installation = electronInstallation(app);
  const { shell } = userInfo();
  const { variables } = await readLoginEnvironment({
    environment: process.env,
    platform: process.platform,
    shell: shell ?? undefined,
  });
  const place: ToolPlace = {
    command: installation.tool,
    searchPath: variables.PATH ?? '',
    user: homedir(),
    shell: process.env.SHELL ?? shell ?? undefined,
    platform: process.platform,
  };
  const more = () =>
    extras(
      buildProgram(installation, () => {}),
      variables,
    );
  return {
    state: () => toolState(place),
    install: () => installTool(place, more()),
    uninstall: () => uninstallTool(place, more()),
    renewExtras: () => renewExtras(more()),
  };
}
