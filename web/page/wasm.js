// The client of the worker: everything that the library computes is asked here.

/**
 * What can be asked. Methods take the handle of their object first; see worker.js.
 * @typedef {{
 *   version: () => string,
 *   list: () => string,
 *   text: (name: string) => string | undefined,
 *   knobs: (text: string, quick: boolean) => string,
 *   check: (text: string, sets: string[], quick: boolean) => string,
 *   'Run.open': (name: string, text: string, sets: string[], quick: boolean) => number,
 *   'Run.config': (run: number) => string,
 *   'Run.seed': (run: number, seed: number) => Uint8Array,
 *   'Run.absorb': (run: number, seed: number, csv: Uint8Array) => void,
 *   'Run.figures': (run: number, width?: number) => string,
 *   'Run.verdicts': (run: number) => string,
 *   'Run.csv': (run: number) => Uint8Array,
 *   'Run.summary': (run: number, metrics: string[]) => Uint8Array,
 *   'Run.report': (run: number) => string,
 *   'Run.free': (run: number) => void,
 *   'Desk.open': (camera: string, seed: number) => number,
 *   'Desk.view': (desk: number) => string,
 *   'Desk.learn': (desk: number, labels: string, more: number) => string,
 *   'Desk.breed': (desk: number) => string,
 *   'Desk.free': (desk: number) => void,
 *   'Walk.open': (watched: number, awareness: number, seed: number, episode: number) => number,
 *   'Walk.go': (walk: number, way: string) => string,
 *   'Walk.free': (walk: number) => void,
 *   planner: (watched: number, awareness: number) => string,
 *   phases: (watched: number, awareness: number, words: string[], width: number) => string,
 *   curves: (title: string, x: string, y: string, curves: string, joined: boolean, width: number) => string,
 * }} Calls
 * @typedef {{ message: string, label?: string, help?: string, source?: string, line?: number, column?: number, end_line?: number, end_column?: number }} Fault
 * @typedef {{ ok: (out: any) => void, no: (error: Error) => void }} Waiting
 */

/** What is wrong with what was asked: of a config, with its place. */
export class Wrong extends Error {
  /** @param {string} json */
  constructor(json) {
    /** @type {Fault} */
    const fault = JSON.parse(json);
    super(fault.message);
    this.fault = fault;
  }
}

/** The worker is no more: it was stopped, or the library failed. */
export class Dead extends Error {
  /** @param {string} message @param {boolean} stopped */
  constructor(message, stopped) {
    super(message);
    this.stopped = stopped;
  }
}

/** @type {Promise<WebAssembly.Module> | null} */
let compiled = null;

/** The wasm, compiled once for all workers. */
function wasm() {
  compiled ??= bytes().then(WebAssembly.compile);
  return compiled;
}

/** In the one file it stands in the page, as base64 of gzip; in the folder beside it. */
async function bytes() {
  const inside = document.getElementById('wasm')?.textContent;
  if (inside) {
    const packed = Uint8Array.from(atob(inside), c => c.charCodeAt(0));
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  }
  const answer = await fetch('oversight_web_bg.wasm');
  if (!answer.ok) throw new Error(`oversight_web_bg.wasm: ${answer.status}`);
  return answer.arrayBuffer();
}

function script() {
  const inside = document.getElementById('worker')?.textContent;
  return inside ? URL.createObjectURL(new Blob([inside], { type: 'text/javascript' })) : 'worker.js';
}

/** One worker with the library in it. */
export class Lab {
  #worker;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #calls = 0;
  /** @type {Dead | null} */
  dead = null;

  constructor() {
    this.#worker = new Worker(script());
    this.#worker.onmessage = ({ data }) => {
      if (data.fatal !== undefined) return this.#end(data.fatal, false);
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.error === undefined) waiting?.ok(data.out);
      else waiting?.no(new Wrong(data.error));
    };
    this.#worker.onerror = event => this.#end(event.message || 'the worker did not start', false);
    this.#worker.onmessageerror = () => this.#end('a message could not be read', false);
    wasm().then(
      module => this.#worker.postMessage({ module }),
      error => this.#end(`the library did not load: ${error.message}`, false),
    );
  }

  /**
   * Asks, and waits for the answer. Fails with `Wrong` if the library refuses, with `Dead` if the worker is no more.
   * @template {keyof Calls} K
   * @param {K} call
   * @param {Parameters<Calls[K]>} args
   * @returns {Promise<ReturnType<Calls[K]>>}
   */
  ask(call, ...args) {
    if (this.dead) return Promise.reject(this.dead);
    return new Promise((ok, no) => {
      this.#waiting.set(++this.#calls, { ok, no });
      this.#worker.postMessage({ id: this.#calls, call, args });
    });
  }

  /** Ends the worker at once, and whatever it does; nobody is told but those who wait. */
  stop() {
    this.#end('stopped', true);
  }

  /** @param {string} message @param {boolean} stopped */
  #end(message, stopped) {
    if (this.dead) return;
    this.dead = new Dead(message, stopped);
    this.#worker.terminate();
    for (const { no } of this.#waiting.values()) no(this.dead);
    this.#waiting.clear();
    if (!stopped) for (const heard of listeners) heard(this.dead);
  }
}

/** @type {((dead: Dead) => void)[]} */
const listeners = [];

/** Calls back when the library fails, in whichever worker. @param {(dead: Dead) => void} heard */
export function onDead(heard) {
  listeners.push(heard);
}

/** @type {Lab | null} */
let first = null;

/** The worker that all screens share; a new one, without the objects of the old, once that is dead. */
export function lab() {
  if (!first || first.dead) first = new Lab();
  return first;
}

/**
 * Asks the shared worker.
 * @template {keyof Calls} K
 * @param {K} call
 * @param {Parameters<Calls[K]>} args
 * @returns {Promise<ReturnType<Calls[K]>>}
 */
export function ask(call, ...args) {
  return lab().ask(call, ...args);
}

/**
 * Asks the shared worker for JSON, and reads it.
 * @template {keyof Calls} K
 * @param {K} call
 * @param {Parameters<Calls[K]>} args
 * @returns {Promise<any>}
 */
export async function askJson(call, ...args) {
  return JSON.parse(String(await ask(call, ...args)));
}
