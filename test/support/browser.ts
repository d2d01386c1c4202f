import { existsSync } from 'node:fs';

/** Where Chromium is. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether there is no browser to show a page. */
export const NO_BROWSER = !existsSync(CHROMIUM);
if (NO_BROWSER) {
  console.warn(`Skipped: no Chromium at ${CHROMIUM}. Install one, or name it in the variable CHROMIUM`);
}
