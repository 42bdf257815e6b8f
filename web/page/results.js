// What acts take from experiments: rows of a few seeds, and the library's figure of curves.

import { figure } from './dom.js';
import { ask } from './wasm.js';

/** @typedef {Record<string, string>[]} Rows */

/** What was asked before is the same again. @type {Map<string, Promise<Rows>>} */
const asked = new Map();

/**
 * Runs the first seeds of a built-in experiment: its rows by column; of `metrics` those over the seeds, as
 * `summary.csv` has them.
 * @param {string} name @param {string[]} sets @param {number} seeds @param {string[]} [metrics] @returns {Promise<Rows>}
 */
export function rows_of(name, sets, seeds, metrics) {
  const key = JSON.stringify([name, sets, seeds, metrics]);
  const answer = asked.get(key) ?? new_rows(name, sets, seeds, metrics);
  asked.set(key, answer);
  answer.catch(() => asked.delete(key));
  return answer;
}

/** @param {string} name @param {string[]} sets @param {number} seeds @param {string[]} [metrics] */
async function new_rows(name, sets, seeds, metrics) {
  const run = await ask('Run.open', name, await ask('text', name) ?? '', [...sets, `seeds=${seeds}`], true);
  for (let seed = 0; seed < seeds; seed++) await ask('Run.absorb', run, seed, await ask('Run.seed', run, seed));
  const table = new TextDecoder().decode(await (metrics ? ask('Run.summary', run, metrics) : ask('Run.csv', run)));
  await ask('Run.free', run);
  const [head = '', ...lines] = table.trim().split('\n');
  const columns = head.split(',');
  return lines.map(line => Object.fromEntries(line.split(',').map((cell, i) => [columns[i] ?? '', cell])));
}

/** How wide a figure is drawn there, in pixels. @param {HTMLElement} there */
export const width_of = there => Math.max(300, Math.min(620, there.clientWidth || 620));

/**
 * The figure of curves, as wide as it is shown.
 * @param {HTMLElement} there @param {{ title?: string, x: string, y: string, label: string, joined?: boolean }} words
 *   not `joined`, it is of marks
 * @param {[string | undefined, number[][]][]} curves names and points: x, y and, where there is one, an interval
 */
export async function curves_for(there, { title = '', x, y, label, joined = true }, curves) {
  return figure(await ask('curves', title, x, y, JSON.stringify(curves), joined, width_of(there)), label);
}
