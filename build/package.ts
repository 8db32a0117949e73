// `npm run package`: packages of the app in release/, for this platform or those that are named.
import { parseArgs } from 'node:util';
import { build } from 'electron-builder';
import { packageConfiguration } from './packages/configuration.ts';

const usage = `npm run package [-- [--mac] [--win] [--linux] [--dir] [--publish always|never]]

  --mac --win --linux   for which platforms; without any, for this one
  --dir                 only the folder that would be packed
  --publish always      put them into a draft of a release (SOLOIST_PUBLISH, GH_TOKEN)`;

const { values } = parseArgs({
  options: {
    mac: { type: 'boolean' },
    win: { type: 'boolean' },
    linux: { type: 'boolean' },
    dir: { type: 'boolean' },
    publish: { type: 'string', default: 'never' },
    help: { type: 'boolean' },
  },
});

if (values.help) console.log(usage);
else {
  const own = { darwin: 'mac', win32: 'win', linux: 'linux' }[process.platform as 'linux'];
  const named = (['mac', 'win', 'linux'] as const).filter((platform) => values[platform]);
  const platforms = named.length > 0 ? named : [own];
  const targets = Object.fromEntries(platforms.map((platform) => [platform, []]));
  await build({
    ...targets,
    ...(values.dir ? { dir: true } : {}),
    publish: values.publish as 'always' | 'never',
    config: packageConfiguration(process.env),
  });
}
