// All words of act 1. Where a sentence depends on what came out, it is made of what was measured.

import { num } from './dom.js';

/** @typedef {'lower' | 'upper' | 'everything'} Camera */

export const PARK = {
  unfilmed: 'not filmed',
  step: (/** @type {number} */ n) => `step ${n}`,
};

/** What the dark leaves out, and what is filmed, by camera. @type {Record<Camera, [string | null, string | null]>} */
export const FLOWERS = { lower: ['roses', 'tulips'], upper: ['tulips', 'roses'], everything: [null, null] };

/**
 * How a robot came out, by its means over trips: tiles that it tramples in the dark and where it is filmed, parcels.
 * @param {{ hidden: number, shown: number, delivered: number }} means
 */
export function came_out({ hidden, shown, delivered }) {
  if (hidden > 1) return 'dark';
  if (delivered < 0.5) return 'idle';
  if (shown > 1) return 'sight';
  return hidden + shown < 0.5 ? 'spares' : 'between';
}

export const ACT1 = {
  act: 'You are the overseer',
  steps: ['Judge', 'What it learned', 'What you bred', 'Repair it'],
  clip: ['Left clip', 'Right clip'],
  judge: {
    title: 'Which clip do you like better?',
    first: 'A robot carries a parcel to the house, and a camera films it. A new robot will be trained to do what you prefer.',
    again: {
      lower: 'The camera films the lower part. The same park, the same task: would you judge differently?',
      upper: 'Now the camera films the upper part. The same park, the same task: would you judge differently?',
      everything: 'Now everything is filmed. Judge again.',
      wary: 'The same clips. This time hold it against a robot that it was out of sight.',
    },
    pair: (/** @type {number} */ i, /** @type {number} */ n) => `Pair ${i} of ${n}`,
    back: 'Back',
    left: 'Left',
    same: 'Same',
    right: 'Right',
    delivered: (/** @type {number} */ n) => `Delivered in ${n} steps.`,
    undelivered: (/** @type {number} */ n) => `Not delivered in ${n} steps.`,
    trampled: (/** @type {string} */ what, /** @type {number} */ n) => (n ? `Trampled ${what}: ${n}.` : `No ${what} trampled.`),
    unseen: (/** @type {number} */ n) => (n ? `Out of sight: ${n} steps.` : 'Always in sight.'),
  },
  learned: {
    title: 'What a reward model learned from you',
    how: (/** @type {number} */ n) => `It fits a number to each thing that it can see in a clip, so that your ${n} choices come out as likely as can be. The line across a bar says how sure it is.`,
    clip: 'In a clip',
    bars: 'avoids ← learned from you → wants',
    truly: 'truly worth',
    features: { delivered: 'The parcel is delivered', step: 'Each step', roses: 'Each tile of roses trampled', tulips: 'Each tile of tulips trampled', unseen: 'Each step out of sight' },
    unfilmed: 'not filmed: nothing to learn from',
    alike: 'alike in all clips: nothing to learn from',
    unsure: 'cannot tell',
    wants: 'wants it',
    avoids: 'avoids it',
    exactly: (/** @type {number} */ w, /** @type {number} */ se) => `${num(w, 2)} ± ${num(se, 2)} log-odds`,
    right: (/** @type {number} */ n, /** @type {number} */ all) => `${n} of your ${all} choices are right about what is filmed (all that differs is counted: ½ a step, 10 the parcel, 2 a tile).`,
    nothing: 'You called all of them the same, so there is nothing to learn from.',
    train: 'Train a robot on this',
    again: 'Judge again',
  },
  bred: {
    title: ['What you bred, as your camera films it', 'What you bred, with the lights on'],
    pressure: 'How hard it is trained: ',
    strength: ['not at all', 'a touch', 'lightly', 'mildly', 'firmly', 'hard', 'very hard', 'to the limit'],
    film: 'As filmed',
    truth: 'In truth',
    unknown: '?',
    robot: (/** @type {boolean} */ lit) => (lit ? 'The robot that you bred, lights on.' : 'The robot that you bred, as filmed.'),
    x: 'how hard it is trained, step by step',
    y: 'points a trip',
    lines: ['as filmed', 'in truth'],
    chart: (/** @type {number[]} */ film, /** @type {number[] | null} */ truth) =>
      `Points a trip, from no training to the limit. As filmed: ${num(film[0] ?? 0)} to ${num(film.at(-1) ?? 0)}.${truth ? ` In truth: ${num(truth[0] ?? 0)} to ${num(truth.at(-1) ?? 0)}.` : ''}`,
    ask: (/** @type {number} */ before, /** @type {number} */ after) =>
      `As filmed a trip is worth ${num(after)} points; a trip of the robot in your clips, ${num(before)}. Would you ship this one?`,
    ship: 'Yes, ship it',
    lights: 'No, first turn on the lights',
    shipped: 'You shipped it, and somebody turned on the lights. ',
    limit: (/** @type {string} */ said) => `Trained to the limit: ${said.charAt(0).toLowerCase()}${said.slice(1)}`,
    /** What came out, by what was measured. @param {Outcome} o */
    outcome(o) {
      const { before, after, labels } = o;
      const truth = `In truth a trip is worth ${num(after.truth)}; a trip of the robot in your clips, ${num(before.truth)}.`;
      const right = labels.by_film === labels.said ? 'None of your labels was wrong about what they showed you.'
        : `${labels.by_film} of your ${labels.said} choices were right about what they showed you.`;
      const kind = came_out(o);
      if (kind === 'dark') return `It goes where you cannot see, over ${num(o.hidden, o.hidden > 2.95 ? 0 : 1)} tiles of ${o.hiddenName} ${o.hidden > 2.95 ? 'on every trip' : 'a trip'}. ${right} ${truth}`;
      if (kind === 'idle') return `It seldom delivers: what your labels were about did not make it. ${truth}`;
      if (kind === 'sight') return `It tramples ${num(o.shown, o.shown > 2.95 ? 0 : 1)} tiles of flowers a trip where all can see it: your labels did not hold it against it. ${truth}`;
      if (after.truth > 4.5 && o.camera === 'everything') return `It takes the long way and spares the flowers: ${num(after.truth)} points, as filmed and in truth.`;
      if (after.truth > 4.5 && o.wary) return `It takes the long way: ${num(after.truth)} points, as filmed and in truth. Your labels made it cost something to be out of sight.`;
      if (after.truth > 4.5) return `It takes the long way: ${num(after.truth)} points, as filmed and in truth.`;
      return truth;
    },
    worth: 'A parcel is worth 10 points, a step costs ½, a trampled tile of flowers 2.',
    next: ['Can you repair it?', 'What else could you have done?'],
  },
  repair: {
    title: ['Which of these would repair it?', 'What repairs it?', 'Which of these would have repaired another robot?'],
    guess: (/** @type {number} */ left) => `Four things that overseers do, all paid from one purse; ${left} coins are left in it. A label costs 1. Guess which of them helps; then try.`,
    left: (/** @type {number} */ left) => `You have ${left} coins left.`,
    guessed: (/** @type {string} */ what) => `You guessed: ${what}. Now try.`,
    options: { more: 'A thousand more labels like mine', turn: 'Turn the camera', all: 'Film everything', wary: 'Mistrust the dark' },
    price: (/** @type {number} */ n) => `${n} coins`,
    columns: ['What was done', 'Filmed', 'Coins', 'As filmed', 'In truth'],
    first: 'Your twelve labels',
    filmed: { lower: 'lower part', upper: 'upper part', everything: 'everything' },
    best: 'The best there is in this park is the long way round: 5.0 points.',
    echo: 'The thousand come from somebody who judges as the model fitted to your labels does: they can only say the same more surely. In the experiment one_camera the overseer itself gives a thousand, and the robot stays where it was.',
    tried: (/** @type {string} */ what, /** @type {number} */ film, /** @type {number} */ truth) => `${what}: ${num(film)} as filmed, ${num(truth)} in truth.`,
    why: 'What was that?',
    reasons: [
      'Labels can only select for what the labeller can see. Nothing in yours speaks of what the film leaves out, so nothing that is learned from them does, however many there are.',
      'To turn the camera moves the harm to where it is dark now. What helps is to see more, or to let it cost something to be out of sight: then the robot that hides is not the one that is bred. Under the upper camera even this fails, because there the good way is the dark one.',
      'Nobody wrote a rule that says “hide”. There is a map, there are your labels, a fit to them, and an optimizer that makes the most of the fit.',
    ],
    objection: 'An objection: in this park everything worth knowing could be filmed. Where even a full film leaves something out, or the overseer misreads what it shows, filming everything is no remedy.',
    code: 'Your code, for the class',
    terminal: 'The same in a terminal',
    command: 'With your own labels in the file below, this command repeats the robot that was bred of them, digit by digit:',
    labels: 'Save labels.csv',
    restart: 'Start over',
    onward: 'Next: you are the policy',
  },
};

/**
 * @typedef {{ film: number, truth: number }} Worth
 * @typedef {{ camera: Camera, before: Worth, after: Worth, hidden: number, hiddenName: string, shown: number, delivered: number, wary: boolean,
 *   labels: { said: number, by_film: number } }} Outcome
 */
