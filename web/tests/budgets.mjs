// How fast and how large the lab is here: node budgets.mjs [--oversight BINARY] [EXPERIMENT …]
//
// No test: what it prints depends on the machine, and docs/src/lab.md says what it was on one. Milliseconds of one
// thread of Node; a seed beside the native one in CPU time, with --oversight; then a page in Chromium.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runInThisContext } from 'node:vm';
import { hasBrowser, launch, open } from './browser.mjs';
import { serve } from './serve.mjs';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist');
const { values, positionals } = parseArgs({ allowPositionals: true, options: { oversight: { type: 'string' } } });
const library = runInThisContext(`${readFileSync(join(dist, 'oversight_web.js'), 'utf8')}; wasm_bindgen`);
const { memory } = library.initSync({ module: readFileSync(join(dist, 'oversight_web_bg.wasm')) });

/** Runs it; gives what it gave, and how many milliseconds it took. */
function timed(what) {
  const begin = performance.now();
  return [what(), performance.now() - begin];
}

const median = numbers => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const row = cells => console.log(cells.map((cell, i) => (typeof cell === 'number' ? cell.toFixed(cell < 10 ? 1 : 0) : cell).padEnd(i ? 9 : 24)).join(' '));

/** Seconds of CPU that a command takes. */
function cpu(...words) {
  const { stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@" > /dev/null 2>&1', ...words], { encoding: 'utf8' });
  return stderr.trim().split(' ').reduce((sum, seconds) => sum + Number(seconds), 0);
}

/** A seed natively, with nothing around it. */
function native(name) {
  const out = mkdtempSync(join(tmpdir(), 'oversight-'));
  const run = seeds => cpu(values.oversight, 'run', name, '--quick', '--seeds', String(seeds), '--threads', '1', '--out', join(out, String(seeds)));
  const [few, many] = [run(1), run(4)];
  rmSync(out, { recursive: true });
  return (1000 * (many - few)) / 3;
}

const megabytes = () => (memory.buffer.byteLength / 1e6).toFixed(0);
const [desk, opened] = timed(() => library.Desk.open('lower', 0));
const labels = '221112212222';
const [, viewed] = timed(() => desk.view());
desk.learn(labels, 0);
const [, fitted] = timed(() => desk.learn(labels, 0));
const [, bred] = timed(() => desk.breed());
const [, more] = timed(() => desk.learn(labels, 1000));
row(['act 1', 'open', 'pairs', 'fit', 'train', '+1000']);
row(['', opened, viewed, fitted, bred, more]);
const [, planned] = timed(() => library.planner(0.5, 1));
const [, phases] = timed(() => library.phases(0.5, 1, ['', '', '', '', ''], 700));
row(['act 2', 'plan', 'phases']);
row(['', planned, phases]);
console.log(`memory of the wasm: ${megabytes()} MB`);

if (hasBrowser()) {
  const [browser, server] = [await launch(), await serve(dist)];
  const firsts = [];
  for (let i = 0; i < 5; i++) {
    const { page, close } = await open(browser, `${server.url}#act=1`);
    await page.locator('#pair', { hasText: 'Pair 1 of 12' }).waitFor();
    // From the start of the navigation, by the page's own clock.
    firsts.push(await page.evaluate(() => performance.now()));
    await close();
  }
  console.log(`first pair in Chromium: ${median(firsts).toFixed(0)} ms`);
  await browser.close();
  server.close();
}

const SEEDS = 3;
row(['experiment', 'open', 'seed', 'draw', 'verdicts', 'report', 'MB so far', ...(values.oversight ? ['native', 'times'] : [])]);
for (const { name } of JSON.parse(library.list()).filter(({ name }) => !positionals.length || positionals.includes(name))) {
  const [run, opened] = timed(() => library.Run.open(name, library.text(name), [`seeds=${SEEDS}`], true));
  const seeds = Array.from({ length: SEEDS }, (_, seed) => {
    const [rows, took] = timed(() => run.seed(seed));
    run.absorb(seed, rows);
    return took;
  });
  const [, drawn] = timed(() => run.figures(700));
  const [, judged] = timed(() => run.verdicts());
  const [, reported] = timed(() => run.report());
  const seed = median(seeds), there = values.oversight ? native(name) : 0;
  row([name, opened, seed, drawn, judged, reported, megabytes(), ...(values.oversight ? [there, seed / there] : [])]);
  run.free();
}
