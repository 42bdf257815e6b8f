// The bench: any experiment, its config, its levels; seeds run in workers, figures sharpen, verdicts come last.

import { figure, h } from './dom.js';
import { packConfig, unpackConfig, write } from './link.js';
import { arrival, download, onLeave, say, screen } from './screen.js';
import { Lab, Wrong, ask, askJson } from './wasm.js';
import { BENCH } from './bench_words.js';

/**
 * @typedef {{ name: string, about: string, levels: string[], is_axis: boolean, choices: string[], range: (number | null)[], is_whole: boolean }} Knob
 * @typedef {{ name: string, title: string, about: string, seeds: number, cells: number, seconds_per_seed: number }} Facts
 * @typedef {{ say: string, kind: string, verdict: string, why: string }} Claim
 * @typedef {{ name: string, text: string, sets: string[], quick: boolean, hide: Set<string> }} Work
 */

const WORKERS = Math.max(1, Math.min(3, (navigator.hardwareConcurrency || 2) - 1));
/** Milliseconds between two drawings of the figures, of which a drawing takes a fifth at most; seconds that are long for a browser. */
const REDRAW = 1000, SHARE = 5, LONG = 120;

/** What a config of one's own is called, here as where it is a file. */
const OWN = 'config';

/** Whether the link leads to something: an experiment of this version, or a config that can be read. @param {import('./link.js').Link} link */
export async function bench(link) {
  /** @type {{ name: string, title: string }[]} */
  const all = await askJson('list');
  const packed = link.config ? await unpackConfig(link.config) : null;
  const known = all.some(one => one.name === link.run) ? link.run : all.some(one => one.name === 'three_failures') ? 'three_failures' : all[0]?.name ?? '';
  const text = packed ?? await ask('text', known) ?? '';
  if (link.run && link.run !== known || link.config && packed === null) return false;
  setUp({ name: packed === null ? known : OWN, text, sets: link.sets, quick: link.quick || (!link.run && packed === null), hide: link.hide }, all);
  return true;
}

/** @param {Work} work @param {{ name: string, title: string }[]} all */
function setUp(work, all) {
  let builtIn = all.some(one => one.name === work.name);
  /** @type {Facts | null} */
  let facts = null;
  const fault = h('div', { id: 'fault', role: 'alert' }), knobs = h('div', { id: 'knobs', class: 'knobs' }), more = h('div'), about = h('p', { class: 'quiet small' });
  const asks = h('p', { id: 'asks', class: 'small' }), out = h('div', { id: 'out' }), command = h('code', { id: 'command' });
  const sets = h('textarea', { id: 'sets', rows: 2, spellcheck: 'false', oninput: later });
  const text = h('textarea', { id: 'text', rows: 14, spellcheck: 'false', oninput: later });
  const quick = h('input', { id: 'quick', type: 'checkbox', checked: work.quick, onchange: () => { work.quick = quick.checked; check(); } });
  // Of the run that is shown: whether it goes on, and what ends it.
  let [busy, end] = [false, () => {}];
  const hold = (/** @type {boolean} */ on) => {
    busy = on;
    start.disabled = busy || facts === null;
  };
  const start = h('button', { id: 'run', onclick: async () => {
    if (busy || !facts) return;
    hold(true);
    end();
    end = await run(work, facts, terminal(work, builtIn), out, hold);
  } }, BENCH.run);
  const link = h('button', { id: 'link', class: 'plain', onclick: copy }, BENCH.link);
  const pick = h('select', { id: 'pick', onchange: () => { location.hash = write([['run', pick.value], ['quick', '']]); } },
    !builtIn && h('option', { value: '', selected: true }, BENCH.own),
    all.map(one => h('option', { value: one.name, selected: one.name === work.name }, one.name)));
  sets.value = work.sets.join('\n');
  text.value = work.text;

  let timer = 0, checks = 0;
  /** @type {Knob[]} */
  let turned = [];
  const written = () => sets.value.split('\n').map(line => line.trim()).filter(Boolean);
  /** A change of what is written waits until the hand rests. */
  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      work.sets = written();
      if (text.value !== work.text) [work.text, work.name, builtIn] = [text.value, OWN, false];
      check();
    }, 300);
  }

  async function check() {
    const mine = ++checks;
    facts = null;
    hold(busy);
    // A text that cannot be read keeps the knobs it had.
    const [asked, of_text] = await Promise.allSettled([askJson('check', work.text, work.sets, work.quick), askJson('knobs', work.text, work.quick)]);
    if (mine !== checks) return;
    fault.replaceChildren();
    if (of_text.status === 'fulfilled') turned = of_text.value;
    try {
      if (asked.status === 'rejected') throw asked.reason;
      facts = /** @type {Facts} */ (asked.value);
      asks.textContent = BENCH.asks(facts, BENCH.time(facts.seconds_per_seed * facts.seeds)) + (facts.seconds_per_seed * facts.seeds > LONG ? ` ${BENCH.heavy}` : '');
      about.textContent = facts.about;
      head.textContent = facts.title || BENCH.title;
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      facts = null;
      asks.textContent = '';
      fault.append(wrong(error.fault, work, text));
    }
    hold(busy);
    command.textContent = terminal(work, builtIn);
    showKnobs();
    const address = builtIn ? [['run', work.name]] : [['config', await packConfig(work.text) ?? '']];
    if (address[0]?.[1] && mine === checks) history.replaceState(null, '', write(/** @type {[string, string][]} */ ([...address, ...(work.quick ? [['quick', '']] : []), ...work.sets.map(set => ['set', set])])));
  }

  /** What is turned is a line of the settings; what stands as in the text is none. @param {Knob} knob @param {string} value */
  function turn({ name, is_axis, levels }, value) {
    clearTimeout(timer);
    const others = written().filter(set => set.split('=')[0]?.trim() !== name);
    const plain = value === '' || (!is_axis && value === levels[0]);
    work.sets = plain ? others : [...others, `${name}=${value}`];
    sets.value = work.sets.join('\n');
    check();
  }

  /** A control for every knob: its levels, what it may be, or a number in its range. */
  function showKnobs() {
    const held = document.activeElement?.id, wide = more.querySelector('details')?.open ?? false;
    const control = (/** @type {Knob} */ knob, /** @type {number} */ i) => {
      const set = work.sets.find(set => set.split('=')[0]?.trim() === knob.name);
      const now = set?.slice(set.indexOf('=') + 1).trim() ?? (knob.is_axis ? '' : knob.levels[0] ?? '');
      const [id, about] = [`knob-${i}`, !knob.is_axis && knob.about && `about-${i}`];
      const onchange = (/** @type {{ target: HTMLInputElement | HTMLSelectElement }} */ { target }) => turn(knob, target.value);
      const among = knob.is_axis ? ['', ...knob.levels] : knob.choices;
      const option = (/** @type {string} */ value) => h('option', { value, selected: value === now }, value || BENCH.all);
      const [least, most] = knob.range;
      const number = (knob.is_whole || least != null || most != null) && Number.isFinite(Number(now));
      const input = among.length > 0
        ? h('select', { id, onchange, 'aria-describedby': about }, [...new Set([...among, now])].map(option))
        : h('input', { id, onchange, 'aria-describedby': about, value: now, ...(number ? { type: 'number', min: least, max: most, step: knob.is_whole ? 1 : 'any' } : {}) });
      return h('div', null, h('label', { for: id }, knob.name), input, about && h('p', { id: about, class: 'quiet small' }, knob.about.replaceAll('`', '')));
    };
    const all = turned.map(control), axes = turned.filter(knob => knob.is_axis).length;
    knobs.replaceChildren(...all.slice(0, axes));
    more.replaceChildren(...(all.length > axes ? [h('details', { open: wide }, h('summary', null, BENCH.more(all.length - axes)), h('div', { class: 'knobs' }, all.slice(axes)))] : []));
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
        !work.hide.has('knobs') && [h('fieldset', null, h('legend', null, BENCH.knobs), knobs, more),
          h('label', { for: 'sets' }, BENCH.settings), sets],
        h('p', { class: 'row' }, start, h('label', { class: 'check' }, quick, BENCH.quick)), asks, fault,
        !work.hide.has('text') && [h('label', { for: 'text' }, BENCH.text), text],
        h('details', null, h('summary', null, BENCH.about), about),
        h('details', { open: true }, h('summary', null, BENCH.terminal), h('p', null, command), h('p', { class: 'row' }, link))),
      out));
  onLeave(() => {
    clearTimeout(timer);
    checks++;
  });
  check();
}

/**
 * What is wrong with a config, where, and what to do.
 * @param {import('./wasm.js').Fault} fault @param {Work} work @param {HTMLTextAreaElement} text
 */
function wrong(fault, work, text) {
  const lines = fault.source?.startsWith('--set') ? [] : work.text.split('\n');
  const { line = 0, column = 0, end_line = line, end_column = column } = fault, there = lines[line - 1];
  // Columns are characters; a text area counts in halves of some.
  const at = (/** @type {number} */ line, /** @type {number} */ column) =>
    lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + [...lines[line - 1] ?? ''].slice(0, column - 1).join('').length;
  const show = () => {
    text.focus();
    text.scrollTop = text.scrollHeight * (line - 1) / lines.length - text.clientHeight / 3;
    text.setSelectionRange(at(line, column), Math.max(at(end_line, end_column), at(line, column) + 1));
  };
  // Of a long line what is around it.
  const from = Math.max(0, column - 60), shown = [...there ?? ''].slice(from, from + 120).join('');
  return h('div', { class: 'wrong' },
    h('p', null, h('b', null, fault.message)),
    line > 0 && h('p', { class: 'small quiet' }, BENCH.wrong(fault.source ?? '', line, column)),
    there !== undefined && h('pre', { tabindex: 0 }, `${shown}\n${' '.repeat(Math.max(0, column - 1 - from))}${'^'.repeat(end_line > line ? 1 : Math.min(100, Math.max(1, end_column - column)))} ${fault.label ?? ''}`),
    there !== undefined && text.isConnected && h('p', null, h('button', { id: 'there', class: 'plain', onclick: show }, BENCH.there)),
    fault.help && h('p', null, BENCH.help, fault.help));
}

/** @param {string} word */
const quoted = word => (/^[\w.=/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** @param {Work} work @param {boolean} builtIn */
function terminal(work, builtIn) {
  return ['oversight run', builtIn ? work.name : 'config.toml', ...(work.quick ? ['--quick'] : []), ...work.sets.map(set => `--set ${quoted(set)}`)].join(' ');
}

/**
 * Runs all seeds that are not in yet, and shows what there is; gives what ends it.
 * @param {Work} given @param {Facts} facts @param {string} command @param {HTMLElement} out @param {(on: boolean) => void} hold
 */
async function run(given, facts, command, out, hold) {
  const work = { ...given, sets: [...given.sets] }, here = arrival();
  const main = await ask('Run.open', work.name, work.text, work.sets, work.quick);
  const seeds = Array.from({ length: facts.seeds }, (_, i) => i);
  /** @type {Lab[]} */
  let workers = [];
  // What goes on by itself asks after every wait whether it is still its turn: who stops, goes on or leaves takes it.
  let [turn, done, drawn, took, drawing, left] = [0, 0, 0, 0, false, false];
  const end = () => {
    turn++;
    left = true;
    workers.forEach(worker => worker.stop());
    ask('Run.free', main).catch(() => {});
  };
  if (!here()) {
    end();
    return end;
  }
  onLeave(end);
  const bar = h('progress', { id: 'bar', max: facts.seeds, value: 0, 'aria-label': BENCH.progress(0, facts.seeds) });
  const told = h('p', { id: 'told', role: 'status' }), pictures = h('div', { class: 'figures' }), claims = h('div', { id: 'claims' });
  const stop = h('button', { id: 'stop', class: 'plain', onclick: () => (workers.length ? halt() : go()) }, BENCH.stop);
  const save = (/** @type {string} */ name, /** @type {() => Promise<BlobPart>} */ made, /** @type {string} */ type) =>
    h('button', { class: 'plain', id: `save-${name.split('.')[0]}`, onclick: async () => download(name, await made(), type) }, `${BENCH.save} ${name}`);
  const saves = h('p', { class: 'row' },
    save('results.csv', async () => /** @type {Uint8Array<ArrayBuffer>} */ (await ask('Run.csv', main)), 'text/csv'),
    save('report.html', () => ask('Run.report', main), 'text/html'),
    save('config.toml', () => ask('Run.config', main), 'application/toml'));
  out.replaceChildren(h('p', { class: 'small quiet' }, BENCH.shown, h('code', null, command)), h('div', { class: 'row' }, bar, stop), told, h('h3', null, BENCH.figures), pictures, h('h3', null, BENCH.claims), claims, saves);

  function halt() {
    turn++;
    workers.forEach(worker => worker.stop());
    workers = [];
    stop.textContent = BENCH.resume;
    hold(false);
  }

  async function draw() {
    if (drawing || left || done === 0) return;
    [drawing, drawn] = [true, performance.now()];
    /** @type {{ name: string, svg: string, words: [string, string[]][] }[]} */
    const figures = await askJson('Run.figures', main, pictures.clientWidth < 700 ? Math.max(300, pictures.clientWidth) : undefined);
    [drawing, took] = [false, performance.now() - drawn];
    if (left) return;
    const open = [...pictures.querySelectorAll('details')].map(details => details.open);
    const said = (/** @type {[string, string[]]} */ [panel, sentences]) => [panel && h('h4', null, panel), h('ul', null, sentences.map(sentence => h('li', null, sentence)))];
    pictures.replaceChildren(...figures.map((one, i) => h('div', null,
      h('figure', { class: 'chart', tabindex: 0, role: 'group', 'aria-label': one.name }, figure(one.svg, BENCH.figure(one.name))),
      h('details', { open: open[i] ?? false }, h('summary', null, BENCH.words(one.name)), one.words.map(said)))));
    if (!figures.length) pictures.append(h('p', { class: 'quiet' }, BENCH.noFigures));
  }

  function progress() {
    bar.value = done;
    bar.setAttribute('aria-label', BENCH.progress(done, facts.seeds));
    claims.replaceChildren(h('p', { class: 'quiet' }, BENCH.look(done, facts.seeds)));
    told.textContent = done === facts.seeds ? BENCH.whole(done) : BENCH.look(done, facts.seeds);
  }

  /** Seeds until there are none, in a worker of its own, which does not wait until they are taken in. @param {Lab} worker @param {number} mine */
  async function work_on(worker, mine) {
    const own = await worker.ask('Run.open', work.name, work.text, work.sets, work.quick);
    const taken = [];
    while (mine === turn) {
      const seed = seeds.shift();
      if (seed === undefined) break;
      try {
        taken.push(absorb(seed, await worker.ask('Run.seed', own, seed)));
      } catch (error) {
        seeds.unshift(seed);
        throw error;
      }
    }
    await Promise.all(taken);
  }

  /** @param {number} seed @param {Uint8Array} rows */
  async function absorb(seed, rows) {
    try {
      await ask('Run.absorb', main, seed, rows);
    } catch (error) {
      seeds.unshift(seed);
      throw error;
    }
    done++;
    progress();
    if (performance.now() - drawn > Math.max(REDRAW, SHARE * took)) draw();
  }

  async function go() {
    const mine = ++turn;
    hold(true);
    stop.textContent = BENCH.stop;
    workers = Array.from({ length: Math.min(WORKERS, seeds.length) }, () => new Lab());
    const ended = await Promise.allSettled(workers.map(worker => work_on(worker, mine)));
    if (mine !== turn) return;
    halt();
    const whole = turn, failed = ended.find(one => one.status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    stop.remove();
    while (drawing) await new Promise(later => setTimeout(later, 50));
    if (whole !== turn) return;
    await draw();
    /** @type {Claim[]} */
    const verdicts = whole === turn ? await askJson('Run.verdicts', main) : [];
    if (whole !== turn) return;
    claims.replaceChildren(verdicts.length ? h('ul', { class: 'claims' }, verdicts.map(one => h('li', null,
      h('b', { class: one.verdict }, BENCH.verdicts[/** @type {'holds'} */ (one.verdict)] ?? one.verdict), ` ${one.say} `, h('span', { class: 'quiet small' }, `(${one.kind}) ${one.why}`))))
      : h('p', { class: 'quiet' }, work.quick ? BENCH.quickClaims : BENCH.noClaims));
    say(BENCH.whole(done));
  }

  progress();
  go();
  return end;
}
