// What the tests of pages share: a browser, a page that must be silent, and what every screen must be.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** A projector, a phone, the narrowest that text must reflow to. */
export const SIZES = [[1280, 720], [360, 740], [320, 640]];

export const hasBrowser = () => existsSync(CHROMIUM);

export function launch() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

/**
 * A page that is watched: `silent()` fails if it wrote to the console, threw, opened a dialog, or asked for anything
 * off its origin.
 */
export async function open(browser, url, { size = SIZES[0], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: size[0], height: size[1] }, ...options });
  const page = await context.newPage();
  const heard = [];
  page.on('console', message => heard.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => heard.push(`error: ${error.message}`));
  page.on('dialog', dialog => { heard.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', request => {
    const to = request.url();
    const own = url.startsWith('file:') ? to === url.split('#')[0] : to.startsWith(`${new URL(url).origin}/`);
    if (!own && !to.startsWith('data:') && !to.startsWith('blob:')) heard.push(`request: ${to}`);
  });
  await page.goto(url);
  return {
    page,
    heard,
    silent: () => assert.deepEqual(heard, []),
    close: () => context.close(),
  };
}

/** The question of the screen, once it is there. */
export async function question(page, pattern) {
  const head = page.locator('h2', { hasText: pattern });
  await head.waitFor();
  return head;
}

/** No violation of WCAG 2.2 AA that axe finds, and nothing wider than the window. Needs `bypassCSP`. */
export async function accessible(page, what) {
  await page.evaluate(AXE);
  const found = await page.evaluate(rules => globalThis.axe.run({ runOnly: rules }), RULES);
  const told = found.violations.map(v => `${v.id}: ${v.nodes.map(n => `${n.target} ${n.failureSummary}`).join('; ')}`);
  assert.deepEqual(told, [], what);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${what}: ${wide} px wider than the window`);
}

/** At every size: what `arrive` brings on the screen is accessible. `arrive` gets the page, and ends on the screen. */
export async function accessibleEverywhere(browser, url, what, arrive = async () => {}) {
  for (const size of SIZES) {
    const opened = await open(browser, url, { size, bypassCSP: true, reducedMotion: 'reduce' });
    await arrive(opened.page);
    await accessible(opened.page, `${what} at ${size.join(' × ')}`);
    opened.silent();
    await opened.close();
  }
}

/** Presses Tab until the element that matches has focus. */
export async function tabTo(page, selector, most = 40) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(s => document.activeElement?.matches(s), selector)) return;
  }
  assert.fail(`${selector} is not reached by ${most} × Tab`);
}
