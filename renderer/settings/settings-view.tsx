import { useSignal } from '@preact/signals';
import type { AppSettings, AppView } from '../../main/control/app-calls.ts';
import { bytesInWords, count, durationInWords } from '../format.ts';
import { app } from '../state/app.ts';
import { call } from '../state/calls.ts';
import { windowStrings } from '../strings.ts';
import { Group, Setting } from './setting.tsx';
import { Switch } from './switch.tsx';
import { ToolSettings } from './tool-settings.tsx';
import { UpdateSettings } from './update-settings.tsx';

const strings = windowStrings.settings;

/** How the app behaves on this computer, and where its things are. */
export function SettingsView() {
  const error = useSignal<Error | undefined>(undefined);
  const shown = app.value;
  if (shown === undefined) return <section class="view settings" aria-label={strings.title} />;
  const attempt = (action: Promise<AppView | Record<string, never>>): void => {
    error.value = undefined;
    action.then(
      (answer) => {
        if ('version' in answer) app.value = answer as AppView;
      },
      (reason: Error) => {
        error.value = reason;
      },
    );
  };
  return (
    <section class="view settings" aria-label={strings.title}>
      <div class="page">
        {error.value === undefined ? null : (
          <p class="notice is-error" role="alert">
            {error.value.message}
          </p>
        )}
        <Group title={strings.general}>
          <LoginSetting shown={shown} attempt={attempt} />
          <Setting title={strings.notifications} hint={strings.notificationsHint}>
            <Switch
              label={strings.notifications}
              isOn={shown.settings.notifications === 'on'}
              onChange={(isOn) => attempt(call('change', { notifications: isOn ? 'on' : 'off' }))}
            />
          </Setting>
          <Setting title={strings.theme}>
            <div class="segments" role="group" aria-label={strings.theme}>
              {(['system', 'light', 'dark'] as const satisfies AppSettings['theme'][]).map((theme) => (
                <button
                  type="button"
                  key={theme}
                  aria-pressed={shown.settings.theme === theme}
                  onClick={() => attempt(call('change', { theme }))}
                >
                  {strings.themes[theme]}
                </button>
              ))}
            </div>
          </Setting>
        </Group>
        <Retention status={shown.status} edit={() => attempt(call('edit', {}))} />
        <Group title={strings.paths} topic="files">
          {(
            [
              ['home', strings.home, shown.home],
              ['configuration', strings.configuration, shown.paths.configuration],
              ['log', strings.log, shown.paths.log],
            ] as const
          ).map(([what, name, path]) => (
            <Setting title={name} hint={<code>{path}</code>} key={what}>
              <button
                type="button"
                class="button"
                aria-label={strings.revealLabel(name)}
                onClick={() => attempt(call('reveal', { what }))}
              >
                {strings.reveal}
              </button>
            </Setting>
          ))}
        </Group>
        <UpdateSettings shown={shown} attempt={attempt} />
        <ToolSettings />
        <Group title={strings.about}>
          <Setting title={strings.version(shown.version)} />
        </Group>
      </div>
    </section>
  );
}

interface LoginSettingProps {
  readonly shown: AppView;
  readonly attempt: (action: Promise<AppView | Record<string, never>>) => void;
}

function LoginSetting({ shown: { loginItem }, attempt }: LoginSettingProps) {
  const isUnsupported = loginItem.state === 'unsupported';
  return (
    <Setting
      title={strings.login}
      hint={isUnsupported ? loginItem.reason : strings.loginStates[loginItem.state]}
    >
      {loginItem.state === 'needs-approval' ? (
        <button type="button" class="button" onClick={() => attempt(call('openLoginSettings'))}>
          {strings.openLogin}
        </button>
      ) : null}
      <Switch
        label={strings.login}
        isOn={loginItem.state === 'enabled' || loginItem.state === 'needs-approval'}
        isDisabled={isUnsupported}
        onChange={(enabled) => attempt(call('startAtLogin', { enabled }))}
      />
    </Setting>
  );
}

interface RetentionProps {
  readonly status: AppView['status'];
  readonly edit: () => void;
}

/** How much is kept, as the configuration in force says. */
function Retention({ status, edit }: RetentionProps) {
  const kept = status?.configuration.kept;
  if (kept == null) return null;
  const { output, log } = kept;
  return (
    <Group title={strings.retention} topic="output">
      <Setting
        title={strings.retentionRuns}
        hint={strings.retentionOf(
          count(output.keep.runs),
          durationInWords(output.keep.age),
          bytesInWords(output.keep.size),
        )}
      />
      <Setting title={strings.retentionOutput} hint={strings.retentionOutputOf(bytesInWords(output.limit))} />
      <Setting
        title={strings.retentionLog}
        hint={strings.retentionLogOf(durationInWords(log.keep), bytesInWords(log.maxSize))}
      >
        <button type="button" class="button" onClick={edit}>
          {strings.edit}
        </button>
      </Setting>
    </Group>
  );
}
