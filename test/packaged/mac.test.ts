import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getRawHeader } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { build } from 'electron-builder';
import * as plist from 'plist';
import { beforeAll, expect, test } from 'vitest';
import { packageConfiguration } from '../../build/packages/configuration.ts';
import { temporaryFolder } from '../support/temporary.ts';

/*
 * Nobody here has a Mac, and no Electron for one can be had: the packager works on a folder that is laid out as Electron's is, with
 * nothing in its programs but the fuses. What it writes into it is what it would write there.
 */

const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const helpers = ['', ' (GPU)', ' (Plugin)', ' (Renderer)'];

/** A folder with the outline of Electron for macOS. */
function outlineOfElectron(): string {
  const folder = temporaryFolder();
  const write = (path: string, contents: string | Buffer): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), contents);
  };
  const bundle = (name: string): string =>
    plist.build({ CFBundleName: name, CFBundleExecutable: name, CFBundleIdentifier: 'org.electron' });
  const contents = 'Electron.app/Contents';
  const framework = `${contents}/Frameworks/Electron Framework.framework`;
  write('version', '33.4.11');
  write(`${contents}/Info.plist`, bundle('Electron'));
  write(`${contents}/MacOS/Electron`, 'program');
  chmodSync(join(folder, contents, 'MacOS/Electron'), 0o755);
  write(`${contents}/Resources/electron.icns`, '');
  write(`${contents}/Resources/default_app.asar`, '');
  const fuses = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, 8]), Buffer.from('10110001')]);
  write(`${framework}/Electron Framework`, Buffer.concat([Buffer.alloc(64), fuses, Buffer.alloc(64)]));
  for (const language of ['en', 'de'])
    write(`${framework}/Versions/A/Resources/${language}.lproj/locale.pak`, '');
  for (const helper of helpers) {
    const name = `Electron Helper${helper}`;
    write(`${contents}/Frameworks/${name}.app/Contents/Info.plist`, bundle(name));
    write(`${contents}/Frameworks/${name}.app/Contents/MacOS/${name}`, '');
  }
  return folder;
}

let contents: string;
beforeAll(async () => {
  const output = temporaryFolder();
  const config = packageConfiguration('darwin', { ELECTRON_OVERRIDE_DIST_PATH: outlineOfElectron() });
  await build({
    mac: [],
    dir: true,
    x64: true,
    publish: 'never',
    config: { ...config, directories: { ...config.directories, output } },
  });
  contents = join(output, 'mac/Soloist.app/Contents');
}, 120_000);

test('the system is told what kind of app it is, before it runs', () => {
  const info = plist.parse(readFileSync(join(contents, 'Info.plist'), 'utf8'));
  expect(info).toMatchObject({
    CFBundleName: 'Soloist',
    CFBundleExecutable: 'Soloist',
    CFBundleIdentifier: 'app.soloist.Soloist',
    LSUIElement: true,
    LSMinimumSystemVersion: '13.0',
    LSApplicationCategoryType: 'public.app-category.utilities',
  });
  const reasons = Object.entries(info as Record<string, unknown>).filter(([key]) =>
    key.endsWith('UsageDescription'),
  );
  for (const [, reason] of reasons) expect(reason).toMatch(/^A job that you set up .*\.$/);
  expect(reasons.map(([key]) => key).sort()).toEqual(
    [
      'NSAppleEventsUsageDescription',
      'NSBluetoothAlwaysUsageDescription',
      'NSCameraUsageDescription',
      'NSDesktopFolderUsageDescription',
      'NSDocumentsFolderUsageDescription',
      'NSDownloadsFolderUsageDescription',
      'NSFileProviderDomainUsageDescription',
      'NSMicrophoneUsageDescription',
      'NSNetworkVolumesUsageDescription',
      'NSRemovableVolumesUsageDescription',
    ].sort(),
  );
});

test('the system is told by what the archive is known: a changed one does not start', () => {
  const info = plist.parse(readFileSync(join(contents, 'Info.plist'), 'utf8')) as Record<string, unknown>;
  const { headerString } = getRawHeader(join(contents, 'Resources/app.asar'));
  expect(info.ElectronAsarIntegrity).toEqual({
    'Resources/app.asar': {
      algorithm: 'SHA256',
      hash: createHash('sha256').update(headerString).digest('hex'),
    },
  });
  // The header itself holds a hash of each file.
  const header = JSON.parse(headerString);
  const index = header.files.out.files['index.cjs'];
  const { algorithm, hash } = index.integrity;
  const built = readFileSync(join(import.meta.dirname, '../../out/index.cjs'));
  expect({ algorithm, hash }).toEqual({
    algorithm: 'SHA256',
    hash: createHash('sha256').update(built).digest('hex'),
  });
});

test('the fuses are as they should be, and nothing of Electron’s own program is left', async () => {
  const wire = await getCurrentFuseWire(join(contents, '..'));
  const { ENABLE, DISABLE } = FuseState;
  expect(wire).toMatchObject({
    [FuseV1Options.RunAsNode]: DISABLE,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: DISABLE,
    [FuseV1Options.EnableNodeCliInspectArguments]: DISABLE,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ENABLE,
    [FuseV1Options.OnlyLoadAppFromAsar]: ENABLE,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: DISABLE,
  });
  expect(existsSync(join(contents, 'Resources/default_app.asar'))).toBe(false);
  expect(readdirSync(join(contents, 'Frameworks')).sort()).toEqual(
    ['Electron Framework.framework', ...helpers.map((helper) => `Soloist Helper${helper}.app`)].sort(),
  );
});

test('its icon is Soloist’s, its add-on is that of its processor', () => {
  const icon = readFileSync(join(contents, 'Resources/icon.icns'));
  expect(icon).toEqual(readFileSync(join(import.meta.dirname, '../../build/icons/soloist.icns')));
  expect(icon.subarray(0, 4).toString()).toBe('icns');
  expect(icon.readUInt32BE(4)).toBe(icon.length);
  for (const name of ['fs-native-extensions', '@photostructure/sqlite']) {
    const prebuilds = join(contents, 'Resources/app.asar.unpacked/node_modules', name, 'prebuilds');
    expect(readdirSync(prebuilds)).toEqual(['darwin-x64']);
  }
});

test.each([
  ['without a certificate', {}, { hardenedRuntime: false, identity: '-', notarize: false }],
  ['with one', { CSC_LINK: 'x' }, { hardenedRuntime: true, notarize: false }],
  [
    'with one and a key for notarization',
    { CSC_NAME: 'x', APPLE_API_KEY: 'k' },
    { hardenedRuntime: true, notarize: true },
  ],
  ['with a key, and nothing to sign by', { APPLE_API_KEY: 'k' }, { identity: '-', notarize: false }],
])('signed %s', (_, environment, expected) => {
  const { mac } = packageConfiguration('darwin', environment);
  expect(mac).toMatchObject(expected);
  if (mac?.hardenedRuntime) expect(existsSync(String(mac.entitlements))).toBe(true);
});

/** Of what macOS asks about, what a hardened app must be entitled to beside saying why (Apple: Hardened Runtime, Resource Access). */
const ENTITLED = {
  NSAppleEventsUsageDescription: 'com.apple.security.automation.apple-events',
  NSCameraUsageDescription: 'com.apple.security.device.camera',
  NSMicrophoneUsageDescription: 'com.apple.security.device.audio-input',
};

test('signed, it is entitled to run JavaScript and to what it says why jobs use it, and to nothing else', () => {
  const { mac } = packageConfiguration('darwin', { CSC_LINK: 'x' });
  const entitlements = plist.parse(readFileSync(String(mac?.entitlements), 'utf8'));
  const said = Object.keys(mac?.extendInfo ?? {});
  const wanted = Object.entries(ENTITLED).flatMap(([reason, key]) => (said.includes(reason) ? [key] : []));
  expect(entitlements).toEqual(
    Object.fromEntries(['com.apple.security.cs.allow-jit', ...wanted].map((key) => [key, true])),
  );
  expect(mac?.entitlementsInherit).toBe(mac?.entitlements);
});

test('a build without a publisher does not update itself', () => {
  expect(packageConfiguration('darwin', {}).publish).toBeNull();
  expect(packageConfiguration('darwin', { SOLOIST_PUBLISH: 'ada/soloist' }).publish).toMatchObject({
    provider: 'github',
    owner: 'ada',
    repo: 'soloist',
  });
  expect(() => packageConfiguration('darwin', { SOLOIST_PUBLISH: 'https://github.com/ada/soloist' })).toThrow(
    "'owner/repository'",
  );
});
