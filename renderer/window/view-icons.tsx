import type { ViewName } from '../../main/control/app-calls.ts';

const paths: Readonly<Record<ViewName, string>> = {
  timeline: 'M2 4h7M5 8h9M3 12h5',
  history: 'M8 4.5V8l2.5 1.5M2.6 6.2A5.7 5.7 0 1 1 2.3 8M2.4 3v3.2h3.2',
  jobs: 'M2.5 4.5h1m3 0h7m-11 4h1m3 0h7m-11 4h1m3 0h7',
  health: 'M1.8 8.5h3L6.5 4l3 8.5L11 8.5h3.2',
  settings: 'M2 4.5h7m3 0h2M2 11.5h2m3 0h7M10.5 3v3m-5 4v3',
};

export function ViewIcon({ name }: { readonly name: ViewName }) {
  return (
    <svg class="view-icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
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
