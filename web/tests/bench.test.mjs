// The bench: open, break, error at its place, repair, run, stop, go on, download the bytes of a terminal.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SIZES, accessible, open } from './browser.mjs';

const still = { reducedMotion: 'reduce', acceptDownloads: true };

/** The file that a button saves. */
async function saved(page, button) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator(button).click()]);
  return readFileSync(await file.path());
}

export const tests = {
  async 'the bench: a break is told at its line and column, and repaired; nothing runs by itself'({ browser, url, shots }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}#run=one_camera&quick`, still);
    await page.locator('#asks', { hasText: '18 cells' }).waitFor();
    assert.equal(await page.locator('#told').count(), 0);
    const text = await page.locator('#text').inputValue();
    await page.locator('#text').fill(text.replace('horizon = 16', 'horizont = 16'));
    await page.locator('.wrong').waitFor();
    const line = 1 + text.split('\n').findIndex(line => line.startsWith('horizon = 16'));
    assert.match(await page.locator('.wrong').innerText(), new RegExp(`line ${line}, column 1`));
    assert.match(await page.locator('.wrong').innerText(), /horizon/);
    assert.ok(await page.locator('#run').isDisabled());
    assert.match(page.url(), /#config=/);
    if (shots) await page.screenshot({ path: join(shots, 'bench_wrong.png'), fullPage: true });
    await page.locator('#text').fill(text);
    await page.locator('#asks', { hasText: '18 cells' }).waitFor();
    // A knob is a line of the settings, and the terminal's command has it.
    await page.locator('#knobs select').first().selectOption('lower');
    await page.locator('#asks', { hasText: '6 cells' }).waitFor();
    assert.equal(await page.locator('#sets').inputValue(), 'camera=lower');
    assert.match(await page.locator('#command').innerText(), /--quick --set camera=lower$/);
    silent();
    await close();
  },

  async 'the bench: seeds come in, stop and go on, and the bytes are the terminal\'s'({ browser, url, oversight, shots }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}#run=one_camera&set=judging%3Dfilm&set=seeds%3D40`, still);
    await page.locator('#run:enabled').click();
    await page.waitForFunction(() => document.querySelector('#bar')?.value >= 2);
    await page.locator('#stop').click();
    const stopped = await page.locator('#bar').evaluate(bar => bar.value);
    assert.match(await page.locator('#told').innerText(), new RegExp(`^${stopped} of 40 seeds: a look, not a verdict`));
    assert.equal(await page.locator('#claims .holds, #claims .fails').count(), 0);
    await page.locator('#stop').click();
    await page.locator('#told', { hasText: 'All 40 seeds are in' }).waitFor({ timeout: 60_000 });
    await page.locator('.figures svg').first().waitFor();
    await page.locator('.claims li').first().waitFor();
    if (shots) await page.screenshot({ path: join(shots, 'bench_done.png'), fullPage: true });
    const [results, report, config] = [await saved(page, '#save-results'), await saved(page, '#save-report'), await saved(page, '#save-config')];
    const command = await page.locator('#command').innerText();
    silent();
    await close();
    if (!oversight) return 'no --oversight binary was given: the terminal was not asked';
    assert.equal(command, 'oversight run one_camera --set judging=film --set seeds=40');
    const out = mkdtempSync(join(tmpdir(), 'bench-'));
    execFileSync(oversight, [...command.split(' ').slice(1), '--out', out]);
    const native = name => readFileSync(join(out, 'one_camera', name));
    assert.ok(results.equals(native('results.csv')), 'results.csv');
    assert.ok(config.equals(native('config.toml')), 'config.toml');
    assert.ok(report.equals(native('report.html')), 'report.html');
    rmSync(out, { recursive: true });
  },

  async 'the bench: who picks another experiment leaves the run, and what is too long for a link is told'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}#run=one_camera`, still);
    await page.locator('#run:enabled').click();
    await page.waitForFunction(() => document.querySelector('#bar')?.value >= 1);
    await page.locator('#pick').selectOption('boat_race');
    await page.waitForURL('**/#run=boat_race&quick');
    await page.locator('#run:enabled').waitFor();
    assert.equal(await page.locator('#told').count(), 0);
    // Beyond what a link may unpack to, however well it packs; the library reads it all the same.
    const text = await page.locator('#text').inputValue();
    await page.locator('#text').fill(`# ${'x'.repeat(300_000)}\n${text}\nnonsense = 1\n`);
    await page.locator('#there').click();
    const chosen = await page.locator('#text').evaluate(text => text.value.slice(text.selectionStart, text.selectionEnd));
    assert.equal(chosen, 'nonsense');
    assert.ok(page.url().length < 200);
    await page.locator('#link').click();
    await page.locator('#asks', { hasText: 'too long for a link' }).waitFor();
    silent();
    await close();
  },

  async 'the bench is accessible at every size, and hides what a teacher hides'({ browser, url, shots }) {
    if (!browser) return 'there is no browser';
    for (const size of [...SIZES, [1920, 1080]]) {
      const { page, silent, close } = await open(browser, `${url}#run=one_camera&quick&set=seeds%3D2&set=camera%3Dlower`, { size, bypassCSP: true, ...still });
      await page.locator('#run:enabled').waitFor();
      await accessible(page, `bench at ${size}`);
      await page.locator('#run').press('Enter');
      await page.locator('#told', { hasText: 'All 2' }).waitFor({ timeout: 60_000 });
      await page.locator('.figures svg').first().waitFor();
      if (shots) await page.screenshot({ path: join(shots, `bench_${size[0]}.png`), fullPage: true });
      await accessible(page, `bench with figures at ${size}`);
      silent();
      await close();
    }
    const { page, silent, close } = await open(browser, `${url}#run=one_camera&quick&hide=knobs,text`, still);
    await page.locator('#run:enabled').waitFor();
    assert.equal(await page.locator('#knobs, #text').count(), 0);
    silent();
    await close();
  },

  async 'the bench: hostile titles and names are words'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}#run=one_camera&quick`, still);
    await page.locator('#run:enabled').waitFor();
    const evil = '<script>alert(1)</script><img src=x onerror=alert(2)>';
    await page.locator('#text').fill(`title = '${evil}'\nabout = '${evil}'\nseeds = 3\n[world.answers]\nprompts = 1\nanswers = 16\n[world.answers.features]\ninsight = { gold = 1 }\n[feedback]\nlabels = 10\n[optimizer.best_of_n]\nn = [1, 4]\n[[figures]]\nname = "evil"\ntitle = '${evil}'\nx = "pressure"\ny = "gold"\nlabels = { gold = '${evil}' }\n`);
    await page.locator('h2', { hasText: 'alert(1)' }).waitFor();
    await page.locator('#run:enabled').click();
    await page.locator('.figures svg').first().waitFor();
    assert.equal(await page.locator('main script, main img').count(), 0);
    silent();
    await close();
  },
};
