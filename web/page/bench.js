// The bench: any experiment, its config, its levels; seeds run in workers, figures sharpen, verdicts come last.

import { figure, h } from './dom.js';
import { packConfig, unpackConfig, write } from './link.js';
import { download, note, onLeave, say, screen } from './screen.js';
import { Lab, Wrong, ask, askJson } from './wasm.js';
import { BENCH } from './bench_words.js';

/**
 * @typedef {{ name: string, levels: string[] }} KnobAxis
 * @typedef {{ name: string, title: string, about: string, seeds: number, cells: number, seconds_per_seed: number, axes: KnobAxis[] }} Facts
 * @typedef {{ say: string, kind: string, verdict: string, reason?: string }} Claim
 * @typedef {{ name: string, text: string, sets: string[], quick: boolean, hide: Set<string> }} Work
 */

const WORKERS = Math.max(1, Math.min(3, (navigator.hardwareConcurrency || 2) - 1));
/** Milliseconds between two drawings of the figures, and seconds that are long for a browser. */
const REDRAW = 1000, LONG = 120;

/** @param {import('./link.js').Link} link */
export async function bench(link) {
  /** @type {{ name: string, title: string }[]} */
  const all = await askJson('list');
  const packed = link.config ? await unpackConfig(link.config) : null;
  const known = all.some(one => one.name === link.run) ? link.run : all.some(one => one.name === 'three_failures') ? 'three_failures' : all[0]?.name ?? '';
  const text = packed ?? await ask('text', known) ?? '';
  if ((link.run && link.run !== known) || (link.config && packed === null)) note(BENCH.unknown);
  setUp({ name: packed === null ? known : 'mine', text, sets: link.sets, quick: link.quick || (!link.run && packed === null), hide: link.hide }, all);
}

/** @param {Work} work @param {{ name: string, title: string }[]} all */
function setUp(work, all) {
  let builtIn = all.some(one => one.name === work.name);
  /** @type {Facts | null} */
  let facts = null;
  const fault = h('div', { id: 'fault', role: 'alert' }), knobs = h('div', { id: 'knobs' }), about = h('p', { class: 'quiet small' });
  const asks = h('p', { id: 'asks', class: 'small' }), out = h('div', { id: 'out' }), command = h('code', { id: 'command' });
  const sets = h('textarea', { id: 'sets', rows: 2, spellcheck: 'false', oninput: () => later(false) });
  const text = h('textarea', { id: 'text', rows: 14, spellcheck: 'false', oninput: () => later(true) });
  const quick = h('input', { id: 'quick', type: 'checkbox', checked: work.quick, onchange: () => { work.quick = quick.checked; check(); } });
  const start = h('button', { id: 'run', onclick: () => { if (facts) run(work, facts, out, start); } }, BENCH.run);
  const link = h('button', { id: 'link', class: 'plain', onclick: copy }, BENCH.link);
  const pick = h('select', { id: 'pick', onchange: () => { location.hash = write([['run', pick.value], ['quick', '']]); } },
    !builtIn && h('option', { value: '', selected: true }, BENCH.own),
    all.map(one => h('option', { value: one.name, selected: one.name === work.name }, one.name)));
  sets.value = work.sets.join('\n');
  text.value = work.text;

  let timer = 0;
  /** A change of the text waits until the hand rests. @param {boolean} own */
  function later(own) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      work.sets = sets.value.split('\n').map(line => line.trim()).filter(Boolean);
      if (own) [work.text, work.name, builtIn] = [text.value, 'mine', false];
      check();
    }, 300);
  }
  onLeave(() => clearTimeout(timer));

  async function check() {
    start.disabled = true;
    fault.replaceChildren();
    try {
      facts = /** @type {Facts} */ (await askJson('check', work.text, work.sets, work.quick));
      asks.textContent = BENCH.asks(facts, BENCH.time(facts.seconds_per_seed * facts.seeds)) + (facts.seconds_per_seed * facts.seeds > LONG ? ` ${BENCH.heavy}` : '');
      about.textContent = facts.about;
      head.textContent = facts.title || BENCH.title;
      start.disabled = false;
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      facts = null;
      asks.textContent = '';
      fault.append(wrong(error.fault, work));
    }
    command.textContent = terminal(work, builtIn);
    await axes();
    const address = builtIn ? [['run', work.name]] : [['config', await packConfig(work.text) ?? '']];
    if (address[0]?.[1]) history.replaceState(null, '', write(/** @type {[string, string][]} */ ([...address, ...(work.quick ? [['quick', '']] : []), ...work.sets.map(set => ['set', set])])));
  }

  /** A select for every axis, of all its levels: what is chosen is a line of the settings. */
  async function axes() {
    let whole = facts;
    if (facts === null || work.sets.length) {
      // Levels that are set away are still to be chosen.
      whole = await askJson('check', work.text, [], work.quick).catch(() => facts);
    }
    const held = document.activeElement?.id;
    knobs.replaceChildren(...(whole?.axes ?? []).filter(axis => axis.levels.length > 1).map((axis, i) => {
      const mine = work.sets.find(set => set.split('=')[0]?.trim() === axis.name);
      const now = mine?.slice(mine.indexOf('=') + 1).trim() ?? '';
      const select = h('select', { id: `axis-${i}`, onchange: () => {
        work.sets = work.sets.filter(set => set !== mine);
        if (select.value) work.sets.push(`${axis.name}=${select.value}`);
        sets.value = work.sets.join('\n');
        check();
      } }, h('option', { value: '' }, BENCH.all), axis.levels.map(level => h('option', { value: level, selected: level === now }, level)));
      return h('div', null, h('label', { for: `axis-${i}` }, axis.name), select);
    }));
    if (held) document.getElementById(held)?.focus();
  }

  async function copy() {
    const packed = builtIn ? '' : await packConfig(work.text);
    if (packed === null) return say(asks.textContent = BENCH.long);
    await navigator.clipboard?.writeText(location.href).catch(() => {});
    link.textContent = BENCH.copied;
    say(BENCH.copied);
  }

  const head = screen({ title: BENCH.title, act: BENCH.title, wide: true },
    h('div', { class: 'bench' },
      h('div', null,
        h('label', { for: 'pick' }, BENCH.pick), pick,
        !work.hide.has('knobs') && [h('fieldset', null, h('legend', null, BENCH.knobs), knobs),
          h('label', { for: 'sets' }, BENCH.settings), sets],
        h('p', { class: 'row' }, start, h('label', { class: 'check' }, quick, BENCH.quick)), asks, fault,
        !work.hide.has('text') && [h('label', { for: 'text' }, BENCH.text), text],
        h('details', null, h('summary', null, BENCH.about), about),
        h('details', { open: true }, h('summary', null, BENCH.terminal), h('p', null, command), h('p', { class: 'row' }, link))),
      out));
  check();
}

/** What is wrong with a config, where, and what to do. @param {import('./wasm.js').Fault} fault @param {Work} work */
function wrong(fault, work) {
  const lines = fault.source?.startsWith('--set') ? [] : work.text.split('\n');
  const { line = 0, column = 0 } = fault, there = lines[line - 1];
  return h('div', { class: 'wrong' },
    h('p', null, h('b', null, fault.message)),
    line > 0 && h('p', { class: 'small quiet' }, BENCH.wrong(fault.source ?? '', line, column)),
    there !== undefined && h('pre', { tabindex: 0 }, `${there}\n${' '.repeat(Math.max(0, column - 1))}^ ${fault.label ?? ''}`),
    fault.help && h('p', null, BENCH.help, fault.help));
}

/** @param {string} word */
const quoted = word => (/^[\w.=/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** @param {Work} work @param {boolean} builtIn */
function terminal(work, builtIn) {
  return ['oversight run', builtIn ? work.name : 'config.toml', ...(work.quick ? ['--quick'] : []), ...work.sets.map(set => `--set ${quoted(set)}`)].join(' ');
}

/**
 * Runs all seeds that are not in yet, and shows what there is.
 * @param {Work} given @param {Facts} facts @param {HTMLElement} out @param {HTMLButtonElement} start
 */
async function run(given, facts, out, start) {
  const work = { ...given, sets: [...given.sets] };
  const main = await ask('Run.open', work.name, work.text, work.sets, work.quick);
  const seeds = Array.from({ length: facts.seeds }, (_, i) => i);
  /** @type {Lab[]} */
  let workers = [];
  let [done, going, drawn, drawing, left] = [0, false, 0, false, false];
  const bar = h('progress', { id: 'bar', max: facts.seeds, value: 0, 'aria-label': BENCH.progress(0, facts.seeds) });
  const told = h('p', { id: 'told', role: 'status' }), pictures = h('div', { class: 'figures' }), claims = h('div', { id: 'claims' });
  const stop = h('button', { id: 'stop', class: 'plain', onclick: () => (going ? halt() : go()) }, BENCH.stop);
  const save = (/** @type {string} */ name, /** @type {() => Promise<BlobPart>} */ made, /** @type {string} */ type) =>
    h('button', { class: 'plain', id: `save-${name.split('.')[0]}`, onclick: async () => download(name, await made(), type) }, `${BENCH.save} ${name}`);
  const saves = h('p', { class: 'row' },
    save('results.csv', async () => /** @type {Uint8Array<ArrayBuffer>} */ (await ask('Run.csv', main)), 'text/csv'),
    save('report.html', () => ask('Run.report', main), 'text/html'),
    save('config.toml', () => ask('Run.config', main), 'application/toml'));
  out.replaceChildren(h('div', { class: 'row' }, bar, stop), told, h('h3', null, BENCH.figures), pictures, h('h3', null, BENCH.claims), claims, saves);
  start.disabled = true;

  function halt() {
    going = false;
    workers.forEach(worker => worker.stop());
    workers = [];
    stop.textContent = BENCH.resume;
    start.disabled = false;
  }

  async function draw() {
    if (drawing || left || done === 0) return;
    [drawing, drawn] = [true, performance.now()];
    /** @type {{ name: string, svg: string }[]} */
    const figures = await askJson('Run.figures', main, pictures.clientWidth < 700 ? Math.max(300, pictures.clientWidth) : undefined);
    drawing = false;
    if (left) return;
    pictures.replaceChildren(...figures.map(one => h('figure', { class: 'chart', tabindex: 0, role: 'group', 'aria-label': one.name }, figure(one.svg, BENCH.figure(one.name)))));
    if (!figures.length) pictures.append(h('p', { class: 'quiet' }, BENCH.noFigures));
  }

  function progress() {
    bar.value = done;
    bar.setAttribute('aria-label', BENCH.progress(done, facts.seeds));
    claims.replaceChildren(h('p', { class: 'quiet' }, BENCH.look(done, facts.seeds)));
    told.textContent = done === facts.seeds ? BENCH.whole(done) : BENCH.look(done, facts.seeds);
  }

  /** Seeds until there are none, in a worker of its own. @param {Lab} worker */
  async function work_on(worker) {
    const mine = await worker.ask('Run.open', work.name, work.text, work.sets, work.quick);
    for (;;) {
      const seed = going ? seeds.shift() : undefined;
      if (seed === undefined) return;
      try {
        await ask('Run.absorb', main, seed, await worker.ask('Run.seed', mine, seed));
      } catch (error) {
        seeds.unshift(seed);
        throw error;
      }
      done++;
      progress();
      if (performance.now() - drawn > REDRAW) draw();
    }
  }

  async function go() {
    going = start.disabled = true;
    stop.textContent = BENCH.stop;
    workers = Array.from({ length: Math.min(WORKERS, seeds.length) }, () => new Lab());
    const ended = await Promise.allSettled(workers.map(work_on));
    const failed = ended.find(one => one.status === 'rejected' && !(one.reason instanceof Error && 'stopped' in one.reason && one.reason.stopped));
    if (failed?.status === 'rejected') throw failed.reason;
    if (left || !going) return draw();
    workers.forEach(worker => worker.stop());
    [workers, going] = [[], false];
    stop.remove();
    start.disabled = false;
    while (drawing) await new Promise(later => setTimeout(later, 50));
    await draw();
    /** @type {Claim[]} */
    const verdicts = await askJson('Run.verdicts', main);
    claims.replaceChildren(verdicts.length ? h('ul', { class: 'claims' }, verdicts.map(one => h('li', null,
      h('b', { class: one.verdict }, BENCH.verdicts[/** @type {'holds'} */ (one.verdict)] ?? one.verdict), ` ${one.say} `, h('span', { class: 'quiet small' }, `(${one.kind}) ${one.reason ?? ''}`))))
      : h('p', { class: 'quiet' }, BENCH.noClaims));
    say(BENCH.whole(done));
  }

  onLeave(() => {
    [left, going] = [true, false];
    workers.forEach(worker => worker.stop());
    ask('Run.free', main).catch(() => {});
  });
  progress();
  await go();
}
