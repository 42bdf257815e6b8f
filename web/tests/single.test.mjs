// The one file, from a disk.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { open, question } from './browser.mjs';

export const tests = {
  async 'the one file opens from a disk, asks for nothing, and computes'({ browser, dist }) {
    if (!browser) return 'there is no browser';
    const url = pathToFileURL(join(dist, 'oversight-lab.html')).href;
    // Of another version, so that the library has to say which it is.
    const { page, silent, close } = await open(browser, `${url}#act=1&version=9.9.9`, { offline: true });
    await page.locator('#note', { hasText: '9.9.9' }).waitFor();
    await page.getByRole('link', { name: 'oversight lab' }).click();
    await question(page, 'robot');
    assert.ok(await page.evaluate(() => document.fonts.check('16px Roboto')), 'the font is there');
    silent();
    await close();
  },
};
