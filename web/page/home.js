// The first screen: what this is, and where to begin.

import { h, svg } from './dom.js';
import { screen } from './screen.js';
import { HOME } from './words.js';

export function home() {
  /** @param {string} href @param {{ title: string, text: string, minutes?: number }} what */
  const card = (href, { title, text, minutes }) => h('li', { class: 'card' },
    h('a', { href }, h('b', null, title)), h('p', null, text), minutes && h('p', { class: 'aside' }, HOME.minutes(minutes)));
  screen({ title: HOME.title, wide: true },
    h('div', { class: 'hero' },
      h('div', null,
        HOME.promise.map((line, i) => h('p', { class: i === 0 && 'lead' }, line)),
        h('p', { class: 'row' }, h('a', { class: 'button', id: 'begin', href: '#act=1' }, HOME.begin))),
      picture()),
    h('h3', { id: 'acts' }, HOME.actsTitle),
    h('ol', { class: 'cards four', 'aria-labelledby': 'acts' },
      HOME.acts.map((act, i) => card(`#act=${i + 1}`, act))),
    h('h3', { id: 'more' }, HOME.moreTitle),
    h('ul', { class: 'cards two', 'aria-labelledby': 'more' },
      card('#run=', HOME.bench), card('#class', HOME.class)));
}

/** @type {[number, number][]} */
const BUSHES = [[20, 110], [18, 170], [344, 120], [340, 190], [60, 232], [150, 231], [250, 233], [320, 230]];

/** The park of act 1: a drawing and no result, so it stands still. */
function picture() {
  const [u, columns, rows] = [40, 9, 6];
  /** @param {number} x @param {number} y @param {string} fill @param {number} [w] @param {number} [k] */
  const tile = (x, y, fill, w = 1, k = 1) => svg('rect', { x: x * u, y: y * u, width: w * u, height: k * u, fill });
  /** @param {number} x @param {number} y */
  const tulip = (x, y) => svg('g', { transform: `translate(${x} ${y})` },
    svg('path', { d: 'M0 0v10', stroke: '#3d7a3d', 'stroke-width': 2.4 }),
    svg('path', { d: 'M-6 -8l3 4 3 -5 3 5 3 -4v8a6 5 0 0 1 -12 0z', fill: '#f5a300' }));
  const stripes = Array.from({ length: 22 }, (_, i) =>
    svg('path', { d: `M${i * 24 - 100} 80l80 -80`, stroke: '#2a3450', 'stroke-width': 4 }));
  const tulips = [0, 1, 2, 3, 4].flatMap(i => [tulip(134 + i * 23, 132), tulip(145 + i * 22, 152)].slice(0, i < 4 ? 2 : 1));
  return svg('svg', { class: 'picture', viewBox: `0 0 ${columns * u} ${rows * u}`, role: 'img', 'aria-label': HOME.picture },
    tile(0, 0, '#55775a', columns, rows),
    BUSHES.map(([x, y]) => svg('circle', { cx: x, cy: y, r: 8, fill: '#4a6a4f' })),
    tile(1, 1, '#efe6d2', 7, 4.5), tile(2.5, 2.6, '#cfe0b4', 4, 1.6),
    tulips,
    svg('path', { d: 'M70 105V196H268', fill: 'none', stroke: '#0a64a4', 'stroke-opacity': .5, 'stroke-width': 6,
      'stroke-linejoin': 'round', 'stroke-linecap': 'round' }),
    svg('g', { transform: 'translate(270 194)' },
      svg('rect', { x: -9, y: -29, width: 18, height: 14, rx: 2, fill: '#b9814a', stroke: '#6e4a24' }),
      svg('rect', { x: -15, y: -14, width: 30, height: 27, rx: 7, fill: '#0a64a4', stroke: '#fff', 'stroke-width': 2 }),
      svg('circle', { cx: -6, cy: -3, r: 3.4, fill: '#fff' }), svg('circle', { cx: 6, cy: -3, r: 3.4, fill: '#fff' }),
      svg('path', { d: 'M-6 6h12', stroke: '#fff', 'stroke-width': 2.4, 'stroke-linecap': 'round' })),
    // An <svg> inside shows nothing beyond its edges.
    svg('svg', { width: columns * u, height: 80 }, tile(0, 0, '#1b2236', columns, 2), stripes),
    svg('text', { x: columns * u / 2, y: 47, fill: '#e8ecf6', 'font-size': 19, 'font-weight': 700, 'text-anchor': 'middle',
      'paint-order': 'stroke', stroke: '#1b2236', 'stroke-width': 7 }, HOME.unfilmed));
}
