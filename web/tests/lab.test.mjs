// `oversight lab`: the same pages from the native program, to this machine alone.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { open, question } from './browser.mjs';

/** Starts the program; gives the address that it printed. */
async function lab(binary, arguments_ = []) {
  const child = spawn(binary, ['lab', ...arguments_]);
  let said = '';
  const address = await new Promise((ok, no) => {
    child.stdout.on('data', data => {
      said += data;
      const url = /http:\S+/.exec(said)?.[0];
      if (url && said.includes('\n')) ok(url);
    });
    child.on('exit', code => no(new Error(`lab ended with ${code}: ${said}`)));
  });
  const ended = new Promise(end => { child.on('exit', end); });
  return { address, port: Number(new URL(address).port), stop: () => { child.kill(); return ended; } };
}

function get(port, path, { method = 'GET', host = `127.0.0.1:${port}` } = {}) {
  return new Promise((ok, no) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { host }, setHost: false }, answer => {
      const parts = [];
      answer.on('data', part => parts.push(part));
      answer.on('end', () => ok({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
    });
    asked.on('error', no).end();
  });
}

/** What comes back for bytes that no library would send; the first line of it. */
function raw(port, text) {
  return new Promise((ok, no) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(text));
    socket.on('data', data => { said += data; }).on('end', () => ok(said.split('\r\n')[0])).on('error', no);
  });
}

export const tests = {
  async 'it serves the files of the lab, by this name, and nothing else'({ oversight, dist }) {
    if (!oversight) return 'no --oversight binary was given';
    const { port, stop } = await lab(oversight);
    const page = await get(port, '/');
    assert.equal(page.status, 200);
    assert.deepEqual(page.body, readFileSync(join(dist, 'index.html')));
    assert.match(page.headers['content-security-policy'], /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'.*frame-ancestors 'none'$/);
    assert.equal(page.headers['x-content-type-options'], 'nosniff');
    assert.equal((await get(port, '/oversight_web_bg.wasm')).headers['content-type'], 'application/wasm');
    assert.equal((await get(port, '/', { host: `localhost:${port}` })).status, 200);
    for (const host of ['else.where', `else.where:${port}`, '127.0.0.1', `127.0.0.1:${port + 1}`]) {
      assert.equal((await get(port, '/', { host })).status, 403, host);
    }
    for (const path of ['/none', '/../Cargo.toml', '/..%2f..%2fCargo.toml', '/%2e%2e/Cargo.toml', '//etc/passwd', '/tests/run.mjs']) {
      assert.equal((await get(port, path)).status, 404, path);
    }
    const head = await get(port, '/main.js', { method: 'HEAD' });
    assert.deepEqual([head.status, head.body.length], [200, 0]);
    assert.equal((await get(port, '/', { method: 'POST' })).status, 405);
    assert.match(await raw(port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'), / 403 /);
    assert.match(await raw(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: else.where\r\nConnection: close\r\n\r\n`), / 40[03] /);
    assert.match(await raw(port, `GET http://else.where/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`), / 40[04] /);
    assert.equal((await get(port, '/')).status, 200, 'it still answers');
    await stop();
  },

  async 'a browser opens it, and a config travels in the address'({ oversight, browser }) {
    if (!oversight) return 'no --oversight binary was given';
    if (!browser) return 'there is no browser';
    const folder = mkdtempSync(join(tmpdir(), 'oversight-lab-'));
    try {
      const text = 'title = "Mine"\nseeds = 3\n[world.answers.features]\na = { gold = 1 }\n';
      writeFileSync(join(folder, 'mine.toml'), text);
      const { address, stop } = await lab(oversight, [join(folder, 'mine.toml')]);
      assert.match(address, /#config=[A-Za-z0-9_-]+$/);
      const { page, silent, close } = await open(browser, address.split('#')[0]);
      await question(page, 'robot');
      const packed = address.split('#config=')[1];
      assert.equal(await page.evaluate(async packed => (await import('/link.js')).unpackConfig(packed), packed), text);
      assert.match(await page.evaluate(async () => (await import('/wasm.js')).ask('version')), /^\d/);
      silent();
      await close();
      await stop();
      const own = await lab(oversight, ['boat_race']);
      assert.match(own.address, /#run=boat_race$/);
      await own.stop();
    } finally {
      rmSync(folder, { recursive: true });
    }
  },

  async 'what it cannot open it says, with a code'({ oversight }) {
    if (!oversight) return 'no --oversight binary was given';
    const told = (arguments_, input) => spawnSync(oversight, ['lab', ...arguments_], { input, encoding: 'utf8', timeout: 10_000 });
    const none = told(['nothing_of_this_name']);
    assert.equal(none.status, 2);
    const noise = Array.from({ length: 3000 }, (_, i) => `# ${Math.sin(i)}`).join('\n');
    const long = told(['-'], noise);
    assert.equal(long.status, 2, long.stderr);
    assert.match(long.stderr, /stdin\.toml is too long for a link: \d+ characters, and a link takes 16384/);
    const { port, stop } = await lab(oversight);
    const taken = told(['--port', String(port)]);
    assert.equal(taken.status, 3);
    assert.match(taken.stderr, /cannot listen on port/);
    await stop();
  },
};
