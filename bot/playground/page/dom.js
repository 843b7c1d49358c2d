// @ts-check
/** Builders for DOM nodes. Text always goes in as text: nothing on this page parses HTML. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * A new element. Properties named `on…` are listeners; `true` sets an empty attribute; false, null and undefined set none.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any} the element
 */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) setProperty(node, name, value);
  node.append(...(/** @type {(Node | string)[]} */ (children.filter((child) => child != null && child !== false))));
  return node;
}

/** @param {Element} node @param {string} name @param {any} value */
function setProperty(node, name, value) {
  if (value == null || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** @param {string} selector @param {ParentNode} [root] @returns {any} the element, which must exist */
export function find(selector, root = document) {
  const node = root.querySelector(selector);
  if (!node) throw new Error(`The page lacks ${selector}`);
  return node;
}

/** Line drawings on a 24 × 24 grid; the mark is a round table with its chairs, seen from above. */
const DRAWINGS = {
  attach: ["M20 11.5 12 19.4a5 5 0 0 1-7.1-7.1l8.2-8.1a3.4 3.4 0 0 1 4.8 4.8l-8.1 8a1.8 1.8 0 0 1-2.5-2.5l7.3-7.3"],
  back: ["M15 5 8 12l7 7"],
  close: ["M6 6l12 12M18 6 6 18"],
  copy: ["M9 9h10v11H9zM15 9V4H5v11h4"],
  down: ["M6 9l6 6 6-6"],
  file: ["M6 3h8l4 4v14H6zM14 3v4h4"],
  moon: ["M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z"],
  reply: ["M9 7 4 12l5 5M4.5 12H14a6 6 0 0 1 6 6v1"],
  send: ["M12 19V5M6 11l6-6 6 6"],
  slash: ["M15 4 9 20"],
  stop: ["M7 7h10v10H7z"],
  sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M19 5l-1.4 1.4M6.4 17.6 5 19"],
  mark: [
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
    "M9.5 3.6a9 9 0 0 1 5 0M19.3 7.2a9 9 0 0 1 1.6 4.8M18.6 18a9 9 0 0 1-4 2.6M9.4 20.6a9 9 0 0 1-4-2.6M3.1 12a9 9 0 0 1 1.6-4.8",
  ],
};

/** @param {keyof typeof DRAWINGS} name @returns {SVGElement} a drawing that assistive technology ignores */
export function icon(name) {
  const svg = /** @type {SVGElement} */ (document.createElementNS(SVG, "svg"));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const line of DRAWINGS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", line);
    svg.append(path);
  }
  return svg;
}
