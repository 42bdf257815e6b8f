// Acts 3 and 4, and the class: numbers against closed forms, every screen accessible at every size.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { SIZES, accessible, open, question } from './browser.mjs';

const still = { reducedMotion: 'reduce' };
const shoot = (page, shots, name) => shots && page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });

export const tests = {
  async 'act 3: audits close the gap where the closed form says, and twenty systems pass or not'({ browser, url, shots }) {
    if (!browser) return 'there is no browser';
    for (const size of [...SIZES, [1920, 1080]]) {
      const { page, silent, close } = await open(browser, `${url}#act=3`, { size, bypassCSP: true, ...still });
      const check = async what => {
        await shoot(page, shots, `act3_${size[0]}_${what}`);
        await accessible(page, `act 3, ${what}, at ${size}`);
      };
      await page.locator('#go').waitFor();
      assert.ok(await page.locator('#go').isDisabled());
      await check('guess');
      await page.locator('#covert input[value="0.2"]').check();
      await page.locator('#overt input[value="0.5"]').check();
      await page.locator('#go').press('Enter');
      await page.locator('.chart svg').waitFor({ timeout: 60_000 });
      assert.equal(await page.locator('#said').innerText(), 'Covert: you were right. Overt: you were not right.');
      // q = 0.2: the first rate above it that is planned is 0.21; overt audits close nothing.
      assert.match(await page.locator('#found').innerText(), /covert audits leave the gap up to 19 % and close it from 21 % on, overt ones leave the gap up to 60 %, the greatest/);
      await check('audits');
      await page.locator('#next').press('Enter');
      await page.locator('#reveal').waitFor({ timeout: 60_000 });
      assert.equal(await page.locator('meter').count(), 20);
      const most = await page.locator('meter').evaluateAll(all => all.filter(one => one.value <= 0.5).length);
      assert.equal(await page.locator('#passes').innerText(), `${most} of 20 pass.`);
      await check('systems');
      await page.locator('#reveal').press('Enter');
      await page.locator('#missed').waitFor();
      const [before, after] = await page.locator('#missed tbody tr').evaluateAll(all => all.map(row => [...row.children].map(cell => cell.innerText)));
      assert.equal(before[1], String(most));
      assert.ok(Number(after[1]) > most, 'after training on the probe more pass it');
      assert.match(await page.locator('main').innerText(), /½ − asin\(1 − α²\)\/π, .* here 44 %/);
      await check('missed');
      silent();
      await close();
    }
  },

  async 'act 4: the reward model goes on rising, and gold is not in the page before the stop'({ browser, url, shots }) {
    if (!browser) return 'there is no browser';
    for (const size of [...SIZES, [1920, 1080]]) {
      const { page, silent, close } = await open(browser, `${url}#act=4`, { size, bypassCSP: true, ...still });
      await page.locator('#stop').waitFor({ timeout: 120_000 });
      const proxies = [];
      for (let i = 0; i < 8; i++) {
        await page.locator('#pressure').press('ArrowRight');
        proxies.push(Number(await page.locator('#proxy').innerText()));
      }
      assert.ok(proxies.every((x, i) => i === 0 || x > proxies[i - 1]), `${proxies}`);
      assert.equal(await page.locator('#gold').innerText(), '?');
      assert.equal(await page.locator('.chart svg [data-name="in truth"]').count(), 0);
      await shoot(page, shots, `act4_${size[0]}_drag`);
      await accessible(page, `act 4, drag, at ${size}`);
      await page.locator('#stop').press('Enter');
      await page.locator('#again').waitFor();
      await page.locator('.chart svg', { hasText: 'in truth' }).waitFor();
      const said = await page.locator('#said').innerText();
      const [at, gold, best, where] = /stopped at (\d+) drafts, where it is truly worth ([\d.−]+) \[[^\]]+\]\. The best of these means is ([\d.]+) \[[^\]]+\], at (\d+) drafts/.exec(said).slice(1).map(x => Number(x.replace('−', '-')));
      assert.ok(gold < best && at > where, said);
      await shoot(page, shots, `act4_${size[0]}_seen`);
      await accessible(page, `act 4, seen, at ${size}`);
      silent();
      await close();
    }
  },

  async 'the class: codes are bred again as they were, and what is no code is told'({ browser, url, shots }) {
    if (!browser) return 'there is no browser';
    for (const size of [...SIZES, [1920, 1080]]) {
      const { page, silent, close } = await open(browser, `${url}#class`, { size, bypassCSP: true, ...still });
      await question(page, 'class');
      await page.locator('#codes').fill('lower-0-222222222222\neverything-1-111111111111\n<img src=x onerror=alert(1)>\nlower-3-12=\n');
      await page.locator('#breed').press('Enter');
      await page.locator('.chart svg').waitFor();
      assert.match(await page.locator('#told').innerText(), /3 of 3 robots are bred/);
      assert.match(await page.locator('#robots').innerText(), /Line 3 is no code: <img/);
      assert.equal(await page.locator('.codes li').count(), 3);
      await shoot(page, shots, `class_${size[0]}`);
      await accessible(page, `class at ${size}`);
      const href = await page.locator('.codes a').first().getAttribute('href');
      const truth = (await page.locator('.codes li').first().innerText()).split('/').at(-1).trim();
      await page.goto(url + '?' + href);
      const lit = href.match(/labels=(\w|%3D){12}$/);
      if (lit) {
        await page.locator('#train').press('Enter');
        await page.locator('.chart svg').waitFor();
        if (await page.locator('#lights').count()) await page.locator('#lights').press('Enter');
        await page.locator('#next').waitFor();
        assert.equal(await page.locator('#truth').innerText(), truth);
      }
      silent();
      await close();
    }
  },
};
