// Act 2: you are the policy. A person walks; what a step pays, and what is best, comes from the library.

import { figure, h, num, svg } from './dom.js';
import { write } from './link.js';
import { width_of } from './results.js';
import { arrival, onKeys, say, screen } from './screen.js';
import { ask, askJson } from './wasm.js';
import { ACT2 } from './act2_words.js';

/**
 * @typedef {{ at: [number, number], watched: boolean | null, played: { observed: number[], gold: number[], return: number,
 *   performance: number, positions: [number, number][], lamp: boolean, steps: number, done: boolean } }} Trip
 * @typedef {{ score: number, gold_watched: number, gold_unwatched: number, deploy_gap: number, lit: string[], dark: string[] }} Planner
 */

const TRIPS = 8;
/** The published map, as it stands between its outer columns: walls, the start, the fine, the house. */
const ROWS = ['######', '#A   #', '# ## #', '#P## #', '#G   #', '######'];
const SIDE = 56;
/** @type {Record<string, 'u' | 'd' | 'l' | 'r'>} */
const ARROWS = { ArrowUp: 'u', ArrowDown: 'd', ArrowLeft: 'l', ArrowRight: 'r' };

const game = { watched: 0.5, awareness: 1, seed: 0, walk: 0, trips: /** @type {Trip[]} */ ([]) };

/** @param {import('./link.js').Link} link */
export function act2({ query }) {
  const share = (/** @type {string} */ name, /** @type {number} */ unless) => {
    const x = Number(query.get(name) ?? unless);
    return x >= 0 && x <= 1 ? Math.round(20 * x) / 20 : unless;
  };
  // Where all or none are watched one of the columns is empty.
  const some = (/** @type {number} */ x) => Math.min(0.95, Math.max(0.05, x));
  const seed = Number(query.get('seed') ?? Math.floor(Math.random() * 1e6));
  Object.assign(game, { watched: some(share('watched', 0.5)), awareness: share('awareness', 1), trips: [],
    seed: Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32 ? seed : 0 });
  deal();
}

/** @param {number} step @param {string} title @param {import('./screen.js').Child[]} content */
const scene = (step, title, ...content) => screen({ title, act: ACT2.act, steps: ACT2.steps, step, wide: true }, ...content);

function deal() {
  const words = ACT2.deal;
  /** @param {'watched' | 'awareness'} name @param {string} text @param {(x: number) => string} told */
  const knob = (name, text, told) => {
    const output = h('output', null, told(game[name]));
    const input = h('input', { type: 'range', id: name, min: name === 'watched' ? 0.05 : 0, max: name === 'watched' ? 0.95 : 1, step: 0.05, value: game[name], 'aria-valuetext': told(game[name]),
      oninput: (/** @type {Event & { target: HTMLInputElement }} */ event) => {
        game[name] = Number(event.target.value);
        output.textContent = told(game[name]);
        input.setAttribute('aria-valuetext', told(game[name]));
      } });
    return h('div', null, h('label', { for: name }, text, output), input);
  };
  scene(0, words.title,
    h('div', { class: 'split' },
      h('div', null, words.how.map(text => h('p', null, text)),
        knob('watched', words.watched, words.share), knob('awareness', words.awareness, words.right),
        h('p', { class: 'row' }, h('button', { id: 'go', onclick: () => trip() }, words.begin))),
      h('div', { class: 'clip board' }, board([], null).picture)));
}

/**
 * The map with somebody on it and the ways they took, each "row,column" after the start.
 * @param {string[][]} ways @param {boolean | null} lamp @param {string} [label]
 */
function board(ways, lamp, label = '') {
  const inside = (/** @type {string} */ place) => {
    const [row = 0, column = 0] = place.split(',').map(Number);
    return [(column - 1) * SIDE + SIDE / 2, row * SIDE + SIDE / 2];
  };
  const picture = svg('svg', { viewBox: `${SIDE / 2} ${SIDE / 2} ${5 * SIDE} ${5 * SIDE}`, role: 'img', 'aria-label': label || ACT2.walk.map(lamp === true, [1, 2]) });
  ROWS.forEach((line, r) => [...line].forEach((tile, c) => {
    const [x, y] = [c * SIDE, r * SIDE];
    picture.append(svg('rect', { x, y, width: SIDE + 0.5, height: SIDE + 0.5, fill: tile === '#' ? '#4d5a70' : tile === 'P' ? '#f3d9c4' : '#efe9dc' }));
    if (tile === 'P') picture.append(svg('text', { x: x + SIDE / 2, y: y + SIDE / 2 + 6, 'text-anchor': 'middle', 'font-size': 18, 'font-weight': 700, fill: '#8f3a00' }, '−30'));
    if (tile === 'G') picture.append(svg('path', { d: `M${x + 12} ${y + 28}L${x + 28} ${y + 12}L${x + 44} ${y + 28}V${y + 46}H${x + 12}Z`, fill: '#f0d9b5', stroke: '#8a2f12', 'stroke-width': 3, 'stroke-linejoin': 'round' }));
  }));
  if (lamp !== null) {
    picture.append(svg('circle', { cx: 3 * SIDE, cy: 3 * SIDE, r: 20, fill: lamp ? '#ffd34d' : '#1a2130', stroke: '#fff', 'stroke-width': 3 }),
      svg('text', { x: 3 * SIDE, y: 3 * SIDE + 6, 'text-anchor': 'middle', 'font-size': 16, 'font-weight': 700, fill: lamp ? '#1a2130' : '#fff' }, lamp ? 'on' : 'off'));
  }
  ways.forEach((way, i) => {
    const shift = (i - (ways.length - 1) / 2) * 5;
    const points = ['1,2', ...way].map(place => inside(place).map(x => x + shift).join()).join(' ');
    picture.append(svg('polyline', { points, fill: 'none', stroke: '#0a64a4', 'stroke-opacity': ways.length > 1 ? 0.55 : 0.8, 'stroke-width': 4, 'stroke-linejoin': 'round', 'stroke-linecap': 'round' }));
  });
  const [x = 0, y = 0] = inside(ways.length === 1 ? ways[0]?.at(-1) ?? '1,2' : '1,2');
  if (ways.length < 2) picture.append(svg('circle', { cx: x, cy: y, r: 13, fill: '#0a64a4', stroke: '#fff', 'stroke-width': 3 }));
  return { picture };
}

async function trip() {
  const here = arrival();
  history.replaceState(null, '', write([['act', 2], ['watched', game.watched], ['awareness', game.awareness], ['seed', game.seed]]));
  if (game.walk) await ask('Walk.free', game.walk).catch(() => {});
  game.walk = 0;
  game.walk = await ask('Walk.open', game.watched, game.awareness, game.seed, game.trips.length);
  /** @type {Trip} */
  let now = await askJson('Walk.go', game.walk, '');
  if (!here()) return;
  let busy = false;
  const words = ACT2.walk, place = h('div', { class: 'clip board' }), score = h('b', { id: 'score' });
  const said = h('p', { class: 'said', id: 'lamp' }, words.lamp(now.played.lamp));
  const pad = h('div', { class: 'pad', role: 'group', 'aria-label': words.keys });
  const draw = () => {
    place.replaceChildren(board([now.played.positions.map(at => at.join())], now.played.lamp, words.map(now.played.lamp, now.at)).picture);
    score.textContent = num(now.played.return, 0);
  };
  /** @param {'u' | 'd' | 'l' | 'r'} way */
  const go = async way => {
    if (busy || now.played.done) return;
    busy = true;
    now = await askJson('Walk.go', game.walk, way);
    busy = false;
    draw();
    if (now.played.done) end();
  };
  const end = () => {
    game.trips.push(now);
    const last = game.trips.length === TRIPS;
    const next = h('button', { id: 'next', onclick: () => (last ? became() : trip()) }, last ? words.done : words.next);
    said.textContent = (came(now) ? '' : `${words.lost} `) + words.ended(now.played.return);
    say(said.textContent);
    pad.replaceChildren(next);
    next.focus({ preventScroll: true });
  };
  pad.append(...Object.values(ARROWS).map(way => h('button', { id: `way-${way}`, class: 'plain', onclick: () => go(way) }, words.ways[way])));
  scene(1, words.title(game.trips.length + 1, TRIPS),
    h('div', { class: 'split' }, place,
      h('div', null, said, h('div', { class: 'numbers' }, h('div', { class: 'number film' }, h('span', null, words.score), score)),
        pad, h('p', { class: 'quiet small' }, words.keys))));
  onKeys(Object.fromEntries(Object.entries(ARROWS).map(([key, way]) => [key, () => go(way)])));
  draw();
  say(`${words.title(game.trips.length + 1, TRIPS)} ${words.lamp(now.played.lamp)}`);
}

/** Whether a trip came to the house. @param {Trip} one */
const came = one => one.played.gold.some(x => x > 0);

/** Whether it did so by the long way. @param {Trip} one */
const long = one => came(one) && !one.played.positions.some(([row, column]) => row === 3 && column === 2);

async function became() {
  const words = ACT2.became, here = arrival();
  /** @type {Planner} */
  const planner = await askJson('planner', game.watched, game.awareness);
  if (!here()) return;
  const [lit, dark] = [true, false].map(lamp => game.trips.filter(one => one.played.lamp === lamp));
  if (!lit || !dark) return;
  const count = { lit: lit.length, litLong: lit.filter(long).length, dark: dark.length, darkLong: dark.filter(long).length, came: game.trips.filter(came).length };
  const mean = (/** @type {number[]} */ numbers) => (numbers.length ? numbers.reduce((sum, x) => sum + x, 0) / numbers.length : null);
  const shown = (/** @type {number | null} */ x) => (x === null ? '–' : num(x, 0));
  const [watched, unwatched] = [true, false].map(seen => mean(game.trips.filter(one => one.watched === seen).map(one => one.played.performance)));
  const gap = watched == null || unwatched == null ? null : watched - unwatched;
  const chart = h('div', { class: 'chart' });
  /** @param {string} title @param {string[][]} ways @param {boolean} lamp @param {string} told */
  const panel = (title, ways, lamp, told) => h('figure', { class: 'clip board' }, ways.length && ways[0]?.length
    ? board(ways, lamp, told).picture : h('p', { class: 'quiet' }, words.none), h('figcaption', null, title));
  const ways = (/** @type {Trip[]} */ trips) => trips.map(one => one.played.positions.map(at => at.join()));
  scene(2, words.title,
    h('p', { class: 'lead', id: 'ways' }, words.ways(count)),
    h('p', { class: 'said', id: 'became' }, words.sentence(count)),
    h('div', { class: 'boards' },
      panel(`${words.you} · ${words.lit}`, ways(lit), true, `${words.trips}, ${words.lit}: ${words.ways(count)}`),
      panel(`${words.you} · ${words.dark}`, ways(dark), false, `${words.trips}, ${words.dark}: ${words.ways(count)}`),
      panel(`${words.planner} · ${words.lit}`, [planner.lit], true, `${words.planner}, ${words.lit}`),
      panel(`${words.planner} · ${words.dark}`, [planner.dark], false, `${words.planner}, ${words.dark}`)),
    h('p', { class: 'quiet small' }, words.planned(game.watched, game.awareness)),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-labelledby': 'ways' }, h('table', { id: 'gaps' },
      h('thead', null, h('tr', null, words.columns.map((text, i) => (i === 0 ? h('td') : h('th', { scope: 'col', class: 'n' }, text))))),
      h('tbody', null,
        row(words.you, mean(game.trips.map(one => one.played.return)), watched ?? null, unwatched ?? null, gap, shown),
        row(words.planner, planner.score, planner.gold_watched, planner.gold_unwatched, planner.deploy_gap, shown)))),
    h('div', { class: 'split' },
      h('div', null, h('p', null, words.truth), h('p', null, words.threshold)),
      h('div', null, chart)),
    h('p', { id: 'argument' }, planner.deploy_gap > 1 ? words.argument : words.honest), h('p', { class: 'quiet' }, words.objection),
    h('p', { class: 'row' }, h('a', { class: 'button', href: '#act=3' }, words.onward), h('a', { class: 'button plain', id: 'again', href: '#act=2' }, words.again)));
  chart.append(figure(await ask('phases', game.watched, game.awareness, words.phases, width_of(chart)), words.chart(game.watched, game.awareness)));
}

/** @param {string} name @param {number | null} score @param {number | null} watched @param {number | null} unwatched @param {number | null} gap @param {(x: number | null) => string} shown */
function row(name, score, watched, unwatched, gap, shown) {
  return h('tr', null, h('th', { scope: 'row' }, name), h('td', { class: 'n film' }, shown(score)),
    [watched, unwatched, gap].map(x => h('td', { class: 'n truth' }, shown(x))));
}
