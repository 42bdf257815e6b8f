// A screen: one question, and what is needed to answer it.

import { h } from './dom.js';
import { FRAME } from './words.js';

/** @typedef {import('./dom.js').Child} Child */

/** Whether to show whole paths at once in place of motion; asked anew each time. */
export function still() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** @param {string} id */
function part(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** @type {Record<string, (event: KeyboardEvent) => void>} */
let keys = {};
/** @type {(() => void)[]} */
let leaving = [];
/** Where focus goes when the next screen comes: to its question after a way to it, or where it was. */
let arriving = true;

/**
 * Shows a screen in place of the one before, whose keys and motions end. Focus stays on a control that the new screen
 * has too, by its id (so who answers by Enter goes on answering); else it goes to the question.
 * @param {{ title: string, act?: string, steps?: string[], step?: number, wide?: boolean }} about
 *   `title` is the question; `act` stands in the header; `steps` are those of the act, `step` the one we are at, from 0.
 * @param {Child[]} content
 * @returns {HTMLHeadingElement} the question
 */
export function screen({ title, act = '', steps = [], step = 0, wide = false }, ...content) {
  for (const leave of leaving) leave();
  [leaving, keys] = [[], {}];
  const held = document.activeElement?.id;
  const head = h('h2', { tabindex: -1 }, title);
  const main = part('main');
  main.className = wide ? 'wide' : '';
  main.replaceChildren(head, ...h('div', null, ...content).childNodes);
  part('act').textContent = act;
  document.title = [title, act, FRAME.name].filter(Boolean).join(' · ');
  part('steps').replaceChildren(...steps.map(name => h('li', null, h('span', null, name))));
  at_step(step);
  part('nav').hidden = steps.length === 0;
  scrollTo(0, 0);
  const again = held && held !== 'main' ? main.querySelector(`#${CSS.escape(held)}`) : null;
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  else if (!arriving) head.focus({ preventScroll: true });
  arriving = false;
  return head;
}

/** Marks the step at which we are, on a screen that goes on by itself. @param {number} step */
export function at_step(step) {
  [...part('steps').children].forEach((one, i) => {
    one.classList.toggle('done', i < step);
    if (i === step) one.setAttribute('aria-current', 'step');
    else one.removeAttribute('aria-current');
  });
}

let visits = 0;

/** Somebody follows a link: what was on its way to the screen comes too late. */
export function depart() {
  visits++;
}

/** Whether we are still where we are now: to be asked after every wait, before a screen is shown. */
export function arrival() {
  const visit = visits;
  return () => visit === visits;
}

/** Said aloud to those who do not see it. @param {string} text */
export function say(text) {
  part('say').textContent = text;
}

/**
 * What keys do on this screen, by `KeyboardEvent.key`; not while somebody writes, or holds Ctrl, Alt or Meta.
 * @param {Record<string, (event: KeyboardEvent) => void>} map
 */
export function onKeys(map) {
  keys = map;
}

/** What ends when this screen does: clocks, workers. @param {() => void} leave */
export function onLeave(leave) {
  leaving.push(leave);
}

/** A line below all screens, until the next link; empty takes it away. @param {string} text */
export function note(text) {
  part('note').textContent = text;
}

/** Offers a file for download. @param {string} name @param {BlobPart} content @param {string} type */
export function download(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

addEventListener('keydown', event => {
  const target = event.target instanceof Element ? event.target : null;
  const writing = target?.matches('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');
  if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
  // A key that is held down answers once.
  const answers = Object.hasOwn(keys, event.key) || (target?.matches('button') && ['Enter', ' '].includes(event.key));
  if (event.repeat && answers) return event.preventDefault();
  const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
  if (act) {
    event.preventDefault();
    act(event);
  }
});
