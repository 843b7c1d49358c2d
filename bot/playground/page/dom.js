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

/** Makes `nodes` the children of parent, moving and replacing as little as possible. @param {HTMLElement} parent @param {HTMLElement[]} nodes */
export function place(parent, nodes) {
  const wanted = new Set(nodes);
  nodes.forEach((node, index) => {
    const present = parent.childNodes[index];
    if (present === node) return;
    if (present && !wanted.has(/** @type {HTMLElement} */ (present))) present.replaceWith(node);
    else parent.insertBefore(node, present ?? null);
  });
  while (parent.childNodes.length > nodes.length) parent.lastChild?.remove();
}

/** Line drawings on a 24 × 24 grid; the mark is a round table with its chairs, seen from above. */
const DRAWINGS = {
  anonymous: ["M4 11h16M6.5 11 8 5h8l1.5 6M8 14a2.6 2.6 0 1 0 0 5.2A2.6 2.6 0 0 0 8 14zM16 14a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2zM10.6 16.3h2.8"],
  attach: ["M20 11.5 12 19.4a5 5 0 0 1-7.1-7.1l8.2-8.1a3.4 3.4 0 0 1 4.8 4.8l-8.1 8a1.8 1.8 0 0 1-2.5-2.5l7.3-7.3"],
  back: ["M15 5 8 12l7 7"],
  channel: ["M4 10v4h3l8 5V5l-8 5zM18.5 9.5a4 4 0 0 1 0 5"],
  check: ["M5 12.5 10 17.5 19.5 7"],
  close: ["M6 6l12 12M18 6 6 18"],
  contact: ["M12 5a3.4 3.4 0 1 0 0 6.8A3.4 3.4 0 0 0 12 5zM5 20c.6-3.6 3.4-5.4 7-5.4s6.4 1.8 7 5.4"],
  copy: ["M9 9h10v11H9zM15 9V4H5v11h4"],
  down: ["M6 9l6 6 6-6"],
  edit: ["M4.5 19.5l1-4.2L16 4.8a1.6 1.6 0 0 1 2.3 0l.9.9a1.6 1.6 0 0 1 0 2.3L8.7 18.5z"],
  external: ["M9 6H5v13h13v-4M13 5h6v6M19 5l-8.5 8.5"],
  file: ["M6 3h8l4 4v14H6zM14 3v4h4"],
  forward: ["M15 7l5 5-5 5M19.5 12H10a6 6 0 0 0-6 6v1"],
  gear: ["M4 7h8M16.5 7H20M4 17h3.5M12 17h8M14.2 4.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4zM9.8 14.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z"],
  info: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.4v.3"],
  inline: ["M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM15.5 8.5v5a2.3 2.3 0 0 0 4.6 0V12a8.1 8.1 0 1 0-3.2 6.4"],
  keyboard: ["M4 6h16v12H4zM7.5 10h.1M12 10h.1M16.5 10h.1M8 14.5h8"],
  lamp: ["M9.5 18h5M10.5 21h3M12 3a6 6 0 0 0-3.4 10.9c.6.5.9 1 .9 1.7h5c0-.7.3-1.2.9-1.7A6 6 0 0 0 12 3z"],
  lock: ["M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  moon: ["M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z"],
  more: ["M12 5.5v.1M12 12v.1M12 18.5v.1"],
  pin: ["M9 4h6l-.6 6 3.1 3v1.5h-11V13l3.1-3zM12 14.5V21"],
  place: ["M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z"],
  plus: ["M12 5v14M5 12h14"],
  poll: ["M6 20v-8M12 20V4M18 20v-5"],
  reply: ["M9 7 4 12l5 5M4.5 12H14a6 6 0 0 1 6 6v1"],
  send: ["M12 19V5M6 11l6-6 6 6"],
  slash: ["M15 4 9 20"],
  stop: ["M7 7h10v10H7z"],
  sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M19 5l-1.4 1.4M6.4 17.6 5 19"],
  trash: ["M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.3 10.5v5.5M13.7 10.5v5.5"],
  undo: ["M8 6 4 10l4 4M4.5 10H14a5 5 0 0 1 0 10h-3"],
  mark: [
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
    "M9.5 3.6a9 9 0 0 1 5 0M19.3 7.2a9 9 0 0 1 1.6 4.8M18.6 18a9 9 0 0 1-4 2.6M9.4 20.6a9 9 0 0 1-4-2.6M3.1 12a9 9 0 0 1 1.6-4.8",
  ],
};

/** @typedef {keyof typeof DRAWINGS} IconName */

/** @param {IconName} name @returns {SVGElement} a drawing that assistive technology ignores */
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
