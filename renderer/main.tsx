import { render } from 'preact';
import { call } from './state/calls.ts';

const root = document.getElementById('root');
if (root !== null) void call('app').then((app) => render(<p>{app.tray.line}</p>, root));
