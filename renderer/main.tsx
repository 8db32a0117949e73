import { render } from 'preact';
import './window/tokens.css';
import './window/window.css';
import './window/controls.css';
import './timeline/timeline.css';
import './history/history.css';
import './run/run.css';
import './jobs/jobs.css';
import './settings/pages.css';
import { MainWindow } from './window/window.tsx';

const root = document.getElementById('root');
if (root !== null) render(<MainWindow />, root);
