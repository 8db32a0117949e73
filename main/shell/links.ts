import packageJson from '../../package.json' with { type: 'json' };
import { SoloistError } from '../daemon/errors.ts';

// The package need not have these keys.
const addresses: object = packageJson;

/** The pages that a window may have opened in the browser: those of this program, and no others. */
export function linkTo(page: 'documentation' | 'issues'): string {
  const { homepage, bugs }: { homepage?: string; bugs?: { url: string } } = addresses;
  const url = page === 'documentation' ? homepage : bugs?.url;
  if (url?.startsWith('https://')) return url;
  throw new SoloistError({
    code: 'no-page',
    message: 'This build of Soloist does not know the address of that page.',
    hint: 'The README comes with the program.',
  });
}
