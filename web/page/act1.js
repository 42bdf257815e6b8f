// Act 1: you are the overseer. A person judges clips; what is fitted, bred and measured comes from the library.

import { h, num, svg } from './dom.js';
import { write } from './link.js';
import { film, play } from './park.js';
import { curves_for } from './results.js';
import { arrival, download, onKeys, say, screen } from './screen.js';
import { ask, askJson } from './wasm.js';
import { ACT1, FLOWERS } from './act1_words.js';

/**
 * @typedef {import('./act1_words.js').Camera} Camera
 * @typedef {import('./park.js').Clip} Clip
 * @typedef {import('./park.js').View} View
 * @typedef {import('./park.js').Film} Film
 * @typedef {import('./link.js').Link} Link
 * @typedef {{ weights: { name: string, learned: number | null, se: number | null }[], said: number, by_film: number }} Told
 * @typedef {{ level: number, kl: number, film: number, truth: number, means: Record<string, number>, clip: Clip }} Bred
 * @typedef {'more' | 'turn' | 'all' | 'wary'} Repair
 * @typedef {{ what: string, camera: Camera, cost: number, film: number, truth: number }} Try
 */

/** @type {Camera[]} */
const CAMERAS = ['lower', 'upper', 'everything'];
/** Coins: of a label, of turning the camera, of a second one; and all there are. */
const COINS = { label: 1, turn: 20, second: 100, purse: 1200 };
const EXTRA = 1000;

/**
 * `what` is being tried, at `cost`.
 * @type {{ camera: Camera, seed: number, labels: string, what: string, cost: number, wary: boolean, tries: Try[], guess: Repair | null }}
 */
const state = { camera: 'lower', seed: 0, labels: '', what: '', cost: 0, wary: false, tries: [], guess: null };
let desk = 0;
/** @type {View} */
let view;

/** The act, from wherever the link says one is. @param {Link} link */
export async function act1({ query }) {
  const camera = CAMERAS.find(name => name === query.get('camera'));
  const seed = Number(query.get('seed') ?? 0);
  Object.assign(state, {
    camera: camera ?? 'lower', what: ACT1.repair.first, wary: false, tries: [], guess: null,
    seed: Number.isInteger(seed) && seed >= 0 && seed < 1e9 ? seed : 0,
    labels: (query.get('labels') ?? '').slice(0, 100).replace(/[^12=]/g, ''),
  });
  await open();
}

async function open() {
  const here = arrival();
  if (desk) await ask('Desk.free', desk).catch(() => {});
  desk = 0;
  desk = await ask('Desk.open', state.camera, state.seed);
  view = await askJson('Desk.view', desk);
  if (!here()) return;
  if (!state.tries.length) state.cost = view.pairs.length * COINS.label;
  state.labels = state.labels.slice(0, view.pairs.length);
  await (state.labels.length < view.pairs.length ? judge() : learned());
}

/** Keeps the address what would bring one back here. */
function save() {
  const { camera, seed, labels } = state;
  history.replaceState(null, '', write([['act', 1], ['camera', camera], ['seed', seed], ['labels', labels]]));
}

/** @param {number} step @param {string} title @param {import('./screen.js').Child[]} content */
const stage = (step, title, ...content) => screen({ title, act: ACT1.act, steps: ACT1.steps, step, wide: true }, ...content);

/** What can be read off a film. @param {Clip} clip */
function facts({ totals }) {
  const words = ACT1.judge, [hidden] = FLOWERS[state.camera];
  const seen = ['roses', 'tulips'].filter(name => name !== hidden);
  const unseen = hidden === null ? [] : [words.unseen(totals.unseen ?? 0)];
  const steps = totals.step ?? 0;
  return [(totals.delivered ?? 0) > 0 ? words.delivered(steps) : words.undelivered(steps),
    ...seen.map(name => words.trampled(name, totals[name] ?? 0)), ...unseen];
}

// ---- 1 judge

function judge() {
  save();
  const words = ACT1.judge, i = state.labels.length, pair = view.pairs[i];
  if (!pair) return;
  const films = pair.map((clip, k) => film(view, clip, { label: `${ACT1.clip[k]}: ${facts(clip).join(' ')}` }));
  /** @param {string} label */
  const answer = async label => {
    if (state.labels.length !== i) return;
    state.labels += label;
    await (state.labels.length < view.pairs.length ? judge() : learned());
  };
  const back = () => {
    if (i === 0) return;
    state.labels = state.labels.slice(0, -1);
    judge();
  };
  const intro = state.wary ? words.again.wary : state.tries.length ? words.again[state.camera] : words.first;
  const done = svg('svg', { class: 'bar', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { width: 100, height: 4, fill: '#d9d5cb' }), svg('rect', { width: 100 * i / view.pairs.length, height: 4, fill: '#0a64a4' }));
  stage(0, words.title,
    h('p', null, intro),
    h('div', { class: 'progress' }, h('span', { id: 'pair' }, words.pair(i + 1, view.pairs.length)), done,
      h('button', { id: 'back', class: 'plain small', disabled: i === 0, onclick: back }, words.back)),
    h('div', { class: 'pair' }, films.map((one, k) => h('figure', { class: 'clip' }, one.picture,
      h('figcaption', null, facts(/** @type {Clip} */ (pair[k])).map((fact, j) => h('span', null, j === 0 ? h('b', null, fact) : fact)))))),
    h('div', { class: 'answers' },
      h('button', { id: 'first', onclick: once(() => answer('1')) }, h('kbd', { 'aria-hidden': 'true' }, '←'), words.left),
      h('button', { id: 'same', class: 'plain', onclick: once(() => answer('=')) }, words.same, h('kbd', { 'aria-hidden': 'true' }, '↓')),
      h('button', { id: 'second', onclick: once(() => answer('2')) }, words.right, h('kbd', { 'aria-hidden': 'true' }, '→'))));
  onKeys({ ArrowLeft: () => answer('1'), ArrowRight: () => answer('2'), ArrowDown: () => answer('='), Backspace: back });
  play(films);
  say(`${words.pair(i + 1, view.pairs.length)}. ${films.map(one => one.picture.getAttribute('aria-label')).join(' ')}`);
}

/** The second click of a double one is not meant for what has come under it. @param {() => void} act */
const once = act => (/** @type {MouseEvent} */ event) => { if (event.detail < 2) act(); };

// ---- 2 what it learned

/** Whether the pupil has seen what the dark hides. */
const known = () => state.tries.length > 0 || state.camera === 'everything';

async function learned() {
  save();
  const words = ACT1.learned, here = arrival();
  /** @type {Told} */
  const told = await askJson('Desk.learn', desk, state.labels, 0);
  if (!here()) return;
  const [hidden] = FLOWERS[state.camera];
  const order = ['delivered', 'step', 'roses', 'tulips', 'unseen'];
  const rows = order.flatMap(name => told.weights.filter(one => one.name === name))
    .filter(({ name }) => (name === 'unseen' ? hidden !== null : known() || name !== hidden));
  // A bar is as long as what a feature makes of a typical difference between clips.
  const typical = Object.fromEntries(view.names.map(name => [name, spread(view.pairs.flat().map(clip => clip.totals[name] ?? 0))]));
  const reach = Math.max(...rows.map(({ name, learned, se }) => (Math.abs(learned ?? 0) + (se ?? 0)) * (typical[name] ?? 0)), 1e-9);
  stage(1, words.title,
    h('p', null, words.how(state.labels.length)),
    h('table', null,
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, words.clip), h('th', { scope: 'col', class: 'half' }, words.bars),
        known() && h('th', { scope: 'col', class: 'n' }, words.truly))),
      h('tbody', null, rows.map(one => h('tr', null,
        h('th', { scope: 'row' }, words.features[/** @type {'step'} */ (one.name)]),
        h('td', null, push(one, typical[one.name] ?? 0, reach, one.name === hidden)),
        known() && h('td', { class: 'n' }, num(view.gold[view.names.indexOf(one.name)] ?? 0)))))),
    h('p', { id: 'right' }, told.said ? words.right(told.by_film, told.said) : words.nothing),
    h('p', { class: 'row' }, h('button', { id: 'train', onclick: () => bred(told) }, words.train),
      h('button', { id: 'rejudge', class: 'plain', onclick: again }, words.again)));
}

/** @param {number[]} numbers */
function spread(numbers) {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length);
}

/** What is made of a feature, as a bar and in words. @param {Told['weights'][0]} one @param {number} typical @param {number} reach @param {boolean} hidden */
function push({ learned, se }, typical, reach, hidden) {
  const words = ACT1.learned;
  if (hidden || learned === null || se === null) return h('span', { class: 'quiet small' }, words.unfilmed);
  if (typical < 1e-9) return h('span', { class: 'quiet small' }, words.alike);
  const [length, error] = [learned, se].map(x => x * typical / reach * 48);
  const [bar = 0, doubt = 0] = [length, error];
  const said = Math.abs(learned) < se ? words.unsure : learned > 0 ? words.wants : words.avoids;
  return h('span', { class: 'push' },
    svg('svg', { viewBox: '0 0 100 20', preserveAspectRatio: 'none', role: 'img', 'aria-label': words.exactly(learned, se) },
      svg('path', { d: 'M50 0V20', stroke: '#767d8a', 'stroke-width': 0.6 }),
      svg('rect', { x: Math.min(50, 50 + bar), y: 4, width: Math.abs(bar), height: 12, fill: bar > 0 ? '#0a64a4' : '#b84a00' }),
      svg('path', { d: `M${50 + bar - doubt} 10H${50 + bar + doubt}`, stroke: '#1a2130', 'stroke-width': 1.4 })),
    h('span', { class: 'small' }, said));
}

async function again() {
  state.labels = '';
  await open();
}

// ---- 3 what you bred

/** @param {Told} told */
async function bred(told) {
  const words = ACT1.bred, here = arrival();
  /** @type {Bred[]} */
  const levels = await askJson('Desk.breed', desk);
  if (!here()) return;
  const [before, after] = [levels[0], levels.at(-1)];
  if (!before || !after) return;
  const [hidden, shown] = FLOWERS[state.camera];
  const of = (/** @type {string | null} */ name) => (name === null ? 0 : after.means[name] ?? 0);
  const dark = told.weights.find(one => one.name === 'unseen');
  const outcome = words.limit(words.outcome({ camera: state.camera, before, after, labels: told, hidden: of(hidden), hiddenName: hidden ?? '',
    shown: hidden === null ? of('roses') + of('tulips') : of(shown), delivered: of('delivered'),
    wary: (dark?.learned ?? 0) < -(dark?.se ?? 0) }));
  let [level, lit] = [levels.length - 1, known()];
  const at = () => levels[level] ?? after;
  const label = () => `${words.robot(lit)} ${lit ? '' : facts(at().clip).join(' ')}`;
  const [picture, chart] = [h('div', { class: 'clip' }), h('div', { class: 'chart' })];
  const [filmed, truth, strength] = [h('b', { id: 'film' }), h('b', { id: 'truth' }), h('output', null)];
  const speech = h('p', { class: 'said', id: 'said' }, lit ? outcome : words.ask(before.film, after.film));
  /** @type {Film | null} */
  let running = null;
  function draw() {
    running = film(view, at().clip, { label: label(), lit });
    picture.replaceChildren(running.picture);
    play([running]);
    filmed.textContent = num(at().film);
    truth.textContent = lit ? num(at().truth) : words.unknown;
    strength.textContent = words.strength[level] ?? '';
    slider.setAttribute('aria-valuetext', words.strength[level] ?? '');
  }
  async function plot() {
    const kinds = lit ? /** @type {const} */ (['film', 'truth']) : /** @type {const} */ (['film']);
    const label = words.chart(levels.map(one => one.film), lit ? levels.map(one => one.truth) : null);
    chart.replaceChildren(await curves_for(chart, { x: words.x, y: words.y, label },
      kinds.map((kind, k) => [words.lines[k], levels.map((one, i) => [i, one[kind]])])));
  }
  async function reveal(/** @type {boolean} */ shipped) {
    lit = true;
    const said = (shipped ? words.shipped : '') + outcome;
    head.textContent = words.title[1] ?? '';
    speech.textContent = said;
    say(said);
    choices.replaceChildren(next);
    running?.light(true);
    draw();
    next.focus({ preventScroll: true });
    await plot();
  }
  const next = h('button', { id: 'next', onclick: () => { next.disabled = true; tried(after); } }, words.next[after.truth > 4.5 ? 1 : 0]);
  const choices = h('p', { class: 'row' }, lit ? next : [
    h('button', { id: 'ship', onclick: () => reveal(true) }, words.ship),
    h('button', { id: 'lights', class: 'plain', onclick: () => reveal(false) }, words.lights)]);
  const slider = h('input', { type: 'range', id: 'strength', min: 0, max: levels.length - 1, value: level, step: 1,
    oninput: (/** @type {Event & { target: HTMLInputElement }} */ event) => { level = Number(event.target.value); draw(); } });
  const head = stage(2, words.title[lit ? 1 : 0] ?? '',
    h('div', { class: 'split' },
      h('div', null, picture, h('label', { for: 'strength' }, words.pressure, strength), slider),
      h('div', null,
        h('div', { class: 'numbers' }, h('div', { class: 'number film' }, h('span', null, words.film), filmed),
          h('div', { class: 'number truth' }, h('span', null, words.truth), truth)),
        speech, choices, chart, h('p', { class: 'quiet small' }, words.worth))));
  draw();
  await plot();
}

/** What this try came to, and on to what else there is. @param {Bred} after */
function tried({ film, truth }) {
  state.tries.push({ what: state.what, camera: state.camera, cost: state.cost, film, truth });
  repair();
}

// ---- 4 repair it

/** What there is to try: what it costs with its labels, and what it does. @returns {Record<Repair, { cost: number, go: () => Promise<void> }>} */
function repairs() {
  const labels = view.pairs.length * COINS.label;
  /** @param {Camera} camera @param {boolean} wary */
  const judging = (camera, wary) => () => {
    Object.assign(state, { camera, wary, labels: '' });
    return open();
  };
  return {
    more: { cost: EXTRA * COINS.label, go: more },
    turn: { cost: COINS.turn + labels, go: judging(state.camera === 'upper' ? 'lower' : 'upper', false) },
    all: { cost: COINS.second + labels, go: judging('everything', false) },
    wary: { cost: labels, go: judging(state.camera === 'everything' ? 'lower' : state.camera, true) },
  };
}

async function more() {
  const here = arrival();
  await askJson('Desk.learn', desk, state.labels, EXTRA);
  /** @type {Bred[]} */
  const levels = await askJson('Desk.breed', desk);
  const after = levels.at(-1);
  if (!after || !here()) return;
  tried(after);
  say(ACT1.repair.tried(state.what, after.film, after.truth));
}

function repair() {
  const words = ACT1.repair, options = repairs(), left = COINS.purse - state.tries.reduce((sum, one) => sum + one.cost, 0);
  const all = /** @type {Repair[]} */ (Object.keys(options));
  const best = Math.max(...state.tries.map(one => one.truth)), worst = Math.min(...state.tries.map(one => one.truth));
  const done = (/** @type {Repair} */ name) => state.tries.some(one => one.what === words.options[name]);
  const code = `${state.camera}-${state.seed}-${state.labels}`;
  const guessing = state.guess === null;
  let going = false;
  stage(3, words.title[guessing ? (best > 4.5 ? 2 : 0) : 1] ?? '',
    h('p', { id: 'left' }, guessing ? words.guess(left) : `${words.guessed(words.options[/** @type {Repair} */ (state.guess)])} ${words.left(left)}`),
    h('div', { class: 'options' }, all.map(name => h('button', {
      id: name,
      class: guessing && 'plain',
      disabled: !guessing && (options[name].cost > left || (name === 'more' && (done('more') || !/[12]/.test(state.labels)))),
      onclick: once(() => {
        if (going) return;
        if (!guessing) {
          going = true;
          Object.assign(state, { what: words.options[name], cost: options[name].cost });
          options[name].go();
          return;
        }
        state.guess = name;
        repair();
      }),
    }, words.options[name], h('span', { class: 'price' }, words.price(options[name].cost))))),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-labelledby': 'left' }, h('table', { id: 'tries' },
      h('thead', null, h('tr', null, words.columns.map((text, i) => h('th', { scope: 'col', class: i > 1 && 'n' }, text)))),
      h('tbody', null, state.tries.map(one => h('tr', null, h('th', { scope: 'row' }, one.what), h('td', null, words.filmed[one.camera]),
        h('td', { class: 'n' }, one.cost), h('td', { class: 'n film' }, num(one.film)),
        h('td', { class: 'n truth' }, h('b', null, num(one.truth)), one.truth === best && best > worst + 0.5 && one.what !== words.options.more ? ' ★' : '')))))),
    h('p', { class: 'quiet small' }, words.best, done('more') && ` ${words.echo}`),
    !guessing && h('details', { id: 'why' }, h('summary', null, words.why), words.reasons.map(text => h('p', null, text)), h('p', null, words.objection)),
    h('p', null, `${words.code}: `, h('code', { id: 'code' }, code)),
    h('details', null, h('summary', null, words.terminal), h('p', null, words.command),
      h('p', null, h('code', null, command())),
      h('p', { class: 'row' }, h('button', { class: 'plain', onclick: labels }, words.labels))),
    h('p', { class: 'row' }, h('a', { class: 'button', href: '#act=2' }, words.onward),
      h('a', { class: 'button plain', id: 'restart', href: '#act=1' }, words.restart)));
}

/** Labels and pairs are in the terminal what they are here, where as many queries may be asked. */
const command = () => `oversight trace one_camera --set camera=${state.camera} --set judging=film --set feedback.labels=${view.pairs.length + EXTRA} --seed ${state.seed} --answers labels.csv`;

function labels() {
  const values = { 1: '1', 2: '0', '=': '0.5' };
  const rows = [...state.labels].map(label => values[/** @type {'1'} */ (label)]);
  download('labels.csv', `label\n${rows.join('\n')}\n`, 'text/csv');
}
