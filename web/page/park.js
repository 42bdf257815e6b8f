// The park of act 1, drawn: a map with a camera's film over it, and a clip that moves in it. Nothing is computed here.

import { svg } from './dom.js';
import { onLeave, still } from './screen.js';
import { PARK } from './act1_words.js';

/**
 * @typedef {{ way: string[], totals: Record<string, number> }} Clip
 * @typedef {{ map: string[], filmed: Record<string, boolean>, names: string[], gold: number[], pairs: [Clip, Clip][] }} View
 * @typedef {{ picture: SVGSVGElement, steps: number, show: (time: number) => void, light: (lit: boolean) => void }} Film
 */

/** Pixels of a tile. */
const TILE = 40;
const HEDGE = ['#55775a', '#4a6a4f'];
/** @type {Record<string, [number, number][]>} */
const SPOTS = { R: [[11, 12], [28, 11], [20, 27], [8, 30], [32, 31]], T: [[10, 12], [27, 11], [19, 26], [34, 28], [6, 30]] };
let films = 0;

/** @param {string} kind @param {number} x @param {number} y */
function flower(kind, x, y) {
  if (kind === 'R') return [svg('circle', { cx: x, cy: y, r: 5.6, fill: '#c2185b' }), svg('circle', { cx: x, cy: y, r: 2.4, fill: '#f8bbd0' })];
  return [svg('path', { d: `M${x} ${y + 1}v8`, stroke: '#3d7a3d', 'stroke-width': 2 }),
    svg('path', { d: `M${x - 5} ${y - 6}l2.5 3 2.5 -4 2.5 4 2.5 -3v6a5 4.5 0 0 1 -10 0z`, fill: '#f5a300' })];
}

/** @param {number} x @param {number} y */
const trampled = (x, y) => [svg('path', { d: `M${x - 5} ${y + 2}l10 -3M${x - 3} ${y - 3}l7 6`, stroke: '#7d6a58', 'stroke-width': 2.4, 'stroke-linecap': 'round' })];

function robot() {
  const load = svg('g', null, svg('rect', { x: -7, y: -21, width: 14, height: 11, rx: 1.5, fill: '#b9814a', stroke: '#6e4a24' }));
  const body = svg('g', null,
    svg('rect', { x: -11, y: -10, width: 22, height: 20, rx: 5, fill: '#0a64a4', stroke: '#fff', 'stroke-width': 1.5 }),
    svg('circle', { cx: -4.5, cy: -2, r: 2.6, fill: '#fff' }), svg('circle', { cx: 4.5, cy: -2, r: 2.6, fill: '#fff' }),
    svg('path', { d: 'M-4.5 5h9', stroke: '#fff', 'stroke-width': 1.8, 'stroke-linecap': 'round' }), load);
  return { body, load };
}

/** @param {string} place "row,column" @returns {[number, number]} */
function middle(place) {
  const [row = 0, column = 0] = place.split(',').map(Number);
  return [column * TILE + TILE / 2, row * TILE + TILE / 2];
}

/** Whether any of a row is out of the camera's sight; a hedge at the edge is as the row beside it. @param {View} view */
function darkRows(view) {
  const dark = view.map.map((_, row) => Object.entries(view.filmed).some(([place, seen]) => !seen && Number(place.split(',')[0]) === row));
  const last = dark.length - 1;
  [dark[0], dark[last]] = [dark[1] ?? false, dark[last - 1] ?? false];
  return dark;
}

/**
 * A clip as the camera films it. With `lit` its dark is light, and what is there is drawn; before that it is not in the
 * picture at all.
 * @param {View} view @param {Clip} clip @param {{ label: string, lit?: boolean }} how
 * @returns {Film}
 */
export function film(view, clip, { label, lit = false }) {
  const id = `film${++films}`;
  const rows = view.map.length, columns = view.map[0]?.length ?? 0, dark = darkRows(view);
  const start = view.map.flatMap((line, r) => (line.includes('A') ? [`${r},${line.indexOf('A')}`] : []))[0] ?? '0,0';
  const way = [start, ...clip.way];
  const [ground, beds, trail, { body, load }] = [svg('g'), svg('g'), svg('g'), robot()];
  /** @type {Map<string, { kind: string, bed: SVGGElement, x: number, y: number }>} */
  const flowers = new Map();
  const picture = svg('svg', { viewBox: `${TILE / 2} ${TILE / 2} ${TILE * (columns - 1)} ${TILE * (rows - 1)}`, role: 'img', 'aria-label': label },
    svg('defs', null, svg('pattern', { id, width: 12, height: 12, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
      svg('rect', { width: 12, height: 12, fill: '#1b2236' }), svg('rect', { width: 3, height: 12, fill: '#2a3450' }))),
    ground, beds, trail, body);
  const night = svg('g', { class: 'dark' });
  const clock = svg('text', { x: columns * TILE - TILE / 2 - 9, y: rows * TILE - TILE / 2 - 7, 'text-anchor': 'end', 'font-size': 15, fill: '#fff', 'aria-hidden': 'true',
    'paint-order': 'stroke', stroke: '#1b2236', 'stroke-width': 3 });
  picture.append(night, clock);

  /** @param {boolean} now */
  function draw(now) {
    ground.replaceChildren();
    beds.replaceChildren();
    flowers.clear();
    view.map.forEach((line, r) => [...line].forEach((tile, c) => {
      if (dark[r] && !now) return;
      const [x, y] = [c * TILE, r * TILE];
      ground.append(svg('rect', { x, y, width: TILE + 0.5, height: TILE + 0.5, fill: tile === '#' ? HEDGE[0] : tile in SPOTS ? '#cfe0b4' : '#efe6d2' }));
      if (tile === '#') ground.append(svg('circle', { cx: x + 12, cy: y + 14, r: 7, fill: HEDGE[1] }), svg('circle', { cx: x + 29, cy: y + 27, r: 8, fill: HEDGE[1] }));
      if (tile === 'G') ground.append(house(x, y));
      const spots = SPOTS[tile];
      if (!spots) return;
      const bed = svg('g', null, spots.flatMap(([dx, dy]) => flower(tile, x + dx, y + dy)));
      flowers.set(`${r},${c}`, { kind: tile, bed, x, y });
      beds.append(bed);
    }));
    const first = dark.indexOf(true), count = dark.filter(Boolean).length;
    night.replaceChildren();
    if (first < 0) return;
    const [top, height] = [first * TILE, count * TILE];
    night.append(svg('rect', { x: 0, y: top, width: columns * TILE, height, fill: `url(#${id})` }),
      svg('text', { x: columns * TILE / 2, y: top + (first === 0 ? TILE / 4 : -TILE / 4) + height / 2 + 6, fill: '#e8ecf6', 'font-size': 18, 'font-weight': 700,
        'text-anchor': 'middle', 'paint-order': 'stroke', stroke: '#1b2236', 'stroke-width': 6 }, PARK.unfilmed));
    night.style.opacity = now ? '0' : '1';
  }
  draw(lit);

  let trodden = -1;
  return {
    picture,
    steps: clip.way.length,
    light(now) {
      draw(now);
      trodden = -1;
    },
    show(time) {
      const at = Math.max(0, Math.min(time, way.length - 1)), i = Math.floor(at), part = at - i;
      const [from, to] = [middle(way[i] ?? start), middle(way[Math.min(i + 1, way.length - 1)] ?? start)];
      const here = [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
      body.setAttribute('transform', `translate(${here.join(' ')})`);
      const points = [...way.slice(0, i + 1).map(middle), here].map(point => point.join()).join(' ');
      trail.replaceChildren(svg('polyline', { points, fill: 'none', stroke: '#0a64a4', 'stroke-opacity': 0.5, 'stroke-width': 5, 'stroke-linejoin': 'round', 'stroke-linecap': 'round' }));
      clock.textContent = PARK.step(Math.ceil(at));
      load.style.display = (clip.totals.delivered ?? 0) > 0 && at >= way.length - 1 ? 'none' : '';
      if (trodden === i) return;
      trodden = i;
      const gone = new Set(way.slice(1, i + 1));
      for (const [place, { kind, bed, x, y }] of flowers) {
        bed.replaceChildren(...(SPOTS[kind] ?? []).flatMap(([dx, dy]) => (gone.has(place) ? trampled(x + dx, y + dy) : flower(kind, x + dx, y + dy))));
      }
    },
  };
}

/** @param {number} x @param {number} y */
function house(x, y) {
  return svg('g', { transform: `translate(${x} ${y})` },
    svg('path', { d: 'M5 20L20 6L35 20', fill: 'none', stroke: '#8a2f12', 'stroke-width': 4, 'stroke-linejoin': 'round' }),
    svg('rect', { x: 9, y: 19, width: 22, height: 16, fill: '#f0d9b5', stroke: '#8a2f12' }),
    svg('rect', { x: 17, y: 25, width: 7, height: 10, fill: '#8a2f12' }));
}

/** Milliseconds of a step, and steps that the end stands still before it begins again. */
const PACE = 270, REST = 5;
let playing = 0;

/** Plays films side by side, again and again, until the screen is left; whole at once where motion is not wanted. @param {Film[]} shown */
export function play(shown) {
  cancelAnimationFrame(playing);
  const longest = Math.max(...shown.map(one => one.steps));
  if (still()) {
    shown.forEach(one => one.show(longest));
    return;
  }
  let begin = -1;
  /** @param {number} now */
  const go = now => {
    if (begin < 0) begin = now;
    const time = (now - begin) / PACE;
    shown.forEach(one => one.show(time));
    if (time > longest + REST) begin = -1;
    playing = requestAnimationFrame(go);
  };
  playing = requestAnimationFrame(go);
  onLeave(() => cancelAnimationFrame(playing));
}
