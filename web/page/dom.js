// The page's elements. Text is always text: nothing here, or anywhere, makes markup of a string, except `figure`,
// which lets in what the library draws and nothing else.

/**
 * @typedef {string | number | Node | null | undefined | false} One
 * @typedef {One | One[] | One[][]} Child
 * @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @template {Element} E
 * @param {E} element @param {Attributes | null} attributes @param {Child[]} children
 * @returns {E}
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else if (name.startsWith('on')) throw new Error(`${name} must be a function`);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat(2)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(typeof child === 'number' ? String(child) : child);
    }
  }
  return element;
}

/**
 * An element of HTML: `h('button', { onclick: go, disabled: !ready }, 'Go')`. Attributes that are null, undefined or
 * false are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Attributes | null} [attributes] @param {Child[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = null, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * An element of SVG.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag @param {Attributes | null} [attributes] @param {Child[]} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, attributes = null, ...children) {
  return fill(/** @type {SVGElementTagNameMap[T]} */ (document.createElementNS(SVG, tag)), attributes, children);
}

// What the library's figures are made of.
const ELEMENTS = new Set('svg title desc g circle ellipse line path polygon polyline rect text tspan'.split(' '));
const ATTRIBUTES = new Set(
  `xmlns width height viewBox font-family font-size font-weight font-style fill fill-opacity stroke stroke-width
  stroke-opacity stroke-linejoin stroke-linecap stroke-dasharray opacity points d x y x1 y1 x2 y2 dx dy r rx ry cx cy
  text-anchor dominant-baseline transform class role aria-label aria-hidden data-name`.split(/\s+/),
);

/**
 * The library's own picture as an element, fluid in width, with a name for those who do not see it. What is not made of
 * plain shapes and words is refused, script and links above all: a figure says what a config says, and a config
 * comes from anywhere.
 * @param {string} text @param {string} label
 * @returns {SVGSVGElement}
 */
export function figure(text, label) {
  // As XML, which is read strictly and in which nothing runs.
  const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  const all = [root, ...root.querySelectorAll('*')];
  for (const element of all) {
    if (element.namespaceURI !== SVG || !ELEMENTS.has(element.localName)) {
      throw new Error(`a figure has no <${element.localName}>`);
    }
    for (const { name, value } of element.attributes) {
      if (!ATTRIBUTES.has(name)) throw new Error(`a figure has no ${name}`);
      if (/url\(/i.test(value) && name !== 'data-name') throw new Error('a figure refers to nothing');
    }
  }
  if (root.localName !== 'svg') throw new Error('a figure is an <svg>');
  const picture = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.importNode(root, true)));
  picture.removeAttribute('width');
  picture.removeAttribute('height');
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', label);
  return picture;
}

/** A number in words of figures: a true minus, and no minus before nought. @param {number} x @param {number} [digits] */
export function num(x, digits = 1) {
  return (Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x).toFixed(digits).replace('-', '−');
}
