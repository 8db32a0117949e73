import { render } from 'preact';
import './theme.css';
import './base.css';
import './components/controls.css';
import './components/panels.css';
import './window/window.css';
import './timeline/timeline.css';
import './history/history.css';
import './run/run.css';
import './jobs/jobs.css';
import './settings/pages.css';
import './help/help.css';
import './health/health.css';
import './links/links.css';
import { MainWindow } from './window/window.tsx';

const root = document.getElementById('root');
if (root !== null) render(<MainWindow />, root);
