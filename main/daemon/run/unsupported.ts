import { SoloistError } from '../errors.ts';

/** The error for a platform whose process trees Soloist cannot end yet. */
export function jobsUnsupported(): SoloistError {
  return new SoloistError({
    code: 'platform_unsupported',
    message: 'Soloist does not run jobs on Windows yet.',
    hint: 'Run it on macOS or Linux, or in the Windows Subsystem for Linux.',
  });
}
