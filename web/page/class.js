// A class: codes of act 1, one a line. Each robot is bred again here; there is no server and no name.

import { h, num } from './dom.js';
import { curves_for } from './results.js';
import { say, screen } from './screen.js';
import { ask, askJson } from './wasm.js';
import { FLOWERS, came_out } from './act1_words.js';
import { CLASS } from './class_words.js';

/** Most codes at once. */
const MOST = 200;

/**
 * @typedef {keyof typeof CLASS.outcomes} Outcome
 * @typedef {import('./act1_words.js').Camera} Camera
 */

/** The class, with the codes that the link has. @param {import('./link.js').Link} link */
export function school({ query }) {
  const codes = h('textarea', { id: 'codes', rows: 8, spellcheck: 'false' }), out = h('div', { id: 'robots' });
  const go = h('button', { id: 'breed', onclick: async () => {
    go.disabled = true;
    await breed_all(codes.value, out).finally(() => { go.disabled = false; });
  } }, CLASS.go);
  codes.value = (query.get('class') ?? '').split(',').filter(Boolean).join('\n');
  screen({ title: CLASS.title, act: CLASS.title, wide: true }, h('p', null, CLASS.how),
    h('label', { for: 'codes' }, CLASS.codes), codes, h('p', { class: 'row' }, go), out);
}

/** @param {string} text @param {HTMLElement} out */
async function breed_all(text, out) {
  // The address of act 1 says as much as its code.
  const lines = text.split('\n').map(line => line.trim().replace(/^.*#act=1&camera=(\w+)&seed=(\d+)&labels=([12=%D3]+).*$/, (_, camera, seed, labels) => `${camera}-${seed}-${labels.replaceAll('%3D', '=')}`));
  const is_code = (/** @type {string} */ line) => /^(lower|upper|everything)-\d{1,9}-[12=]{1,12}$/.test(line);
  const codes = lines.filter(is_code).slice(0, MOST);
  const bad = lines.flatMap((line, i) => (line && !is_code(line) ? [CLASS.bad(i + 1, line.slice(0, 60))] : [])).slice(0, 5);
  const told = h('p', { id: 'told', role: 'status' });
  out.replaceChildren(told, ...bad.map(one => h('p', { class: 'said' }, one)));
  if (!codes.length) {
    told.textContent = CLASS.none;
    return;
  }
  /** @type {{ code: string, kind: Outcome, film: number, truth: number }[]} */
  const robots = [];
  for (const code of codes) {
    robots.push({ code, ...await bred_from(code) });
    told.textContent = CLASS.progress(robots.length, codes.length) + (lines.filter(Boolean).length - bad.length > MOST ? ` ${CLASS.many(MOST)}` : '');
  }
  robots.sort((a, b) => a.truth - b.truth);
  const mean = (/** @type {'film' | 'truth'} */ kind, /** @type {typeof robots} */ some) => some.reduce((sum, one) => sum + one[kind], 0) / some.length;
  const kinds = /** @type {Outcome[]} */ (Object.keys(CLASS.outcomes));
  const rows = kinds.map(kind => ({ kind, some: robots.filter(one => one.kind === kind) })).filter(({ some }) => some.length);
  const chart = h('div', { class: 'chart' });
  out.append(h('table', { id: 'outcomes' },
    h('thead', null, h('tr', null, CLASS.columns.map((name, i) => h('th', { scope: 'col', class: i > 0 && 'n' }, name)))),
    h('tbody', null, rows.map(({ kind, some }) => h('tr', null, h('th', { scope: 'row' }, CLASS.outcomes[kind]), h('td', { class: 'n' }, some.length),
      h('td', { class: 'n film' }, num(mean('film', some))), h('td', { class: 'n truth' }, num(mean('truth', some))))))),
    chart, h('p', null, CLASS.ask),
    h('ul', { class: 'codes' }, robots.map(one => h('li', null, h('a', { href: link_to(one.code) }, one.code), ` ${num(one.film)} / ${num(one.truth)}`))));
  const label = CLASS.chart(robots.length, mean('film', robots), mean('truth', robots));
  chart.append(await curves_for(chart, { x: CLASS.columns[2] ?? '', y: CLASS.columns[3] ?? '', label, joined: false },
    rows.map(({ kind, some }) => [CLASS.outcomes[kind], some.map(one => [one.film, one.truth])])));
  say(label);
}

/** @param {string} code */
function link_to(code) {
  const [camera = '', seed = '', labels = ''] = code.split('-');
  return `#act=1&camera=${camera}&seed=${seed}&labels=${encodeURIComponent(labels)}`;
}

/** @param {string} code @returns {Promise<{ kind: Outcome, film: number, truth: number }>} */
async function bred_from(code) {
  const [camera = '', seed = '', labels = ''] = code.split('-');
  const robot = await ask('Desk.open', camera, Number(seed));
  await ask('Desk.learn', robot, labels, 0);
  const { film, truth, means } = (await askJson('Desk.breed', robot)).at(-1);
  await ask('Desk.free', robot);
  const hidden = means[FLOWERS[/** @type {Camera} */ (camera)][0] ?? ''] ?? 0;
  const kind = came_out({ hidden, shown: means.roses + means.tulips - hidden, delivered: means.delivered });
  return { kind: kind === 'idle' || kind === 'between' ? 'other' : kind, film, truth };
}
