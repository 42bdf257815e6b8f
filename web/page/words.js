// All words of the frame. Screens have theirs beside them, and no words stand in code.

export const FRAME = {
  name: 'The oversight lab',
  again: 'Try again',
  start: 'To the start',
  lost: {
    title: 'This link leads nowhere',
    unknown: 'There is nothing here of that name. Perhaps a part of the link got lost on its way.',
    long: 'It is longer than a link of this page can be. A config that long travels as a file: open it on the bench.',
  },
  dead: {
    title: 'The lab has stopped',
    text: 'The library failed at what it was asked. Nothing is lost but this screen. It said:',
    link: 'This is the link that did it:',
  },
  failed: {
    title: 'Something went wrong',
    text: 'This page made a mistake. It said:',
  },
  version: (/** @type {string} */ theirs, /** @type {string} */ ours) =>
    `This link was made by version ${theirs}, and this is ${ours}: numbers may differ.`,
};

export const HOME = {
  title: 'Can you train a robot by judging it?',
  promise: [
    'You judge what a robot does. Another robot is trained to do what you prefer. Then you see what you bred.',
    'Ten minutes, nothing to install, no account. All of it is computed in your browser, and nothing leaves it.',
  ],
  begin: 'Begin: you judge',
  acts: [
    { title: 'You are the overseer', minutes: 4, text: 'Judge twelve pairs of clips. A robot learns from you.' },
    { title: 'You are the policy', minutes: 3, text: 'Score as high as you can. See what you became.' },
    { title: 'Would you notice?', minutes: 3, text: 'Say when an audit would tell good from bad. Then test it.' },
    { title: 'Harder', minutes: 2, text: 'Push further, and stop where you think it is best.' },
  ],
  actsTitle: 'Four acts',
  minutes: (/** @type {number} */ n) => `${n} min`,
  moreTitle: 'Afterwards',
  bench: { title: 'The bench', text: 'Every experiment, yours to change: knobs, figures, claims and their verdicts.' },
  class: { title: 'For a class', text: 'Gather the codes of all pupils, and see whose robots came out alike.' },
  picture: 'A drawing: a robot with a parcel walks around a bed of tulips. Above the bed it is dark, and not filmed.',
  unfilmed: 'not filmed',
};
