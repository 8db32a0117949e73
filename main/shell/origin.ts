/** Where the windows' pages are: a scheme of our own, so that nothing else on the computer can be one of them. */
export const SCHEME = 'soloist';
export const ORIGIN = `${SCHEME}://app`;
