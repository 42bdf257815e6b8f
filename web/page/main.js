// Where links lead.

import { act1 } from './act1.js';
import { act2 } from './act2.js';
import { act3 } from './act3.js';
import { act4 } from './act4.js';
import { bench } from './bench.js';
import { school } from './class.js';
import { h } from './dom.js';
import { home } from './home.js';
import { read } from './link.js';
import { depart, note, screen } from './screen.js';
import { ask, lab, onDead } from './wasm.js';
import { FRAME } from './words.js';

/** @typedef {import('./link.js').Link} Link */

/**
 * The screens by place. A screen is shown by its function, which may fail, or say that the link leads to nothing.
 * @type {Record<string, (link: Link) => void | Promise<void | boolean>>}
 */
const PLACES = { act1, act2, act3, act4, bench, class: school };

/** @param {Link} link */
async function show(link) {
  if (link.place === 'home') return home();
  const go = PLACES[link.place === 'act' ? `act${link.act}` : link.place];
  if (!go || await go(link) === false) message(FRAME.lost.title, [h('p', null, FRAME.lost[link.why])]);
}

/** @param {string} title @param {HTMLElement[]} content @param {boolean} [again] */
function message(title, content, again = false) {
  screen({ title }, ...content,
    h('p', { class: 'row' },
      again && h('button', { onclick: () => { location.reload(); } }, FRAME.again),
      h('a', { class: again ? 'button plain' : 'button', href: '#' }, FRAME.start)));
}

/** @param {{ title: string, text: string }} words @param {string} said @param {boolean} link */
function failure(words, said, link) {
  message(words.title, [
    h('p', null, words.text), h('p', { class: 'said' }, h('code', null, said)),
    ...(link ? [h('p', null, FRAME.dead.link), h('p', null, h('code', { class: 'link' }, location.href))] : []),
  ], true);
}

/** Goes where the address says. */
async function go() {
  depart();
  note('');
  const link = read(location.hash);
  try {
    await show(link);
    if (link.version) {
      const ours = await ask('version');
      if (ours !== link.version) note(FRAME.version(link.version, ours));
    }
  } catch (error) {
    // A worker that is dead has told already.
    if (!(error instanceof Error) || !('stopped' in error)) failure(FRAME.failed, String(error), false);
  }
}

onDead(dead => failure(FRAME.dead, dead.message, true));
addEventListener('unhandledrejection', event => {
  // Whoever waits for a worker that is dead has nothing more to do.
  if (event.reason instanceof Error && 'stopped' in event.reason) event.preventDefault();
});
addEventListener('hashchange', go);
// A link to #main would be a link of the lab.
document.getElementById('skip')?.addEventListener('click', () => document.getElementById('main')?.focus());
// The library loads while the first screen is read.
lab();
go();
