// `npm run package`: packages of the app in release/, for this platform or those that are named.
import { parseArgs } from 'node:util';
import { build } from 'electron-builder';
import { packageConfiguration } from './packages/configuration.ts';
import { makeTool } from './packages/tool.ts';

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

// A secret that a workflow does not have is empty there, which the packager would take for a file.
for (const name of ['CSC_LINK', 'CSC_KEY_PASSWORD', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'])
  if (process.env[name] === '') delete process.env[name];

if (values.help) console.log(usage);
else {
  makeTool();
  const platforms = { mac: 'darwin', win: 'win32', linux: 'linux' } as const;
  const names = Object.keys(platforms) as (keyof typeof platforms)[];
  const named = names.filter((name) => values[name]);
  // What is packed differs, so that each is a build of its own.
  for (const name of named.length > 0 ? named : names.filter((name) => platforms[name] === process.platform))
    await build({
      [name]: [],
      ...(values.dir ? { dir: true } : {}),
      publish: values.publish as 'always' | 'never',
      config: packageConfiguration(platforms[name], process.env),
    });
}
