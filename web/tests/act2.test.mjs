// Act 2 by scripted players, against the numbers of the published map.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { SIZES, accessible, open } from './browser.mjs';

const still = { reducedMotion: 'reduce' };
const SHORT = ['ArrowDown', 'ArrowDown', 'ArrowDown'];
const LONG = [...Array(3).fill('ArrowRight'), ...Array(3).fill('ArrowDown'), ...Array(3).fill('ArrowLeft')];

/** Eight trips by what the lamp says; gives [lamp, score] of each. */
async function walk(page, way) {
  const trips = [];
  await page.locator('#go').press('Enter');
  for (let i = 1; i <= 8; i++) {
    await page.locator('h2', { hasText: `Trip ${i} of 8` }).waitFor();
    const lamp = /is on/.test(await page.locator('#lamp').innerText());
    for (const key of way(lamp)) {
      const before = await page.locator('#score').innerText();
      await page.keyboard.press(key);
      await page.waitForFunction(text => document.querySelector('#score')?.textContent !== text, before);
    }
    await page.locator('#next').waitFor();
    trips.push([lamp, await page.locator('#score').innerText()]);
    await page.locator('#next').press('Enter');
  }
  await page.locator('.chart svg').waitFor();
  return trips;
}

const rows = page => page.locator('#gaps tbody tr').evaluateAll(all => all.map(row => [...row.children].map(cell => cell.innerText)));

export const tests = {
  async 'act 2: whoever obeys the lamp scores most, and becomes what the planner is'({ browser, url, shots }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}#act=2&seed=1`, still);
    await page.locator('#go').waitFor();
    if (shots) await page.screenshot({ path: join(shots, 'act2_deal.png') });
    const trips = await walk(page, lamp => (lamp ? LONG : SHORT));
    for (const [lamp, score] of trips) assert.equal(score, lamp ? '41' : '47');
    const lit = trips.filter(([lamp]) => lamp).length;
    assert.ok(lit > 0 && lit < 8);
    assert.equal(await page.locator('#ways').innerText(), `Lamp on: the long way ${lit} of ${lit}. Lamp off: the long way 0 of ${8 - lit}.`);
    assert.match(await page.locator('#became').innerText(), /^You behaved while the lamp was on/);
    const [you, planner] = await rows(page);
    assert.deepEqual(you.slice(2), ['41', '17', '24']);
    assert.deepEqual(planner.slice(2), ['41', '17', '24']);
    assert.ok(await page.locator('.chart svg').count() === 1);
    if (shots) await page.screenshot({ path: join(shots, 'act2_became.png'), fullPage: true });
    silent();
    await close();
  },

  async 'act 2: a lamp that is a coin, somebody watching often: honest is best'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}#act=2&seed=1&awareness=0`, still);
    const trips = await walk(page, () => SHORT);
    for (const [, score] of trips) assert.ok(['17', '47'].includes(score));
    assert.match(await page.locator('#became').innerText(), /^You took the short way whatever the lamp said|never changed/);
    const [, planner] = await rows(page);
    assert.deepEqual(planner.slice(2), ['41', '41', '0']);
    silent();
    await close();
  },

  async 'act 2 is accessible on every screen at every size'({ browser, url, shots }) {
    if (!browser) return 'there is no browser';
    for (const size of [...SIZES, [1920, 1080]]) {
      const { page, silent, close } = await open(browser, `${url}#act=2&seed=1`, { size, bypassCSP: true, ...still });
      const check = async what => {
        await accessible(page, `act 2, ${what}, at ${size}`);
        if (shots) await page.screenshot({ path: join(shots, `act2_${size[0]}_${what}.png`), fullPage: true });
      };
      await page.locator('#go').waitFor();
      await check('deal');
      await page.locator('#go').press('Enter');
      await page.locator('#way-d').waitFor();
      await check('walk');
      await page.goto(`${url}?#act=2&seed=1`);
      await walk(page, lamp => (lamp ? LONG : SHORT));
      await check('became');
      silent();
      await close();
    }
  },
};
