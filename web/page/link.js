// What a link says: where to go, and with what. It is read here and believed nowhere: names are only names, numbers
// only numbers in range, and a config goes to the library's parser like any other.

/** Most characters after the # that are looked at, and most of a config in them. */
const LONGEST = 24_000;
const LONGEST_CONFIG = 16_384;
/** Most bytes that a config may unpack to. */
const LARGEST_CONFIG = 262_144;

/**
 * Where a link leads. `place` is `lost` where it leads nowhere, and `why` says so.
 * @typedef {{
 *   place: 'home' | 'act' | 'bench' | 'class' | 'lost',
 *   act: number,
 *   run: string,
 *   config: string,
 *   sets: string[],
 *   quick: boolean,
 *   hide: Set<string>,
 *   version: string,
 *   query: URLSearchParams,
 *   why: 'long' | 'unknown',
 * }} Link
 */

/** @param {string} hash @returns {Link} */
export function read(hash) {
  const long = hash.length > LONGEST;
  const query = new URLSearchParams(long ? '' : hash.replace(/^#/, ''));
  /** @type {Link} */
  const link = {
    place: 'home',
    act: 0,
    run: '',
    config: '',
    sets: query.getAll('set').slice(0, 100),
    quick: query.has('quick'),
    hide: new Set((query.get('hide') ?? '').split(',').filter(Boolean)),
    version: /^\d{1,4}(\.\d{1,4}){2}$/.exec(query.get('version') ?? '')?.[0] ?? '',
    query,
    why: 'unknown',
  };
  if (long) return { ...link, place: 'lost', why: 'long' };
  const [act, run, config] = ['act', 'run', 'config'].map(name => query.get(name));
  if (act != null) {
    return /^[1-4]$/.test(act) ? { ...link, place: 'act', act: Number(act) } : { ...link, place: 'lost' };
  }
  if (run != null) {
    return /^[a-z0-9_]{0,64}$/.test(run) ? { ...link, place: 'bench', run } : { ...link, place: 'lost' };
  }
  if (config != null) {
    if (config.length > LONGEST_CONFIG) return { ...link, place: 'lost', why: 'long' };
    return /^[A-Za-z0-9_-]+$/.test(config) ? { ...link, place: 'bench', config } : { ...link, place: 'lost' };
  }
  if (query.has('class')) return { ...link, place: 'class' };
  return [...query.keys()].length ? { ...link, place: 'lost' } : link;
}

/**
 * The part after the #, from pairs; empty values stand as bare names: `write([['run', 'boat_race'], ['quick', '']])`.
 * @param {[string, string | number][]} pairs
 */
export function write(pairs) {
  const part = (/** @type {string | number} */ text) => encodeURIComponent(text).replaceAll('%2C', ',');
  return '#' + pairs.map(([name, value]) => (value === '' ? part(name) : `${part(name)}=${part(value)}`)).join('&');
}

/** A config as a link carries it; null if it is too long for one. @param {string} text */
export async function packConfig(text) {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > LARGEST_CONFIG) return null;
  const packed = await through(new CompressionStream('deflate-raw'), bytes, Infinity);
  const base64 = btoa(Array.from(packed, byte => String.fromCharCode(byte)).join(''));
  const url = base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return url.length > LONGEST_CONFIG ? null : url;
}

/** The config that a link carries; null if it is none. @param {string} packed */
export async function unpackConfig(packed) {
  try {
    const base64 = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(base64, c => c.charCodeAt(0));
    const text = await through(new DecompressionStream('deflate-raw'), bytes, LARGEST_CONFIG);
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return null;
  }
}

/** @param {CompressionStream | DecompressionStream} stream @param {Uint8Array<ArrayBuffer>} bytes @param {number} most */
async function through(stream, bytes, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  /** @type {Uint8Array[]} */
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error('too much');
    }
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
