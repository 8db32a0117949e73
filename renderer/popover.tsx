import { render } from 'preact';
import './theme.css';
import './base.css';
import './components/controls.css';
import './components/panels.css';
import './popover/popover.css';
import './popover/job-rows.css';
import './popover/narrow.css';
import { Popover } from './popover/popover.tsx';

const root = document.getElementById('root');
if (root !== null) render(<Popover />, root);
