// The first screen.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { SIZES, accessibleEverywhere, open, question, tabTo } from './browser.mjs';

export const tests = {
  async 'home is accessible at every size'({ browser, url }) {
    if (!browser) return 'there is no browser';
    await accessibleEverywhere(browser, url, 'home', page => question(page, 'robot'));
  },

  async 'on a projector the way in needs no scrolling, and text grows with the window'({ browser, url, shots }) {
    if (!browser) return 'there is no browser';
    const letters = [];
    for (const size of [[1920, 1080], ...SIZES]) {
      const { page, silent, close } = await open(browser, url, { size });
      await question(page, 'robot');
      const begin = await page.locator('#begin').boundingBox();
      assert.ok(begin.y + begin.height <= size[1], `#begin is below the fold at ${size}`);
      assert.ok(begin.height >= 44);
      letters.push(await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize)));
      assert.ok(await page.evaluate(() => document.fonts.check('16px Roboto')), 'the font is there');
      if (shots) await page.screenshot({ path: join(shots, `home_${size.join('x')}.png`), fullPage: size[0] < 1000 });
      silent();
      await close();
    }
    assert.deepEqual(letters, [21, ...letters.slice(1, 2), 16, 16]);
    assert.ok(letters[1] > 16 && letters[1] < 25);
  },

  async 'by keyboard alone: skip, begin, and back, with focus on the question'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, url);
    await question(page, 'robot');
    await tabTo(page, '#skip', 1);
    await page.keyboard.press('Enter');
    await tabTo(page, '#begin', 2);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/#act=1');
    await page.waitForFunction(() => document.activeElement?.tagName === 'H2');
    await page.goBack();
    await question(page, 'robot');
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H2');
    silent();
    await close();
  },

  async 'a panic ends its worker, and the page says so and goes on with another'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}#act=3`);
    await page.locator('#go').waitFor();
    // Five words are due.
    const said = await page.evaluate(async () => (await import('/wasm.js')).ask('phases', 0.5, 1, [], 300).catch(error => error.message));
    assert.match(said, /five of them/);
    assert.match(await page.locator('main').innerText(), /The library failed[^]*five of them[^]*#act=3/);
    assert.match(await page.evaluate(async () => (await import('/wasm.js')).ask('version')), /^\d/);
    silent();
    await close();
  },

  async 'in forced colours and in grey it still has edges and words'({ browser, url, shots }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, url, { forcedColors: 'active' });
    await question(page, 'robot');
    const border = await page.locator('.card').first().evaluate(card => getComputedStyle(card).borderTopWidth);
    assert.notEqual(border, '0px');
    if (shots) await page.screenshot({ path: join(shots, 'home_forced.png') });
    silent();
    await close();
  },
};
