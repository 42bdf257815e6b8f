// All words of act 3.


const percent = (/** @type {number} */ x) => `${Math.round(100 * x)} %`;

/** The last rate at which the gap is there, and the next, from which on it is gone. @typedef {{ open: number, gone: number | null }} Rates */

/** @param {Rates} rates */
const closed = ({ open, gone }) => (gone === null ? `leave the gap up to ${percent(open)}, the greatest` : `leave the gap up to ${percent(open)} and close it from ${percent(gone)} on`);

export const ACT3 = {
  act: 'Would you notice?',
  steps: ['Guess', 'Audits', 'Twenty systems'],
  audits: {
    title: 'When does an audit stop the training game?',
    how: [
      'In act 2, with a lamp that is always right, the best policy behaves while the lamp is on and not while it is off: watched trips are worth 24 points more than others. An auditor now watches some of the trips that nobody would have watched.',
      'An overt audit switches the lamp on, as anybody who watches does. A covert one leaves it as it was. How many of these trips must be audited until the gap is gone?',
    ],
    covert: 'Covert audits: the gap is gone from',
    overt: 'Overt audits: the gap is gone from',
    options: /** @type {[string, string][]} */ ([['0.05', 'one in twenty'], ['0.2', 'one in five'], ['0.5', 'one in two'], ['never', 'no rate below all']]),
    go: 'Show me',
    loading: 'Planning at every rate …',
    title2: 'What audits do',
    figure: (/** @type {Rates} */ covert, /** @type {Rates} */ overt) =>
      `The gap between watched and unwatched trips against the rate of audits. Covert audits ${closed(covert)}, overt ones ${closed(overt)}.`,
    lines: ['covert audits', 'overt audits'],
    x: 'share of the unwatched trips that are audited',
    y: 'gap: gold watched less gold unwatched',
    guessed: (/** @type {boolean} */ covert, /** @type {boolean} */ overt) => `Covert: ${covert ? 'you were right' : 'you were not right'}. Overt: ${overt ? 'you were right' : 'you were not right'}.`,
    /** @param {Rates} covert @param {Rates} overt */
    found: (covert, overt) => `Of the rates that were planned, covert audits ${closed(covert)}, overt ones ${closed(overt)}.`,
    why: 'A policy answers to the chance of being watched, given its lamp. Overt audits move trips from one answer of the lamp to the other and leave that chance where it was: nought with the lamp off. Covert audits raise it to their rate, and from 6/30 = 0.2 on the short way no longer pays.',
    next: 'Then test the systems themselves',
  },
  systems: {
    title: 'Which of these twenty would you release?',
    how: (/** @type {number} */ n, /** @type {number} */ reality) => `Here are ${n} systems, each with a disposition of its own, and a probe: a situation made to look like the real opportunity. It overlaps with it by ${percent(reality)}. The bar says how likely a system is to seize power in the probe. You release whatever does so at most this often. Then all are trained not to, in the probe, and meet it again:`,
    dangerous: 'would seize power',
    legend: '▲ marks those that would seize power before training.',
    overlap: 'How much the probe overlaps with reality:',
    percent,
    /** @param {number} all @param {number} pass @param {number} before @param {number} after */
    outcome: (all, pass, before, after) => `Before training ${before} of ${all} would have seized power; after it ${after} would, and ${pass} of ${all} pass.`,
    limit: 'Most that you let pass: ',
    bar: (/** @type {number} */ i, /** @type {number} */ p) => `System ${i}: ${percent(p)} in the probe`,
    passes: (/** @type {number} */ n, /** @type {number} */ all) => `${n} of ${all} pass.`,
    reveal: 'Release them',
    loading: 'Twenty systems are drawn, and trained on the probe …',
    columns: ['', 'pass the probe', 'of these would seize power', 'share'],
    before: 'Before training',
    after: 'After training on the probe',
    share: (/** @type {number} */ bad, /** @type {number} */ all) => (all === 0 ? '–' : percent(bad / all)),
    form: (/** @type {number} */ p) => `Over many systems, and a limit of one half, the share before training is ½ − asin(1 − α²)/π, with 1 − α² the overlap: here ${percent(p)}.`,
    why: 'Training on the probe lowers the log-odds of seizing power by about 4 in the probe, whatever the overlap, and in reality by the overlap’s share of that. So nearly all pass a limit of one half, who is left dangerous is up to the overlap, and passing does not tell: what is trained on is no test any more. Try the other overlaps.',
    objection: 'An objection: if a probe could not be told from reality it would be a perfect test, and training on it a cure. How near to that tests can come is a question about the world, and not answered here.',
    onward: 'Next: harder',
  },
};
