import { findElectron, whyNoDisplay } from '../../build/electron.ts';

/** Where a runnable Electron is, or undefined: nothing is fetched for a test. */
export function electronPath(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const electron = findElectron(environment);
  return electron.kind === 'found' ? electron.file : undefined;
}

/** What is missing for tests on real Electron, a sentence each. */
export function missingForWindows(environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  const electron = findElectron(environment);
  return [
    electron.kind === 'found' ? undefined : `${electron.reason} ${HOW_TO_GET_ELECTRON}`,
    whyNoDisplay(environment),
  ].filter((reason) => reason !== undefined);
}

const HOW_TO_GET_ELECTRON =
  "('npx install-electron' fetches it, or ELECTRON_OVERRIDE_DIST_PATH names a folder with one.)";
