import type { Command } from 'commander';
import type { Surroundings } from './job-commands.ts';

const help = {
  tool: `
It needs no administrator rights: the first folder of your PATH that is yours among ~/.local/bin, ~/bin, /usr/local/bin and
/opt/homebrew/bin, else ~/.local/bin and a line for your shell's start file. With it come a manual page (man soloist) and
the completions of bash and fish; zsh: soloist completion zsh > "\${fpath[1]}/_soloist".
Exit codes: 0 the tool is on your PATH, 1 it is not.`,
  toolUninstall: `
Exit codes: 0 it is gone, or there was none; 1 it is left, such as a link that npm made or another program of that name.`,
  toolStatus: `
Exit codes: 0 your terminals find it, 1 they do not.`,
  service: `
For computers where nobody opens the app: a LaunchAgent of macOS, or a unit of your own systemd. It runs 'soloist up --foreground'
with the home and configuration that are chosen now, and starts the daemon again after a fault. The menu-bar app at login
and the service are two ways to the same daemon: use one of them for a home.`,
  serviceInstall: `
A daemon that runs already is left alone, unless --now hands it over: it is stopped, and the service starts one.
Exit codes: 0 it is installed and its daemon answers, 1 it could not be.`,
  serviceUninstall: `
Exit codes: 0 also if it was not installed, 1 if it could not be removed.`,
  serviceStatus: `
Exit codes: 0 it is installed and runs, 1 it is not, or does not.`,
  app: `
It is shown if it runs already. Exit codes: 0 it runs, 1 it could not be started.`,
  man: `
'soloist tool install' puts it where man finds it. Exit codes: 0 printed.`,
};

/** Adds the commands about this installation of Soloist. */
export function addProductCommands(root: Command, { context, finish }: Surroundings): void {
  const tool = root.command('tool').description('the command-line tool itself: put it on your PATH');
  tool
    .command('install')
    .description('put soloist on your PATH, with its manual and completions')
    .addHelpText('after', help.tool)
    .action(async () => {
      const { toolInstall } = await import('./tool.ts');
      finish('tool install', toolInstall(context(), root));
    });
  tool
    .command('uninstall')
    .description('take it away again')
    .addHelpText('after', help.toolUninstall)
    .action(async () => {
      const { toolUninstall } = await import('./tool.ts');
      finish('tool uninstall', toolUninstall(context(), root));
    });
  tool
    .command('status')
    .description('say whether your terminals find it, and where')
    .addHelpText('after', help.toolStatus)
    .action(async () => {
      const { toolStatus } = await import('./tool.ts');
      finish('tool status', toolStatus(context()));
    });

  const service = root
    .command('service')
    .description('have the system start the daemon at login, without the app')
    .addHelpText('after', help.service);
  service
    .command('install')
    .description('write the service, load it and start it')
    .option('--now', 'hand over a daemon that runs already')
    .addHelpText('after', help.serviceInstall)
    .action(async ({ now }: { now?: true }) => {
      const { serviceInstall } = await import('./service.ts');
      finish('service install', await serviceInstall(context(), now ?? false));
    });
  service
    .command('uninstall')
    .description('stop it and take it away again')
    .addHelpText('after', help.serviceUninstall)
    .action(async () => {
      const { serviceUninstall } = await import('./service.ts');
      finish('service uninstall', serviceUninstall(context()));
    });
  service
    .command('status')
    .description('say whether it is installed, and how it runs')
    .addHelpText('after', help.serviceStatus)
    .action(async () => {
      const { serviceStatus } = await import('./service.ts');
      finish('service status', await serviceStatus(context()));
    });

  root
    .command('app')
    .description('open the menu-bar app')
    .addHelpText('after', help.app)
    .action(async () => {
      const { app } = await import('./app.ts');
      finish('app', await app(context(), root.opts()));
    });

  root
    .command('man')
    .description('print the manual page')
    .addHelpText('after', help.man)
    .action(async () => {
      const { manual } = await import('./man.ts');
      const text = manual(root);
      finish('man', { exitCode: 0, text: text.trimEnd(), data: { text } });
    });
}
