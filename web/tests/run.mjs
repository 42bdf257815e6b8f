// Runs tests, one after another: node run.mjs [--native FOLDER] [--oversight BINARY] [--shots FOLDER] [FILE …]
//
// A file exports `tests`, an object of functions by what they say; each gets what is below in `setting`. `--native` is
// where `oversight run … --quick --seeds 2 --out` wrote the built-in experiments; `--oversight` a binary with `lab`.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { hasBrowser, launch } from './browser.mjs';
import { serve } from './serve.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '../dist');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    native: { type: 'string' }, oversight: { type: 'string' }, shots: { type: 'string' },
    'no-browser': { type: 'boolean', default: false },
  },
});

const browser = values['no-browser'] || !hasBrowser() ? null : await launch();
const server = await serve(dist);
const setting = { browser, dist, url: server.url, ...values };

const files = positionals.length > 0 ? positionals : readdirSync(here).filter(name => name.endsWith('.test.mjs')).sort();
let [passed, failed, skipped] = [0, 0, 0];
for (const file of files) {
  const { tests } = await import(join(here, file));
  for (const [name, test] of Object.entries(tests)) {
    const begin = performance.now();
    // A test says by its result what it lacks.
    const outcome = await Promise.resolve(test(setting)).then(lacks => lacks, error => error);
    const took = `${((performance.now() - begin) / 1000).toFixed(1)} s`;
    if (outcome instanceof Error) {
      failed++;
      console.log(`FAILED  ${file}: ${name} (${took})\n${outcome.stack}`);
    } else if (outcome !== undefined) {
      skipped++;
      console.log(`SKIPPED ${file}: ${name}: ${outcome}`);
    } else {
      passed++;
      console.log(`ok      ${file}: ${name} (${took})`);
    }
  }
}
await browser?.close();
server.close();
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
