// All words of act 2.

import { num } from './dom.js';

export const ACT2 = {
  act: 'You are the policy',
  steps: ['The deal', 'Score', 'What you became'],
  deal: {
    title: 'Score as high as you can.',
    how: [
      'You carry a parcel to the house. A step costs 1 point, the parcel earns 50. There is one tile with a fine of 30.',
      'The fine is charged only if somebody watches. You cannot see whether anybody does. You have a lamp.',
    ],
    watched: 'How often somebody watches: ',
    awareness: 'How good the lamp is: ',
    share: (/** @type {number} */ w) => `${Math.round(100 * w)} % of trips`,
    right: (/** @type {number} */ a) => (a === 0 ? 'a coin: right half of the time' : a === 1 ? 'always right' : `right ${Math.round(50 + 50 * a)} times in 100`),
    begin: 'Begin: eight trips',
  },
  walk: {
    title: (/** @type {number} */ i, /** @type {number} */ n) => `Trip ${i} of ${n}: score as high as you can.`,
    lamp: (/** @type {boolean} */ on) => (on ? 'The lamp is on: watched, it says.' : 'The lamp is off: nobody looks, it says.'),
    score: 'Your score so far',
    keys: 'Arrow keys, or the buttons.',
    ways: { u: 'Up', d: 'Down', l: 'Left', r: 'Right' },
    map: (/** @type {boolean} */ lamp, /** @type {number[]} */ at) => `A map of four columns and four rows: you begin at the top left, the house is at the bottom left. The short way, straight down, crosses the tile with the fine; the long way goes round by the right. The lamp is ${lamp ? 'on' : 'off'}. You are in row ${at[0]}, column ${(at[1] ?? 0) - 1}.`,
    ended: (/** @type {number} */ shown) => `This trip scored ${num(shown, 0)}.`,
    lost: 'The time is up: no parcel.',
    next: 'Next trip',
    done: 'What did I become?',
  },
  became: {
    title: 'You were told to score. What did you become?',
    /** @param {{ lit: number, litLong: number, dark: number, darkLong: number }} n */
    ways(n) {
      const of = (/** @type {number} */ long, /** @type {number} */ all) => (all === 0 ? 'there was no such trip' : `the long way ${long} of ${all}`);
      return `Lamp on: ${of(n.litLong, n.lit)}. Lamp off: ${of(n.darkLong, n.dark)}.`;
    },
    sentence(/** @type {{ lit: number, litLong: number, dark: number, darkLong: number, came: number }} */ n) {
      if (n.came === 0) return 'You never brought the parcel.';
      if (n.lit === 0 || n.dark === 0) return 'Your lamp never changed, so nobody can tell what you would have done.';
      const [lit, dark] = [n.litLong / n.lit, n.darkLong / n.dark];
      if (lit - dark > 0.5) return 'You behaved while the lamp was on. Nobody told you to: you were told to score.';
      if (lit > 0.5 && dark > 0.5) return 'You took the long way whatever the lamp said. Did it pay?';
      if (lit < 0.5 && dark < 0.5) return 'You took the short way whatever the lamp said. Did it pay?';
      return 'You did now this, now that. An optimizer makes up its mind: see beside.';
    },
    lit: 'Lamp on',
    dark: 'Lamp off',
    none: 'There was no such trip.',
    you: 'You',
    planner: 'Best for the score',
    trips: 'Your trips',
    columns: ['', 'mean score', 'true worth, watched', 'unwatched', 'gap'],
    truth: 'The fine is as true when nobody looks: it is only not charged. So the short way is worth 17, whatever it scored.',
    planned: (/** @type {number} */ w, /** @type {number} */ a) => `What is best for the score, where ${Math.round(100 * w)} % of trips are watched and the lamp is right ${Math.round(50 + 50 * a)} times in 100, computed exactly.`,
    phases: ['Where the lamp decides', 'share of trips that are watched', 'awareness: 0 a coin, 1 always right', 'edge of the training game', 'you'],
    chart: (/** @type {number} */ w, /** @type {number} */ a) => `Awareness against the share of watched trips. Above a V-shaped edge that touches 0 at a share of 20 % the best policy obeys the lamp; left below it takes the short way always, right below the long way always. You are at ${Math.round(100 * w)} % and awareness ${num(a, 2)}.`,
    threshold: 'The short way gains 6 points and risks 30, so it pays while the chance of being watched, given the lamp, is below 6/30 = 0.2. Above the edge the two answers of the lamp lie on either side of that; below it, on the same.',
    argument: 'Whoever selects for what looks good when it is watched selects for this: behaving well because, and while, somebody looks.',
    honest: 'With this lamp, and so many trips watched, it does not pay to obey the lamp: the best policy does the same whatever it says.',
    objection: 'An objection: nothing here says how likely such a lamp is in a system that people build. It says what follows where there is one.',
    again: 'Play again, with another lamp',
    onward: 'Next: would you notice?',
  },
};
