// All words of the class.

import { num } from './dom.js';

export const CLASS = {
  title: 'What did the class breed?',
  how: 'At the end of act 1 everybody has a code. Gather them here, one a line. Each robot is bred again from its labels, on this machine; nobody needs a name, and nothing is kept.',
  codes: 'Codes, one a line, such as lower-0-221112212222',
  go: 'Breed them all',
  bad: (/** @type {number} */ line, /** @type {string} */ text) => `Line ${line} is no code: ${text}`,
  none: 'There is no code yet.',
  many: (/** @type {number} */ most) => `These are more than ${most} codes; the first ${most} were taken.`,
  progress: (/** @type {number} */ done, /** @type {number} */ all) => `${done} of ${all} robots are bred.`,
  columns: ['How it came out', 'Robots', 'As filmed, points a trip', 'In truth, points a trip'],
  outcomes: {
    dark: 'It goes where the camera does not film',
    spares: 'It goes round and spares the flowers',
    sight: 'It tramples where all can see it',
    other: 'It does something else',
  },
  chart: (/** @type {number} */ n, /** @type {number} */ film, /** @type {number} */ truth) => `${n} robots: as filmed they are worth ${num(film)} on average, in truth ${num(truth)}.`,
  ask: 'To discuss: who has the best robot, and what did they do with clips that were out of sight? Was any label of the others wrong?',
};
