// A static host, with the policy that the page itself has in a meta element.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm', '.woff2': 'font/woff2',
};

/** Serves a folder; gives its address and a way to end it. */
export async function serve(root) {
  const page = await readFile(join(root, 'index.html'), 'utf8');
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)[1];
  const server = createServer(async (request, answer) => {
    try {
      const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
      const file = join(root, path.endsWith('/') ? `${path}index.html` : path);
      if (!file.startsWith(root + sep)) throw new Error('outside');
      const body = await readFile(file);
      answer.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': `${policy}; frame-ancestors 'none'`,
        'x-content-type-options': 'nosniff',
      });
      answer.end(body);
    } catch {
      answer.writeHead(404).end('not found');
    }
  });
  await new Promise(listening => { server.listen(0, '127.0.0.1', listening); });
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
