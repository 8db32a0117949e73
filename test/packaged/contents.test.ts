import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { extractFile, listPackage, statFile } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import picomatch from 'picomatch';
import { beforeAll, expect, test } from 'vitest';
import { packageConfiguration } from '../../build/packages/configuration.ts';
import { ASAR, EXECUTABLE, makePackage, PACKAGE, RESOURCES, ROOT } from './package.ts';

beforeAll(() => makePackage(), 120_000);

/** All files below a folder, by their paths in it. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

/** The files that the archive names, with or without their contents in it. */
const archived = (): string[] =>
  listPackage(ASAR, { isPack: false })
    .map((path) => path.slice(1))
    .filter((path) => !('files' in statFile(ASAR, path)))
    .sort();

test('the archive holds the built program, and of the packages what runs', () => {
  const built = filesBelow(join(ROOT, 'out'))
    .map((path) => `out/${path}`)
    .filter((path) => !/^out\/((cli|headless)\.cjs|tool\/)/.test(path));
  const files = archived();
  expect(files.filter((path) => path.startsWith('out/'))).toEqual(built);
  const isExpected = picomatch([
    'package.json',
    'out/**',
    'node_modules/*/{package.json,LICENSE*}',
    'node_modules/@*/*/{package.json,LICENSE*}',
    'node_modules/fs-native-extensions/{index,binding}.js',
    'node_modules/fs-native-extensions/prebuilds/linux-x64/fs-native-extensions.node',
    'node_modules/{require-addon,which-runtime}/**/*.js',
    'node_modules/@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz',
    'node_modules/tesseract.js/src/**/*.js',
    'node_modules/tesseract.js-core/tesseract-core{,-simd,-relaxedsimd}.{js,wasm}',
    'node_modules/{bmp-js,is-url,node-fetch,regenerator-runtime,tr46,webidl-conversions,whatwg-url,zlibjs}/**/*.js',
    'node_modules/tr46/lib/mappingTable.json',
    'node_modules/wasm-feature-detect/dist/cjs/index.cjs',
    // Only with an Electron whose Node has no SQLite.
    'node_modules/@photostructure/sqlite/dist/index.cjs',
    'node_modules/@photostructure/sqlite/prebuilds/linux-x64/*.glibc.node',
    'node_modules/node-gyp-build/*.js',
  ]);
  expect(files.filter((path) => !isExpected(path))).toEqual([]);
});

test('what the program loads by name is there', () => {
  const names = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).dependencies;
  const files = archived();
  for (const name of Object.keys(names)) expect(files).toContain(`node_modules/${name}/package.json`);
  expect(JSON.parse(extractFile(ASAR, 'package.json').toString())).toMatchObject({
    name: 'soloist',
    main: 'out/index.cjs',
  });
});

test('beside the archive is only what the system itself opens', () => {
  const unpacked = filesBelow(join(RESOURCES, 'app.asar.unpacked'));
  const isOpenedBySystem = picomatch([
    '**/*.node',
    'node_modules/{tesseract.js,tesseract.js-core,@tesseract.js-data}/**',
  ]);
  expect(unpacked.filter((path) => !isOpenedBySystem(path))).toEqual([]);
  expect(readdirSync(RESOURCES).sort()).toEqual(['app.asar', 'app.asar.unpacked']);
});

test('the folder holds Electron, with one language, and nothing else', () => {
  const known =
    /^(soloist-app|resources|locales|version|LICENSE.*|chrome[_-].*|lib.*\.so(\.1)?|.*\.pak|.*snapshot.*\.bin|icudtl\.dat|vk_swiftshader_icd\.json)$/;
  expect(readdirSync(PACKAGE).filter((name) => !known.test(name))).toEqual([]);
  expect(readdirSync(join(PACKAGE, 'locales'))).toEqual(['en-US.pak']);
});

test('Soloist adds little to what Electron is', () => {
  const size = (files: readonly string[]): number =>
    files.reduce((sum, path) => sum + statSync(path).size, 0) / 1_000_000;
  const archive = size([ASAR]);
  const unpacked = join(RESOURCES, 'app.asar.unpacked');
  const beside = size(filesBelow(unpacked).map((path) => join(unpacked, path)));
  console.log(`the archive has ${archive.toFixed(1)} MB, beside it are ${beside.toFixed(1)} MB`);
  expect(archive).toBeLessThan(5);
  expect(beside).toBeLessThan(25);
});

test('the fuses are as they should be', async () => {
  const wire = await getCurrentFuseWire(EXECUTABLE);
  const { ENABLE, DISABLE } = FuseState;
  expect(wire).toMatchObject({
    [FuseV1Options.RunAsNode]: DISABLE,
    [FuseV1Options.EnableCookieEncryption]: DISABLE,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: DISABLE,
    [FuseV1Options.EnableNodeCliInspectArguments]: DISABLE,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ENABLE,
    [FuseV1Options.OnlyLoadAppFromAsar]: ENABLE,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: DISABLE,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: DISABLE,
  });
});

test('the package for Debian brings the command line, its manual and its completions', () => {
  const { deb } = packageConfiguration('linux', {});
  const files = (deb?.fpm ?? []).map((mapping) => mapping.split('=') as [from: string, to: string]);
  expect(files.map(([, to]) => to)).toContain('/usr/bin/soloist');
  for (const [from] of files) expect(readFileSync(from, 'utf8'), from).toMatch(/soloist/i);
  const command = files.find(([, to]) => to === '/usr/bin/soloist')?.[0] ?? '';
  expect(statSync(command).mode & 0o777).toBe(0o755);
  expect(readFileSync(command, 'utf8')).toContain('exec /opt/Soloist/soloist-app --ozone-platform=headless');
});
