// The same bytes: what wasm makes of every built-in experiment, in Node and in a browser, against what the native
// binary wrote. In the browser the two seeds come from two workers, the second first.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';

const SETS = ['seeds=2'];
const digest = bytes => createHash('sha256').update(bytes).digest('hex');

/** What a native run left: digests by name. Figures in files bring the font, of which the page has its own. */
function native(folder) {
  const read = name => readFileSync(join(folder, name));
  const figures = readdirSync(join(folder, 'figures')).filter(name => name.endsWith('.svg'));
  const plain = name => read(`figures/${name}`).toString().replace(/<style>\n@font-face[^]*?<\/style>\n/, '');
  return {
    'results.csv': digest(read('results.csv')),
    'report.html': digest(read('report.html')),
    'config.toml': digest(read('config.toml')),
    ...Object.fromEntries(figures.sort().map(name => [basename(name, '.svg'), digest(plain(name))])),
  };
}

/** Runs in a thread of Node; it is given as text, and knows nothing of this file. */
function inNode() {
  const { createHash } = require('node:crypto');
  const { readFileSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const { runInThisContext } = require('node:vm');
  const library = runInThisContext(`${readFileSync(`${workerData.dist}/oversight_web.js`, 'utf8')}; wasm_bindgen`);
  library.initSync({ module: readFileSync(`${workerData.dist}/oversight_web_bg.wasm`) });
  const digest = bytes => createHash('sha256').update(bytes).digest('hex');
  parentPort.on('message', name => {
    const run = library.Run.open(name, library.text(name), workerData.sets, true);
    for (const seed of [0, 1]) run.absorb(seed, run.seed(seed));
    const made = { 'results.csv': digest(run.csv()), 'report.html': digest(run.report()), 'config.toml': digest(run.config()) };
    for (const figure of JSON.parse(run.figures())) made[figure.name] = digest(figure.svg);
    run.free();
    parentPort.postMessage(made);
  });
}

/** Runs in the page, over the page's own client. */
async function inPage({ name, sets }) {
  const digest = async bytes => {
    const hash = await crypto.subtle.digest('SHA-256', typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
    return Array.from(new Uint8Array(hash), byte => byte.toString(16).padStart(2, '0')).join('');
  };
  const { Lab } = await import('/wasm.js');
  globalThis.pairs ??= [];
  const pair = globalThis.pairs.pop() ?? [new Lab(), new Lab()];
  const [one, other] = pair;
  const text = await one.ask('text', name);
  const [here, there] = await Promise.all(pair.map(lab => lab.ask('Run.open', name, text, sets, true)));
  const seeds = [one.ask('Run.seed', here, 0), other.ask('Run.seed', there, 1)];
  await one.ask('Run.absorb', here, 1, await seeds[1]);
  await one.ask('Run.absorb', here, 0, await seeds[0]);
  const made = {
    'results.csv': await digest(await one.ask('Run.csv', here)),
    'report.html': await digest(await one.ask('Run.report', here)),
    'config.toml': await digest(await one.ask('Run.config', here)),
  };
  for (const figure of JSON.parse(await one.ask('Run.figures', here))) made[figure.name] = await digest(figure.svg);
  await Promise.all([one.ask('Run.free', here), other.ask('Run.free', there)]);
  globalThis.pairs.push(pair);
  return made;
}

/** All names through `lanes` at a time; the first that differs is told. */
async function compare(folder, names, lanes) {
  const queue = [...names];
  await Promise.all(lanes.map(async make => {
    for (let name = queue.shift(); name; name = queue.shift()) {
      assert.deepEqual(await make(name), native(join(folder, name)), name);
    }
  }));
}

function builtIn(dist) {
  return readdirSync(join(dist, '../../configs')).map(name => basename(name, '.toml')).sort();
}

export const tests = {
  async 'wasm in Node makes the bytes of the native binary'({ native: folder, dist }) {
    if (!folder) return 'no --native folder was given';
    const options = { eval: true, workerData: { dist, sets: SETS } };
    const threads = Array.from({ length: availableParallelism() }, () => new Worker(`(${inNode})()`, options));
    const lane = thread => name => new Promise((ok, no) => {
      thread.removeAllListeners();
      thread.once('message', ok).once('error', no);
      thread.postMessage(name);
    });
    try {
      await compare(folder, builtIn(dist), threads.map(lane));
    } finally {
      await Promise.all(threads.map(thread => thread.terminate()));
    }
  },

  async 'wasm in a browser does, too, of seeds from two workers in odd order'({ native: folder, dist, browser, url }) {
    if (!folder) return 'no --native folder was given';
    if (!browser) return 'there is no browser';
    const page = await browser.newPage();
    await page.goto(url);
    const lane = name => page.evaluate(inPage, { name, sets: SETS });
    await compare(folder, builtIn(dist), [lane, lane]);
    await page.close();
  },
};
