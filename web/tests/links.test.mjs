// Links that nobody made in good faith, and figures of hostile names: a calm message, and nothing runs.
import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { accessibleEverywhere, open, question } from './browser.mjs';

const packed = bytes => deflateRawSync(bytes).toString('base64url');

const LOST = [
  '#run=<script>alert(1)</script>',
  '#run=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E',
  '#act=99',
  '#act=1e0',
  '#act=',
  '#act=__proto__',
  '#run=../../etc/passwd',
  '#config=%00%00',
  `#config=${'A'.repeat(16_385)}`,
  `#act=1&labels=${'1'.repeat(1_000_000)}`,
  '#javascript:alert(1)',
  '#run=constructor&set=__proto__.x=1&set=%00',
  '#run=nothing_of_this_name',
  '#config=AAAA',
  `#config=${packed(Buffer.alloc(10_000_000))}`,
];

/** What must be shown calmly, whatever it is; none is a reason to fail. */
const ODD = [
  '#act=1&labels=<script>alert(1)</script>&seed=-1e999&camera=constructor',
  `#config=${packed('title = "<img src=x onerror=alert(1)>"')}`,
  '#class=<b>&hide=%3Cscript%3E',
  '#version=%3Cscript%3E',
];

export const tests = {
  async 'hostile links show a calm message'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, url);
    for (const link of LOST) {
      // By the address bar of an open page, and with a load of its own.
      await page.evaluate(hash => { location.hash = hash; }, link);
      await question(page, 'This link leads nowhere');
    }
    for (const link of ODD) {
      await page.goto(`${url}/${link}`);
      await page.reload();
      await page.locator('h2').waitFor();
      await page.waitForFunction(() => !document.querySelector('h2').textContent.includes('Loading'));
      const text = await page.locator('main').innerText();
      assert.doesNotMatch(text, /went wrong|has stopped/, link.slice(0, 100));
    }
    assert.equal(await page.locator('main img, main script, main iframe').count(), 0);
    silent();
    await close();
  },

  async 'the message is accessible'({ browser, url }) {
    if (!browser) return 'there is no browser';
    await accessibleEverywhere(browser, `${url}/#act=99`, 'lost', page => question(page, 'nowhere'));
    await accessibleEverywhere(browser, `${url}/#act=4`, 'a place', page => page.locator('h2').waitFor());
  },

  async 'a config goes into a link and comes out of it'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, url);
    const there = await page.evaluate(async () => {
      const { packConfig, unpackConfig, read, write } = await import('/link.js');
      const text = 'title = "Überwachung → 1"\n'.repeat(40);
      const link = read(write([['config', await packConfig(text)]]));
      const noise = Array.from(crypto.getRandomValues(new Uint8Array(30_000)), byte => byte.toString(16)).join('');
      const sets = read(write([['run', 'a'], ['set', 'x=[1, 2]'], ['set', 'y="&=+#"'], ['quick', '']]));
      return {
        same: (await unpackConfig(link.config)) === text,
        long: await packConfig(noise),
        garbage: [await unpackConfig('AAAA'), await unpackConfig('%')],
        sets: sets.sets, quick: sets.quick,
      };
    });
    assert.deepEqual(there, {
      same: true, long: null, garbage: [null, null], sets: ['x=[1, 2]', 'y="&=+#"'], quick: true,
    });
    const bomb = await page.evaluate(async text => (await import('/link.js')).unpackConfig(text), packed(Buffer.alloc(10_000_000)));
    assert.equal(bomb, null);
    const native = await page.evaluate(async text => (await import('/link.js')).unpackConfig(text), packed('seeds = 3'));
    assert.equal(native, 'seeds = 3');
    silent();
    await close();
  },

  async 'figures let in shapes and words, and nothing else'({ browser, url }) {
    if (!browser) return 'there is no browser';
    // Not silent: the browser says on the console that the policy keeps handlers from running.
    const { page, heard, close } = await open(browser, url);
    const refused = await page.evaluate(async () => {
      const { figure } = await import('/dom.js');
      const inside = body => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">${body}</svg>`;
      const bad = [
        '<p>hello</p>', 'hello', '', '<svg', '<svg viewBox="0 0 1 1"/>',
        inside('<script>alert(1)</script>'), inside('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>'),
        inside('<rect onclick="alert(1)"/>'), inside('<a href="javascript:alert(1)"><text>x</text></a>'),
        inside('<image href="https://else.where/x.png"/>'), inside('<use href="#x"/>'), inside('<rect fill="url(https://else.where)"/>'),
        inside('<style>* { background: url(https://else.where) }</style>'), inside('<set attributeName="onclick" to="alert(1)"/>'),
        inside('<rect style="fill: red"/>'), inside('<text>unclosed'),
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>',
      ];
      const let_in = bad.filter(text => {
        try { return document.body.append(figure(text, 'x')) ?? true; } catch { return false; }
      });
      const good = figure(inside('<g class="title"><text data-name="a url(b)">1 &lt; 2</text></g>'), 'a picture');
      return { let_in, good: [good.getAttribute('aria-label'), good.textContent] };
    });
    // An entity that is never fetched leaves an empty text, and no more.
    assert.ok(refused.let_in.every(text => text.startsWith('<!DOCTYPE')), refused.let_in.join('\n'));
    assert.deepEqual(refused.good, ['a picture', '1 < 2']);
    assert.ok(heard.every(line => line.includes('violates the following Content Security Policy')), heard.join('\n'));
    await close();
  },

  async 'of hostile words the library draws nothing else'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, url);
    const drawn = await page.evaluate(async () => {
      const [{ figure }, { ask }] = [await import('/dom.js'), await import('/wasm.js')];
      const evil = String.raw`</text><script>alert(1)</script><img src=x onerror=alert(1)>\" onload=\"alert(1)`;
      const config = `title = "${evil}"
        name = "evil"
        about = "${evil}"
        overseer.believes = { length = 0.8 }
        seeds = 2
        [world.answers]
        answers = 64
        features = { insight = { gold = 1.0 }, length = { gold = -1.5 } }
        [axes.kind]
        plain = { overseer.believes.length = 0.8 }
        other = { overseer.believes.length = 0.2 }
        [[figures]]
        name = "gold"
        title = "${evil}"
        x = "pressure"
        y = ["gold", "approval"]
        by = "kind"`;
      const run = await ask('Run.open', 'evil', config, [], false).catch(error => error.message);
      if (typeof run === 'string') return run;
      for (const seed of [0, 1]) await ask('Run.absorb', run, seed, await ask('Run.seed', run, seed));
      const made = JSON.parse(await ask('Run.figures', run)).map(({ svg }) => figure(svg, 'evil'));
      document.querySelector('main').append(...made);
      return made.length;
    });
    assert.equal(drawn, 1);
    silent();
    await close();
  },

  async 'a worker that fails says so, with the link that did it, and the next one works'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, `${url}/#act=2`);
    await page.locator('h2').waitFor();
    const errors = await page.evaluate(async () => {
      const { ask } = await import('/wasm.js');
      const calls = [ask('Run.seed', 77, 0), ask('version')];
      return (await Promise.allSettled(calls)).map(call => call.reason?.message);
    });
    assert.deepEqual(errors, ['Run.seed: there is no Run 77', 'Run.seed: there is no Run 77']);
    await question(page, 'The lab has stopped');
    assert.match(await page.locator('main').innerText(), /there is no Run 77[^]*#act=2/);
    const version = await page.evaluate(async () => (await import('/wasm.js')).ask('version'));
    assert.match(version, /^\d+\.\d+\.\d+$/);
    silent();
    await close();
  },

  async 'what is wrong with a config comes back with its place'({ browser, url }) {
    if (!browser) return 'there is no browser';
    const { page, silent, close } = await open(browser, url);
    const fault = await page.evaluate(async () => {
      const { ask } = await import('/wasm.js');
      const text = await ask('text', 'three_failures');
      const wrong = text.replace('[feedback', '[feedbck');
      return ask('check', wrong, [], false).catch(error => error.fault);
    });
    assert.equal(fault.source, 'config.toml');
    assert.ok(fault.line > 1 && fault.column >= 1 && fault.message && fault.help, JSON.stringify(fault));
    silent();
    await close();
  },
};
