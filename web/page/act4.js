// Act 4: harder. Somebody says of how many drafts the best is given, by a reward model, and stops; then what is true
// is shown.

import { h, num } from './dom.js';
import { curves_for, rows_of } from './results.js';
import { arrival, at_step, say, screen } from './screen.js';
import { ACT4 } from './act4_words.js';

/** Labels to choose from, and seeds of which the mean is shown. */
const FEW = 20, MANY = 320, MODELS = 40;

/** A mean over models, and its interval. @typedef {{ mean: number, lo: number, hi: number }} Mean */
/** @typedef {{ drafts: number, kl: number, proxy: Mean, gold: Mean }} Level */

const NOTHING = { mean: 0, lo: 0, hi: 0 };
/** Where it began. @type {Level} */
const BEGIN = { drafts: 1, kl: 0, proxy: NOTHING, gold: NOTHING };

/** @param {import('./link.js').Link} link */
export const act4 = ({ query }) => harder(query.get('labels') === String(MANY) ? MANY : FEW);

/** Means over seeds at each level of pressure, above where it began. @param {number} labels @returns {Promise<Level[]>} */
async function levels_of(labels) {
  const rows = await rows_of('overoptimization', ['variant=base', 'tails=heavy', `feedback.labels=${labels}`], MODELS, ['kl', 'proxy', 'gold']);
  const pressures = [...new Set(rows.map(row => row.pressure))];
  const over = (/** @type {string} */ metric, /** @type {string | undefined} */ pressure) => {
    const row = rows.find(row => row.metric === metric && row.pressure === pressure);
    const [mean = NaN, lo = NaN, hi = NaN] = [row?.mean, row?.mean_lo, row?.mean_hi].map(Number);
    return { mean, lo, hi };
  };
  return [BEGIN, ...pressures.map(pressure => ({ drafts: Number(pressure), kl: over('kl', pressure).mean, proxy: over('proxy', pressure), gold: over('gold', pressure) }))];
}

/** @param {number} labels */
async function harder(labels) {
  const here = arrival();
  screen({ title: ACT4.title, act: ACT4.act, steps: ACT4.steps, wide: true }, h('p', null, ACT4.loading(MODELS)));
  const levels = await levels_of(labels), last = levels.length - 1;
  if (!here()) return;
  let at = 0;
  const now = () => levels[at] ?? BEGIN;
  const [proxy, gold, output, chart] = [h('b', { id: 'proxy' }), h('b', { id: 'gold' }, ACT4.unknown), h('output', null), h('div', { class: 'chart' })];
  const stop = h('button', { id: 'stop', onclick: () => seen() }, ACT4.stop);
  const slider = h('input', { id: 'pressure', type: 'range', min: 0, max: last, step: 1, value: 0, oninput: () => { at = Number(slider.value); draw(); } });
  const said = h('p', { class: 'said', id: 'said', hidden: true }), choices = h('p', { class: 'row' }, stop);
  const head = screen({ title: ACT4.title, act: ACT4.act, steps: ACT4.steps, step: 0, wide: true },
    ACT4.how(MODELS).map(text => h('p', null, text)),
    h('p', { id: 'labels' }, `${ACT4.labels}: ${labels}`),
    h('div', { class: 'split' },
      h('div', null, h('label', { for: 'pressure' }, ACT4.pressure, output), slider,
        h('div', { class: 'numbers' }, h('div', { class: 'number film' }, h('span', null, ACT4.proxy), proxy), h('div', { class: 'number truth' }, h('span', null, ACT4.gold), gold)),
        said, choices),
      chart));
  /** What the reward model says up to here and, of another size, what is true. @param {boolean} lit */
  async function plot(lit) {
    const shown = lit ? levels : levels.slice(0, at + 1), best = peak();
    const one_of = (/** @type {0 | 1} */ i, /** @type {number[][]} */ points, /** @type {string} */ label) =>
      curves_for(chart, { title: ACT4.lines[i], x: ACT4.x, y: ACT4.y, label }, [[ACT4.lines[i], points]]);
    const pictures = [await one_of(0, shown.map(({ kl, proxy }) => [kl, proxy.mean, proxy.lo, proxy.hi]), `${ACT4.lines[0]}: ${num(now().proxy.mean, 2)}.`)];
    if (lit) pictures.push(await one_of(1, levels.map(({ kl, gold }) => [kl, gold.mean, gold.lo, gold.hi]), ACT4.chart(best.gold.mean, best.drafts, (levels[last] ?? BEGIN).gold.mean)));
    chart.replaceChildren(...pictures);
  }
  const peak = () => levels.reduce((best, one) => (one.gold.mean > best.gold.mean ? one : best));
  function draw() {
    proxy.textContent = num(now().proxy.mean, 2);
    output.textContent = ACT4.drafts(now().drafts, now().kl);
    slider.setAttribute('aria-valuetext', output.textContent);
    plot(false);
  }
  async function seen() {
    const best = peak(), other = labels === FEW ? MANY : FEW;
    slider.disabled = true;
    gold.textContent = num(now().gold.mean, 2);
    head.textContent = ACT4.title2;
    at_step(1);
    said.textContent = ACT4.outcome({ labels, at: now(), best, last: levels[last] ?? BEGIN });
    said.hidden = false;
    say(said.textContent);
    const again = h('button', { id: 'again', onclick: () => harder(other) }, ACT4.again(other));
    choices.replaceChildren(again, h('a', { class: 'button plain', href: '#run=overoptimization&quick' }, ACT4.bench));
    choices.after(h('p', null, ACT4.argument(FEW, MANY)), h('p', { class: 'quiet' }, ACT4.objection));
    await plot(true);
    again.focus({ preventScroll: true });
  }
  draw();
}
