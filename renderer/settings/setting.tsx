import type { ComponentChildren } from 'preact';
import { HelpLink } from '../components/help-link.tsx';

interface GroupProps {
  readonly title: string;
  /** Of the help. */
  readonly topic?: string;
  readonly children: ComponentChildren;
}

/** Settings that belong together. */
export function Group({ title, topic, children }: GroupProps) {
  return (
    <section class="group" aria-label={title}>
      <h2>
        {title}
        {topic === undefined ? null : <HelpLink topic={topic} about={title} />}
      </h2>
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
