const paths = {
  restart: 'M13 8a5 5 0 1 1-1.5-3.6M13 2.2v2.9h-2.9',
  run: 'M5 3.2v9.6L12.6 8z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  resume: 'M3.5 3.5v9M7 3.8v8.4L13 8z',
  cancel: 'M4.2 4.2h7.6v7.6H4.2z',
  log: 'M4 2.5h5.5L12.5 5.5v8h-8.5zM6.5 7.5h3.5M6.5 10h3.5',
  again: 'M13 8a5 5 0 1 1-1.5-3.6M13 2.2v2.9h-2.9',
  dismiss: 'm4 4 8 8m0-8-8 8',
  settings: 'M2 4.5h7m3 0h2M2 11.5h2m3 0h7M10.5 3v3m-5 4v3',
  quit: 'M8 2v5M4.6 4.2a5 5 0 1 0 6.8 0',
  open: 'M6.5 3h-3v10h10v-3M9 3h4v4M13 3 7.5 8.5',
  timeline: 'M2 4h7M5 8h9M3 12h5',
  history: 'M8 4.5V8l2.5 1.5M2.6 6.2A5.7 5.7 0 1 1 2.3 8M2.4 3v3.2h3.2',
  jobs: 'M2.5 4.5h1m3 0h7m-11 4h1m3 0h7m-11 4h1m3 0h7',
  links:
    'M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2a2.6 2.6 0 0 0-3.7-3.7L8 4.3M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7L8 11.7',
  health: 'M1.8 8.5h3L6.5 4l3 8.5L11 8.5h3.2',
  help: 'M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.6v.1M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8',
  alert: 'M8 2.2 14.3 13H1.7zM8 6.4v3M8 11.2v.1',
} as const;

export type IconName = keyof typeof paths;

/** A sign of 16 by 16 pixels in the colour of the text; what it means is said beside it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
