import type { ComponentChildren } from 'preact';

/** Settings that belong together. */
export function Group({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="group" aria-label={title}>
      <h2>{title}</h2>
      <div class="group-box">{children}</div>
    </section>
  );
}

interface SettingProps {
  readonly title: string;
  readonly hint?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** One setting: what it is, a word about it, and what changes it. */
export function Setting({ title, hint, children }: SettingProps) {
  return (
    <div class="setting">
      <div class="setting-text">
        <p>{title}</p>
        {hint === undefined ? null : <div class="quiet">{hint}</div>}
      </div>
      {children === undefined ? null : <div class="setting-control">{children}</div>}
    </div>
  );
}
