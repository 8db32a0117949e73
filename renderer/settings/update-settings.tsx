import type { AppView } from '../../main/control/app-calls.ts';
import { call } from '../state/calls.ts';
import { now } from '../state/now.ts';
import { relative } from '../state/relative.ts';
import { updateStrings as strings } from '../strings.ts';
import { Group, Setting } from './setting.tsx';
import { Switch } from './switch.tsx';

type Updates = AppView['updates'];

interface UpdateSettingsProps {
  readonly shown: AppView;
  readonly attempt: (action: Promise<AppView | Record<string, never>>) => void;
}

/** New versions of the app: whether they are wanted, and what is known of the next. */
export function UpdateSettings({ shown: { updates, settings }, attempt }: UpdateSettingsProps) {
  const isBusy = updates.kind === 'checking' || updates.kind === 'downloading';
  return (
    <Group title={strings.title} topic="updates">
      <Setting title={strings.on} hint={<span role="status">{inWords(updates)}</span>}>
        {updates.kind === 'ready' ? (
          <button type="button" class="button" onClick={() => attempt(call('installUpdate', {}))}>
            {strings.install}
          </button>
        ) : updates.kind === 'impossible' || updates.kind === 'off' ? null : (
          <button
            type="button"
            class="button"
            disabled={isBusy}
            onClick={() => attempt(call('checkForUpdates', {}))}
          >
            {strings.check}
          </button>
        )}
        <Switch
          label={strings.on}
          isOn={settings.updates === 'on' && updates.kind !== 'impossible'}
          isDisabled={updates.kind === 'impossible'}
          onChange={(isOn) => attempt(call('change', { updates: isOn ? 'on' : 'off' }))}
        />
      </Setting>
    </Group>
  );
}

function inWords(updates: Updates): string {
  switch (updates.kind) {
    case 'impossible':
      return updates.reason;
    case 'off':
      return strings.off;
    case 'idle':
      return updates.lastChecked === null
        ? strings.never
        : strings.lastChecked(relative(updates.lastChecked, now.value));
    case 'checking':
      return strings.checking;
    case 'waiting':
      return strings.waiting(updates.version);
    case 'downloading':
      return strings.downloading(updates.version, updates.percent);
    case 'ready':
      return strings.ready(updates.version);
    case 'failed':
      return strings.failed(relative(updates.at, now.value), updates.message.replace(/\.$/, ''));
  }
}
