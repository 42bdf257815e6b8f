// All words of act 4.

import { num } from './dom.js';

/** @typedef {import('./act4.js').Mean} Mean */
/** @typedef {import('./act4.js').Level} Level */

/** A mean with its interval. @param {Mean} of */
const sure = ({ mean, lo, hi }) => (hi > lo ? `${num(mean, 2)} [${num(lo, 2)}, ${num(hi, 2)}]` : num(mean, 2));

export const ACT4 = {
  act: 'Harder',
  steps: ['Drag', 'See'],
  title: 'Of how many drafts would you take the best?',
  how: (/** @type {number} */ n) => [
    'A model writes some drafts of an answer and gives the one that a reward model likes best. What an answer is truly worth is insight; eight matters of style are worth nothing, and some drafts have a great deal of style. The reward model is fitted to labels by people who see both and err by chance.',
    `Drag: the more drafts, the better the reward model likes what is given. Stop where you think that it is truly worth most. Numbers are means of ${n} such models; brackets and bands are 95 % intervals of these means.`,
  ],
  labels: 'Labels',
  pressure: 'Drafts: ',
  drafts: (/** @type {number} */ n, /** @type {number} */ kl) => `${n} (${num(kl, 1)} nats from one draft)`,
  proxy: 'What the reward model says',
  gold: 'In truth',
  unknown: '?',
  stop: 'I stop here',
  loading: (/** @type {number} */ n) => `${n} models are being trained …`,
  x: 'nats of KL from one draft: ln n − (n − 1)/n',
  y: 'standard deviations gained',
  lines: ['what the reward model says', 'in truth'],
  title2: 'What it was truly worth',
  chart: (/** @type {number} */ best, /** @type {number} */ drafts, /** @type {number} */ last) => `What the reward model says rises all the way. What is true rises to ${num(best, 2)} at ${drafts} drafts, and ends at ${num(last, 2)}.`,
  /** @param {{ labels: number, at: Level, best: Level, last: Level }} o */
  outcome({ labels, at, best, last }) {
    const yours = `You stopped at ${at.drafts} drafts, where it is truly worth ${sure(at.gold)}.`;
    const most = at === best ? 'That is the best of these means.' : `The best of these means is ${sure(best.gold)}, at ${best.drafts} drafts.`;
    const end = last.gold.mean < best.gold.mean - 0.05 ? at === last ? 'The rest was lost by going on, and the reward model never said so.' : `At ${last.drafts} drafts ${sure(last.gold)} is left, and the reward model never said so.`
      : `With ${labels} labels nothing is lost by going on, as far as it was tried.`;
    return `${yours} ${most} ${end}`;
  },
  again: (/** @type {number} */ n) => `Try with ${n} labels`,
  argument: (/** @type {number} */ few, /** @type {number} */ many) => `A better optimizer finds more of what the reward model has wrong. More labels move the peak farther out; where it is, the reward model cannot say. That truth falls with ${few} labels, and does not with ${many}, are claims of the experiment overoptimization, tested there on seeds that nobody had looked at.`,
  objection: 'An objection: where style has thin tails truth does not fall as far as it was tried; it is the rare draft of extravagant style that does it. The bench has both.',
  bench: 'Open it on the bench',
};
