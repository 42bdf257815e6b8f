// What acts take from experiments: rows of a few seeds, and the library's figure of curves.

import { figure } from './dom.js';
import { ask } from './wasm.js';

/** Runs the first seeds of a built-in experiment: its rows by column. @param {string} name @param {string[]} sets @param {number} seeds */
export async function rows_of(name, sets, seeds) {
  const run = await ask('Run.open', name, await ask('text', name) ?? '', [...sets, `seeds=${seeds}`], true);
  for (let seed = 0; seed < seeds; seed++) await ask('Run.absorb', run, seed, await ask('Run.seed', run, seed));
  const [head = '', ...lines] = new TextDecoder().decode(await ask('Run.csv', run)).trim().split('\n');
  await ask('Run.free', run);
  const columns = head.split(',');
  return lines.map(line => Object.fromEntries(line.split(',').map((cell, i) => [columns[i] ?? '', cell])));
}

/** How wide a figure is drawn there, in pixels. @param {HTMLElement} there */
export const width_of = there => Math.max(300, Math.min(620, there.clientWidth || 620));

/**
 * The figure of curves, as wide as it is shown.
 * @param {HTMLElement} there @param {{ title?: string, x: string, y: string, label: string }} words
 * @param {[string | undefined, number[][]][]} curves names and points
 */
export async function curves_for(there, { title = '', x, y, label }, curves) {
  return figure(await ask('curves', title, x, y, JSON.stringify(curves), width_of(there)), label);
}
