import { render } from 'preact';
import './window/tokens.css';
import './window/window.css';
import './window/controls.css';
import './popover/popover.css';
import { Popover } from './popover/popover.tsx';

const root = document.getElementById('root');
if (root !== null) render(<Popover />, root);
