import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Configuration } from 'electron-builder';

const root = resolve(import.meta.dirname, '../..');
const inBuild = (path: string): string => join(root, 'build', path);

const ENTITLEMENTS = inBuild('packages/mac/entitlements.plist');

/** The first Electron whose Node has SQLite in it. */
const FIRST_WITH_SQLITE = 35;

/** As ready-made binaries are named. */
export type PackagePlatform = 'darwin' | 'win32' | 'linux';

/** Of what the text recognition brings, what it loads here: the quicker kind of data, and one engine per kind of processor. */
const TEXT_RECOGNITION = [
  'node_modules/@tesseract.js-data/eng/{package.json,4.0.0_best_int/**}',
  'node_modules/tesseract.js/{package.json,LICENSE.md,src/**}',
  'node_modules/tesseract.js-core/{package.json,LICENSE}',
  'node_modules/tesseract.js-core/tesseract-core{,-simd,-relaxedsimd}.{js,wasm}',
  'node_modules/{bmp-js,is-url,regenerator-runtime,tr46,webidl-conversions,whatwg-url}/{package.json,LICENSE*,*.js,lib/**}',
  'node_modules/node-fetch/{package.json,LICENSE.md,lib/index.js}',
  'node_modules/wasm-feature-detect/{package.json,LICENSE,dist/cjs/**}',
  'node_modules/zlibjs/{package.json,LICENSE,bin/node-zlib.js}',
];

/**
 * Packages of the app for one platform, by the environment:
 * - `ELECTRON_OVERRIDE_DIST_PATH`: a folder with the Electron that is packaged, instead of the one that is fetched.
 * - `SOLOIST_PUBLISH`: `owner/repository` on GitHub, whose releases the packages update themselves from. Without it they
 *   do not update themselves.
 * - `CSC_LINK` or `CSC_NAME`: the certificate for macOS. Without it a package is signed ad hoc: it runs on Apple silicon,
 *   and its first start has to be allowed by hand.
 * - `APPLE_API_KEY`, `APPLE_API_KEY_ID`, `APPLE_API_ISSUER` (or `APPLE_ID`, `APPLE_APP_SPECIFIC_PASSWORD`, `APPLE_TEAM_ID`):
 *   for notarization, which needs a certificate.
 */
export function packageConfiguration(
  platform: PackagePlatform,
  environment: NodeJS.ProcessEnv,
): Configuration {
  const electron = overriddenElectron(environment);
  const major = Number.parseInt(electron?.electronVersion ?? installedElectron(), 10);
  const isSigned = Boolean(environment.CSC_LINK || environment.CSC_NAME);
  const isNotarized = isSigned && Boolean(environment.APPLE_API_KEY || environment.APPLE_ID);
  return {
    ...electron,
    extraMetadata: {
      // macOS puts no new version in the place of one that is not signed.
      canBeReplaced: platform !== 'darwin' || isSigned,
      desktopName: 'soloist-app.desktop',
      homepage: homepage(environment.SOLOIST_PUBLISH),
    },
    appId: 'app.soloist.Soloist',
    productName: 'Soloist',
    copyright: 'MIT License',
    directories: { output: 'release', buildResources: 'build/packages' },
    // What is not bundled has ready-made binaries for all platforms in it.
    npmRebuild: false,
    files: files(platform, major),
    asar: { smartUnpack: false },
    // Add-ons, the threads of the text recognition and its data are opened by the system, which sees no archive.
    asarUnpack: ['**/*.node', 'node_modules/{tesseract.js,tesseract.js-core,@tesseract.js-data}/**'],
    electronLanguages: ['en-US'],
    electronFuses: {
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
      // There are no cookies; their encryption would have macOS ask for the keychain.
      enableCookieEncryption: false,
      loadBrowserProcessSpecificV8Snapshot: false,
    },
    // Electron's own program, of which nothing may be left.
    afterExtract: async ({ appOutDir }) => {
      for (const resources of ['resources', 'Electron.app/Contents/Resources'])
        await rm(join(appOutDir, resources, 'default_app.asar'), { force: true });
    },
    publish: publisher(environment.SOLOIST_PUBLISH),
    artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
    mac: {
      target: ['dmg', 'zip'].map((target) => ({ target, arch: ['universal'] })),
      category: 'public.app-category.utilities',
      minimumSystemVersion: '13.0',
      icon: inBuild('icons/soloist.icns'),
      darkModeSupport: true,
      ...(isSigned
        ? { hardenedRuntime: true, entitlements: ENTITLEMENTS, entitlementsInherit: ENTITLEMENTS }
        : // Signed ad hoc, the app and its frameworks are of no team, which the hardened runtime would not let together.
          { hardenedRuntime: false, identity: '-' }),
      notarize: isNotarized,
      // Binaries that are the same file in the packages of both processors.
      x64ArchFiles: '**/prebuilds/**',
      extendInfo: {
        LSUIElement: true,
        ...usageDescriptions,
      },
    },
    dmg: { title: 'Soloist ${version}', icon: inBuild('icons/soloist.icns') },
    win: { target: ['nsis'], icon: inBuild('icons/soloist.ico') },
    nsis: { oneClick: true, perMachine: false, deleteAppDataOnUninstall: false },
    linux: {
      target: ['AppImage', 'deb', 'tar.gz'],
      // The command line is called `soloist`.
      executableName: 'soloist-app',
      icon: inBuild('icons/linux'),
      category: 'Utility',
      synopsis: 'Exactly one automation daemon, shown in the menu bar',
      maintainer: 'Soloist <soloist@soloist.invalid>',
      syncDesktopName: true,
      desktop: { entry: { Keywords: 'cron;jobs;automation;daemon;', StartupWMClass: 'Soloist' } },
    },
    // Always the same name: a new version takes the file's place, and what starts it at login finds it there.
    appImage: { artifactName: '${productName}-${os}-${arch}.${ext}' },
    deb: {
      // Beside the app: the command line for all users, with its manual and completions.
      fpm: Object.entries(commandLineFiles).map(([from, to]) => `${join(root, 'out/tool', from)}=${to}`),
    },
  };
}

/** What the package for Debian puts beside the app: files of `out/tool`, which `npm run package` makes, and where they go. */
const commandLineFiles = {
  soloist: '/usr/bin/soloist',
  'soloist.1': '/usr/share/man/man1/soloist.1',
  'soloist.bash': '/usr/share/bash-completion/completions/soloist',
  'soloist.fish': '/usr/share/fish/vendor_completions.d/soloist.fish',
  _soloist: '/usr/share/zsh/vendor-completions/_soloist',
};

/** What macOS shows when it asks whether a job may. It holds the app responsible for what the app starts. */
const usageDescriptions = {
  NSDesktopFolderUsageDescription: 'A job that you set up works with files on your desktop.',
  NSDocumentsFolderUsageDescription: 'A job that you set up works with files in your Documents folder.',
  NSDownloadsFolderUsageDescription: 'A job that you set up works with files in your Downloads folder.',
  NSRemovableVolumesUsageDescription: 'A job that you set up works with files on a removable volume.',
  NSNetworkVolumesUsageDescription: 'A job that you set up works with files on a network volume.',
  NSFileProviderDomainUsageDescription: 'A job that you set up works with files in a cloud folder.',
  NSAppleEventsUsageDescription: 'A job that you set up controls another app.',
  NSCameraUsageDescription: 'A job that you set up uses the camera.',
  NSMicrophoneUsageDescription: 'A job that you set up uses the microphone.',
  NSBluetoothAlwaysUsageDescription: 'A job that you set up uses Bluetooth.',
};

function overriddenElectron({
  ELECTRON_OVERRIDE_DIST_PATH: folder,
}: NodeJS.ProcessEnv): { electronDist: string; electronVersion: string } | undefined {
  if (!folder) return undefined;
  const electronVersion = readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  return { electronDist: resolve(folder), electronVersion };
}

const installedElectron = (): string =>
  JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')).version;

/** A package for Debian must name one. */
const homepage = (repository: string | undefined): string =>
  repository ? `https://github.com/${repository}` : 'https://soloist.invalid';

function publisher(repository: string | undefined): NonNullable<Configuration['publish']> | null {
  if (!repository) return null;
  const [owner, repo, ...more] = repository.split('/');
  if (!owner || !repo || more.length > 0)
    throw new Error(`SOLOIST_PUBLISH is 'owner/repository', not '${repository}'.`);
  return { provider: 'github', owner, repo, releaseType: 'draft' };
}

/** What is in the package: what is built, and of the packages nothing but what is listed. */
function files(platform: PackagePlatform, electronMajor: number): NonNullable<Configuration['files']> {
  // The packager's own `${platform}` is what it runs on, not what it packs for.
  const binaries = `prebuilds/${platform}-\${arch}`;
  return [
    '!**/*',
    'package.json',
    'out/**',
    // The programs of a Node; here the app's own executable is all of them.
    '!out/{cli,headless}.cjs',
    '!out/tool{,/**}',
    `node_modules/fs-native-extensions/{package.json,LICENSE,index.js,binding.js,${binaries}/*.node}`,
    'node_modules/{require-addon,which-runtime}/{package.json,LICENSE,index.js,lib/{default,node}.js}',
    ...TEXT_RECOGNITION,
    ...(electronMajor < FIRST_WITH_SQLITE
      ? [
          whole('@photostructure/sqlite', 'dist/index.cjs', `${binaries}/*.node`, '!**/*.musl.node'),
          whole('node-gyp-build', '*.js'),
        ]
      : []),
  ];
}

/** A package that is installed for development only. */
function whole(name: string, ...filter: readonly string[]) {
  const path = `node_modules/${name}`;
  return { from: path, to: path, filter: ['package.json', 'LICENSE', ...filter] };
}
