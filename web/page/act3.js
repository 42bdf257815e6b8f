// Act 3: would you notice? A guess about audits, then what planning says; twenty systems, a probe, and what it misses.

import { h } from './dom.js';
import { curves_for, rows_of } from './results.js';
import { arrival, say, screen } from './screen.js';
import { ACT3 } from './act3_words.js';

/** Awareness of the systems of the second part to choose from, and how many systems there are. */
const ALPHAS = [0, 0.6, 0.8, 0.9, 1], SYSTEMS = 20;

/** @param {number} step @param {string} title @param {import('./screen.js').Child[]} content */
const act3_screen = (step, title, ...content) => screen({ title, act: ACT3.act, steps: ACT3.steps, step, wide: true }, ...content);

export function act3() {
  const words = ACT3.audits;
  /** @param {string} name @param {string} title */
  const guess = (name, title) => h('fieldset', { id: name }, h('legend', null, title), words.options.map(([value, text]) =>
    h('label', { class: 'check' }, h('input', { type: 'radio', name, value, onchange: () => { go.disabled = !(chosen('covert') && chosen('overt')); } }), text)));
  const chosen = (/** @type {string} */ name) => /** @type {HTMLInputElement | null} */ (document.querySelector(`input[name=${name}]:checked`))?.value ?? '';
  const go = h('button', { id: 'go', disabled: true, onclick: () => audits(chosen('covert'), chosen('overt')) }, words.go);
  act3_screen(0, words.title, words.how.map(text => h('p', null, text)),
    h('div', { class: 'split' }, guess('covert', words.covert), guess('overt', words.overt)), h('p', { class: 'row' }, go));
}

/** @param {string} covert @param {string} overt */
async function audits(covert, overt) {
  const words = ACT3.audits, here = arrival();
  act3_screen(1, words.title, h('p', null, words.loading));
  const rows = await rows_of('audits', ['variant=base', 'feedback.inputs.audit.covert=[0.0, 1.0]'], 1);
  if (!here()) return;
  /** The gap by rate. @param {number} kind @returns {[number, number][]} */
  const gaps = kind => rows.filter(row => Number(row['feedback.inputs.audit.covert']) === kind)
    .map(row => /** @type {[number, number]} */ ([Number(row['feedback.inputs.audit.rate']), Number(row.deploy_gap)])).sort((a, b) => a[0] - b[0]);
  /** The last rate that was planned with the gap, and the next, from which on it is gone. @param {number} kind */
  const closes = kind => {
    const last = gaps(kind).findLastIndex(([, gap]) => gap > 1);
    return { open: gaps(kind)[last]?.[0] ?? 0, gone: gaps(kind)[last + 1]?.[0] ?? null };
  };
  /** @param {string} guess @param {ReturnType<typeof closes>} found */
  const right = (guess, { open, gone }) => (gone === null ? guess === 'never' : open <= Number(guess) && Number(guess) <= gone);
  const [found_covert, found_overt] = [closes(1), closes(0)];
  const guessed = words.guessed(right(covert, found_covert), right(overt, found_overt));
  const chart = h('div', { class: 'chart' });
  act3_screen(1, words.title2,
    h('p', { class: 'said', id: 'said' }, guessed),
    h('p', { id: 'found' }, words.found(found_covert, found_overt)),
    h('div', { class: 'split' }, chart, h('div', null, h('p', null, words.why), h('p', { class: 'row' }, h('button', { id: 'next', onclick: () => systems(0.9) }, words.next)))));
  chart.append(await curves_for(chart, { x: words.x, y: words.y, label: words.figure(found_covert, found_overt) }, [[words.lines[0], gaps(1)], [words.lines[1], gaps(0)]]));
  say(guessed);
}

/** @param {number} alpha */
async function systems(alpha) {
  const words = ACT3.systems, here = arrival();
  act3_screen(2, words.title, h('p', null, words.loading));
  const rows = await rows_of('what_metrics_miss', [`world.opportunity.awareness=${alpha}`], SYSTEMS);
  if (!here()) return;
  const trained = (/** @type {boolean} */ yes) => rows.filter(row => (Number(row.pressure) > 0) === yes)
    .map(row => ({ probed: Number(row.probed), takeover: Number(row.takeover) }));
  const [before, after] = [trained(false), trained(true)];
  let limit = 0.5;
  const passing = (/** @type {typeof before} */ some) => some.filter(one => one.probed <= limit);
  const output = h('output', null), passes = h('p', { id: 'passes' }), out = h('div', null);
  const bars = h('ol', { class: 'systems' }, before.map((one, i) => h('li', null,
    h('meter', { min: 0, max: 1, value: one.probed, 'aria-label': words.bar(i + 1, one.probed) }), h('span', { 'aria-hidden': 'true' }, `${Math.round(100 * one.probed)} %`))));
  const draw = () => {
    output.textContent = `${Math.round(100 * limit)} %`;
    passes.textContent = words.passes(passing(before).length, before.length);
    before.forEach((one, i) => bars.children[i]?.classList.toggle('passes', one.probed <= limit));
  };
  const slider = h('input', { id: 'limit', type: 'range', min: 0, max: 1, step: 0.05, value: limit, oninput: () => { limit = Number(slider.value); draw(); } });
  const reveal = h('button', { id: 'reveal', onclick: () => {
    slider.disabled = true;
    before.forEach((one, i) => { if (one.takeover > 0.5) bars.children[i]?.append(h('b', { class: 'truth', title: words.dangerous }, '▲')); });
    const dangerous = (/** @type {typeof before} */ some) => some.filter(one => one.takeover > 0.5).length;
    const line = (/** @type {string} */ name, /** @type {typeof before} */ some) => {
      const bad = dangerous(passing(some)), all = passing(some).length;
      return h('tr', null, h('th', { scope: 'row' }, name), h('td', { class: 'n' }, all), h('td', { class: 'n truth' }, bad), h('td', { class: 'n truth' }, words.share(bad, all)));
    };
    const next = h('a', { class: 'button', id: 'onward', href: '#act=4' }, words.onward);
    out.replaceChildren(h('table', { id: 'missed' },
      h('thead', null, h('tr', null, words.columns.map((text, i) => (i === 0 ? h('td') : h('th', { scope: 'col', class: 'n' }, text))))),
      h('tbody', null, line(words.before, before), line(words.after, after))),
      h('p', { class: 'said', id: 'said' }, words.outcome(before.length, passing(after).length, dangerous(before), dangerous(after))),
      h('p', null, words.legend), h('p', null, words.form(0.5 - Math.asin(1 - alpha * alpha) / Math.PI)), h('p', null, words.why), h('p', { class: 'quiet' }, words.objection), h('p', { class: 'row' }, next));
    reveal.remove();
    next.focus({ preventScroll: true });
  } }, words.reveal);
  act3_screen(2, words.title, h('p', null, words.how(SYSTEMS, 1 - alpha * alpha)),
    h('p', { class: 'row', role: 'group', 'aria-label': words.overlap }, words.overlap, ALPHAS.map(one => h('button', { id: `alpha-${one}`, class: one !== alpha && 'plain', 'aria-pressed': String(one === alpha), onclick: () => systems(one) }, words.percent(1 - one * one)))),
    h('div', { class: 'split' },
      h('div', null, h('label', { for: 'limit' }, words.limit, output), slider, passes, h('p', { class: 'row' }, reveal), out),
      bars));
  draw();
}
