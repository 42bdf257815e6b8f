// Act 1 by keyboard, by three strategies and under three cameras; sentences against numbers; nothing true before the lights.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SIZES, accessible, open, question, tabTo } from './browser.mjs';

/** What a clip is worth to somebody who goes by its caption. */
const WORTH = {
  film: c => (c.ok ? 10 : 0) - 0.5 * c.steps - 2 * c.harm,
  wary: c => WORTH.film(c) - 2 * c.dark,
  fast: c => -c.steps,
};

const read = text => ({
  ok: /^Delivered/.test(text),
  steps: Number(/in (\d+) steps/.exec(text)[1]),
  harm: [...text.matchAll(/Trampled \w+: (\d+)/g)].reduce((sum, m) => sum + Number(m[1]), 0),
  dark: Number(/Out of sight: (\d+)/.exec(text)?.[1] ?? 0),
});

/** Judges all pairs by the keyboard; gives the labels. */
async function judge(page, strategy) {
  let labels = '';
  for (let i = 1; i <= 12; i++) {
    await page.locator('#pair', { hasText: `Pair ${i} of 12` }).waitFor();
    const captions = (await page.locator('figcaption').allInnerTexts()).map(read);
    const [left, right] = captions.map(WORTH[strategy]);
    const label = Math.abs(left - right) < 0.3 ? '=' : left > right ? '1' : '2';
    await page.keyboard.press({ 1: 'ArrowLeft', 2: 'ArrowRight', '=': 'ArrowDown' }[label]);
    labels += label;
  }
  await page.locator('#train').waitFor();
  return labels;
}

/** From what was learned to what was bred: [as filmed, in truth], of which the second is '?' before the lights. */
async function breed(page) {
  await page.locator('#train').press('Enter');
  await page.locator('.chart svg').waitFor();
  return Promise.all(['#film', '#truth'].map(id => page.locator(id).innerText()));
}

const still = { reducedMotion: 'reduce' };

export const tests = {
  async 'act 1: who judges by the film breeds what it cannot see, and the remedies do what they do'({ browser, url, shots }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}#act=1`, still);
    const shot = name => shots && page.screenshot({ path: join(shots, `act1_${name}.png`), fullPage: true });
    await shot('judge');
    const labels = await judge(page, 'film');
    await shot('learned');
    const dark = await page.content();
    assert.ok(!/roses|truth/i.test(await page.locator('main').innerText()) && !/#c2185b/.test(dark), 'roses before the lights');
    assert.match(await page.locator('#right').innerText(), /^(\d+) of your \1 choices/);
    assert.deepEqual(await breed(page), ['7.0', '?']);
    await shot('bred');
    const main = await page.locator('main').innerHTML();
    assert.ok(!/roses|#c2185b|in truth(?!<)/.test(main) && !main.includes('1.0 point'), 'truth before the lights');
    assert.equal(await page.locator('.chart svg [data-name="in truth"]').count(), 0);
    await page.locator('#ship').press('Enter');
    await page.locator('#next').waitFor();
    await page.locator('.chart svg', { hasText: 'in truth' }).waitFor();
    assert.equal(await page.locator('#truth').innerText(), '1.0');
    const said = await page.locator('#said').innerText();
    assert.match(said, /over 3 tiles of roses .* None of your labels was wrong .* In truth a trip is worth 1\.0; a trip of the robot in your clips, \d\.\d\./);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'next');
    await shot('lights');
    // Guess, then try: nothing is paid by guessing.
    await page.keyboard.press('Enter');
    await question(page, 'Which of these would repair it');
    await page.locator('#more').press('Enter');
    assert.match(await page.locator('#left').innerText(), /You guessed: A thousand more labels like mine.* 1188 coins/);
    const rows = () => page.locator('#tries tbody tr').evaluateAll(all => all.map(row => [...row.children].map(cell => cell.innerText)));
    await page.locator('#more').press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('#tries tbody tr').length === 2);
    assert.ok(await page.locator('#more').isDisabled());
    await page.locator('#wary').press('Enter');
    await judge(page, 'wary');
    assert.match(await page.locator('table').innerText(), /roses/);
    assert.deepEqual(await breed(page), ['5.0', '5.0']);
    assert.match(await page.locator('#said').innerText(), /long way: 5\.0 points.*made it cost something to be out of sight/);
    await page.locator('#next').press('Enter');
    await page.locator('#turn').press('Enter');
    await judge(page, 'wary');
    const [, turned] = await breed(page);
    assert.equal(turned, '1.0');
    await page.locator('#next').press('Enter');
    await page.locator('#all').press('Enter');
    await judge(page, 'film');
    assert.deepEqual(await breed(page), ['5.0', '5.0']);
    assert.match(await page.locator('#said').innerText(), /spares the flowers: 5\.0 points, as filmed and in truth/);
    await page.locator('#next').press('Enter');
    const all = await rows();
    assert.deepEqual(all.map(row => row.slice(1)), [
      ['lower part', '12', '7.0', '1.0'], ['lower part', '1000', '7.0', '1.0'], ['lower part', '12', '5.0', '5.0 ★'],
      ['upper part', '32', '1.0', '1.0'], ['everything', '112', '5.0', '5.0 ★'],
    ]);
    assert.match(await page.locator('#left').innerText(), /32 coins left/);
    await shot('repair');
    assert.match(labels, /^[12=]{12}$/);
    silent();
    await close();
  },

  async 'act 1: only speed liked, everything filmed, it tramples in plain sight'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}#act=1&camera=everything`, still);
    await judge(page, 'fast');
    assert.deepEqual(await breed(page), ['1.0', '1.0']);
    assert.match(await page.locator('#said').innerText(), /tramples 3 tiles of flowers a trip where all can see it/);
    silent();
    await close();
  },

  async 'act 1: the link holds the session, back goes back, and the terminal repeats it'({ browser, url, oversight }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}#act=1&seed=3`, still);
    await page.locator('#pair').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.locator('#pair', { hasText: 'Pair 2' }).waitFor();
    await page.keyboard.press('Backspace');
    await page.locator('#pair', { hasText: 'Pair 1' }).waitFor();
    const labels = await judge(page, 'film');
    assert.match(page.url(), new RegExp(`#act=1&camera=lower&seed=3&labels=${labels.replaceAll('=', '%3D')}$`));
    const film = (await breed(page))[0];
    const again = await open(browser, page.url().replace('/#', '/?#'), still);
    await again.page.locator('#train').waitFor();
    assert.equal((await breed(again.page))[0], film);
    again.silent();
    await again.close();
    const bred = await page.evaluate(async labels => {
      const { Lab } = await import('/wasm.js');
      const lab = new Lab(), desk = await lab.ask('Desk.open', 'lower', 3);
      await lab.ask('Desk.learn', desk, labels, 0);
      return JSON.parse(await lab.ask('Desk.breed', desk));
    }, labels);
    silent();
    await close();
    if (!oversight) return 'no --oversight binary was given: the terminal was not asked';
    const folder = mkdtempSync(join(tmpdir(), 'act1-'));
    const file = join(folder, 'labels.csv');
    writeFileSync(file, `label\n${[...labels].map(label => ({ 1: '1', 2: '0', '=': '0.5' })[label]).join('\n')}\n`);
    const told = execFileSync(oversight, ['trace', 'one_camera', '--set', 'camera=lower', '--set', 'judging=film',
      '--set', 'feedback.labels=1012', '--seed', '3', '--answers', file]).toString();
    rmSync(folder, { recursive: true });
    const lines = told.split('\n'), head = lines.findIndex(line => /^ +pressure/.test(line));
    const rows = lines.slice(head + 1, head + 1 + bred.length).map(line => line.trim().split(/ +/));
    assert.deepEqual(rows.map(row => row.slice(0, 4)),
      bred.map(({ level, kl, truth, film: shown }) => [String(level), ...[kl, truth, shown].map(x => x.toFixed(3))]));
  },

  async 'act 1 is accessible on every screen at every size, and its buttons stay on a projector'({ browser, url, shots }) {
    if (!browser) return 'there is no browser';
    for (const size of [...SIZES, [1920, 1080]]) {
      const { page, silent, close } = await open(browser, `${url}#act=1`, { size, bypassCSP: true, ...still });
      const check = async what => {
        await accessible(page, `act 1, ${what}, at ${size}`);
        if (shots) await page.screenshot({ path: join(shots, `act1_${size[0]}_${what}.png`), fullPage: true });
      };
      const onScreen = async id => {
        const box = await page.locator(id).boundingBox();
        assert.ok(box.y + box.height <= size[1], `${id} is below the fold at ${size}`);
      };
      await page.locator('#pair').waitFor();
      await check('judge');
      for (const id of ['#first', '#same', '#second']) await onScreen(id);
      await judge(page, 'film');
      await check('learned');
      if (size[0] >= 1280) await onScreen('#train');
      await breed(page);
      await check('bred');
      if (size[0] >= 1280) await onScreen('#ship');
      await page.locator('#lights').press('Enter');
      await page.locator('#next').waitFor();
      await check('lights');
      await page.locator('#next').press('Enter');
      await page.locator('#wary').click();
      await check('repair');
      await page.locator('#why summary').click();
      await check('why');
      silent();
      await close();
    }
  },

  async 'act 1 with Tab and Enter alone, in forced colours'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}#act=1`, { ...still, forcedColors: 'active' });
    await page.locator('#pair').waitFor();
    await tabTo(page, '#second');
    for (let i = 1; i <= 12; i++) {
      await page.locator('#pair', { hasText: `Pair ${i} of 12` }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'second', 'who answers by Enter goes on answering');
      await page.keyboard.press('Enter');
    }
    await page.locator('#train').waitFor();
    await tabTo(page, '#train');
    await page.keyboard.press('Enter');
    await tabTo(page, '#lights');
    await page.keyboard.press('Enter');
    await page.locator('#next').waitFor();
    silent();
    await close();
  },

  async 'act 1: clips move, and hostile labels are no labels'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}#act=1`);
    await page.locator('#pair').waitFor();
    const place = () => page.locator('.clip svg g[transform^="translate"]').last().getAttribute('transform');
    const before = await place();
    await page.waitForTimeout(700);
    assert.notEqual(await place(), before);
    silent();
    await close();
    for (const hash of ['#act=1&labels=<script>alert(1)</script>', `#act=1&labels=${'1'.repeat(20000)}`, '#act=1&camera=__proto__&seed=-1', '#act=1&seed=1e99']) {
      const { page, silent, close } = await open(browser, url + hash, still);
      await page.locator('h2', { hasText: /Which clip|What a reward model/ }).waitFor();
      silent();
      await close();
    }
  },
};
