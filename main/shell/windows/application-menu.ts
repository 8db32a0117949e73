import { Menu } from 'electron';

/**
 * On macOS the keys for copying, closing and quitting are those of the application menu, which is seen while a window has
 * the focus. Elsewhere windows have none.
 */
export function applicationMenu(): Menu | null {
  if (process.platform !== 'darwin') return null;
  return Menu.buildFromTemplate([
    { role: 'appMenu', submenu: [{ role: 'hide' }, { type: 'separator' }, { role: 'quit' }] },
    { role: 'editMenu' },
    { role: 'windowMenu' },
  ]);
}
