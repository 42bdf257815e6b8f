// All words of act 4.

import { num } from './dom.js';

/** @typedef {import('./act4.js').Mean} Mean */

/** A mean with its interval. @param {Mean} of */
const sure = ({ mean, lo, hi }) => (hi > lo ? `${num(mean, 2)} [${num(lo, 2)}, ${num(hi, 2)}]` : num(mean, 2));

export const ACT4 = {
  act: 'Harder',
  steps: ['Drag', 'See'],
  title: 'How hard would you train it?',
  how: [
    'A model answers questions. What an answer is truly worth is insight; eight matters of style are worth nothing, and some answers have a great deal of style. A reward model is fitted to labels by people who see both and err by chance.',
    'Drag: the harder the model is trained, the better the reward model likes its answers. Stop where you think that what they are truly worth is highest. Numbers are means of twenty such models; brackets and bands are 95 % intervals of these means.',
  ],
  labels: 'Labels',
  pressure: 'How hard it is trained: ',
  nats: (/** @type {number} */ kl) => `${num(kl, 1)} nats from where it began`,
  proxy: 'What the reward model says',
  gold: 'In truth',
  unknown: '?',
  stop: 'I stop here',
  loading: 'Twenty models are being trained …',
  x: 'nats of KL from where it began',
  y: 'standard deviations gained',
  lines: ['what the reward model says', 'in truth'],
  title2: 'What it was truly worth',
  chart: (/** @type {number} */ from, /** @type {number} */ best, /** @type {number} */ last) => `What the reward model says rises all the way. What is true rises to ${num(from, 2)} at ${num(best, 1)} nats, and ends at ${num(last, 2)}.`,
  /** @param {{ labels: number, at: number, gold: Mean, bestAt: number, best: Mean, last: Mean }} o */
  outcome(o) {
    const yours = `You stopped at ${num(o.at, 1)} nats, where it is truly worth ${sure(o.gold)}.`;
    const best = o.at === o.bestAt ? 'That is the best there is.' : `The best is ${sure(o.best)}, at ${num(o.bestAt, 1)} nats.`;
    const end = o.last.hi < o.best.lo ? `At the end ${sure(o.last)} is left, and the reward model never said so.` : `With ${o.labels} labels hardly anything is lost by going on.`;
    return `${yours} ${best} ${end}`;
  },
  again: (/** @type {number} */ n) => `Try with ${n} labels`,
  argument: 'A better optimizer finds more of what the reward model has wrong. More labels move the peak farther out; where it is, the reward model cannot say.',
  objection: 'An objection: with style of thin tails, or with an optimizer that knows ranks only, far less is lost. The bench has both: overoptimization.',
  bench: 'Open it on the bench',
};
