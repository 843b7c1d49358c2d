// @ts-check
/** Telegram's entities as DOM nodes. Offsets count UTF-16 units, as JavaScript's strings do. */

import { el, icon } from "./dom.js";
import { t } from "./texts.js";

/**
 * @typedef {import("./types.js").Entity} Entity
 * @typedef {{onCommand: (command: string) => void, onMention: (name: string) => void,
 *   onCopy: (text: string) => Promise<boolean>}} TextActions `onCopy` copies, says so, and tells whether it could
 */

// Telegram's own limit on entities in a message.
const MAX_ENTITIES = 100;
const SCHEMES = new Set(["http:", "https:", "tg:", "mailto:"]);
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

/**
 * Text with its entities, ready to append.
 * @param {string} text
 * @param {Entity[] | undefined} entities
 * @param {TextActions} actions
 * @returns {HTMLElement}
 */
export function renderText(text, entities, actions) {
  const body = el("div", { class: "text" });
  fill(body, text, 0, text.length, sorted((entities ?? []).slice(0, MAX_ENTITIES)), actions);
  return body;
}

/** @param {string | undefined} address @returns {string | null} the address if its scheme may be opened */
export function safeAddress(address) {
  try {
    const url = new URL(address ?? "");
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** @param {string} address @param {Record<string, any>} properties @param {...(Node | string)} children */
export function link(address, properties, ...children) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer", ...properties }, ...children);
}

/** Outer entities before those inside them. @param {Entity[]} entities */
const sorted = (entities) => [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);

/** Appends text[start, end) to parent; entities that cross an edge are cut there, so the nodes nest. */
function fill(/** @type {HTMLElement} */ parent, /** @type {string} */ text, /** @type {number} */ start,
  /** @type {number} */ end, /** @type {Entity[]} */ entities, /** @type {TextActions} */ actions) {
  let at = start;
  let queue = entities;
  while (queue.length) {
    const [entity, ...others] = queue;
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    const { inside, after } = cut(others, to);
    queue = to > from ? after : others;
    if (to <= from) continue;
    appendText(parent, text.slice(at, from), isBlock(entity));
    const { node, content } = wrap(entity, text.slice(from, to), actions);
    fill(content, text, from, to, inside, actions);
    parent.append(node);
    at = to;
  }
  appendText(parent, text.slice(at, end), false);
}

/** @param {Entity[]} entities @param {number} edge */
function cut(entities, edge) {
  const inside = [];
  const after = [];
  for (const entity of entities) {
    const over = entity.offset + entity.length - edge;
    if (entity.offset >= edge) after.push(entity);
    else inside.push(over > 0 ? { ...entity, length: edge - entity.offset } : entity);
    if (entity.offset < edge && over > 0) after.push({ ...entity, offset: edge, length: over });
  }
  return { inside, after: sorted(after) };
}

/** @param {Entity} entity */
const isBlock = (entity) => entity.type === "pre" || entity.type.endsWith("blockquote");

/** A block stands on lines of its own, so the line feed on either side of it is not shown. */
function appendText(/** @type {HTMLElement} */ parent, /** @type {string} */ text, /** @type {boolean} */ beforeBlock) {
  let shown = text;
  if (parent.lastElementChild?.classList.contains("block") && parent.lastChild === parent.lastElementChild) {
    shown = shown.replace(/^\n/, "");
  }
  if (beforeBlock) shown = shown.replace(/\n$/, "");
  if (shown) parent.append(shown);
}

/** @param {Entity} entity @param {string} covered the text under it @param {TextActions} actions @returns {{node: HTMLElement, content: HTMLElement}} */
function wrap(entity, covered, actions) {
  const build = /** @type {any} */ (WRAPPERS)[entity.type];
  if (build) return build(entity, covered, actions);
  const node = el(/** @type {any} */ (TAGS)[entity.type] ?? "span");
  return { node, content: node };
}

const WRAPPERS = {
  spoiler: () => spoiler(),
  pre: (/** @type {Entity} */ entity, /** @type {string} */ covered, /** @type {TextActions} */ actions) => codeBlock(entity.language, covered, actions),
  blockquote: () => same(el("blockquote", { class: "block" })),
  expandable_blockquote: () => expandable(),
  url: (/** @type {Entity} */ _, /** @type {string} */ covered) =>
    anchor(/^[a-z][a-z0-9+.-]*:/i.test(covered) ? covered : `https://${covered}`),
  text_link: (/** @type {Entity} */ entity) => anchor(entity.url),
  email: (/** @type {Entity} */ _, /** @type {string} */ covered) => anchor(`mailto:${covered}`),
  mention: (/** @type {Entity} */ _, /** @type {string} */ covered, /** @type {TextActions} */ actions) =>
    tappable("mention", () => actions.onMention(covered)),
  text_mention: (/** @type {Entity} */ _, /** @type {string} */ covered, /** @type {TextActions} */ actions) =>
    tappable("mention", () => actions.onMention(covered)),
  hashtag: () => same(el("span", { class: "hashtag" })),
  cashtag: () => same(el("span", { class: "hashtag" })),
  bot_command: (/** @type {Entity} */ _, /** @type {string} */ covered, /** @type {TextActions} */ actions) =>
    tappable("bot-command", () => actions.onCommand(covered)),
};

const same = (/** @type {HTMLElement} */ node) => ({ node, content: node });

/** @param {string | undefined} address */
function anchor(address) {
  const safe = safeAddress(address);
  return same(safe ? link(safe, {}) : el("span"));
}

/** @param {string} kind @param {() => void} act */
function tappable(kind, act) {
  return same(el("button", { type: "button", class: kind, onclick: act }));
}

/** @param {string | undefined} language @param {string} code @param {TextActions} actions */
function codeBlock(language, code, actions) {
  const content = el("code");
  const copy = el("button", { type: "button", class: "copy", "aria-label": t("copy"), title: t("copy") }, icon("copy"));
  copy.addEventListener("click", async () => {
    if (!(await actions.onCopy(code))) return;
    copy.classList.add("done");
    copy.setAttribute("aria-label", t("copied"));
  });
  const head = el("div", { class: "code-head" }, el("span", {}, (language ?? "").slice(0, 40)), copy);
  return { node: el("div", { class: "code-block block" }, head, el("pre", { tabindex: 0 }, content)), content };
}

function spoiler() {
  const content = el("span", { class: "hidden-words", "aria-hidden": "true" });
  const node = el("span", { class: "spoiler", role: "button", tabindex: 0, "aria-label": t("showSpoiler") }, content);
  const reveal = (/** @type {Event} */ event) => {
    if (event instanceof KeyboardEvent && event.key !== "Enter" && event.key !== " ") return;
    if (node.classList.contains("shown")) return;
    event.preventDefault();
    event.stopPropagation();
    node.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
    content.removeAttribute("aria-hidden");
  };
  // Captured, so that a link under the spoiler is not followed by the tap that uncovers it.
  node.addEventListener("click", reveal, { capture: true });
  node.addEventListener("keydown", reveal, { capture: true });
  return { node, content };
}

function expandable() {
  const content = el("div", { class: "clamped" });
  const more = el("button", { type: "button", class: "more", "aria-expanded": "false" }, t("showAll"));
  more.addEventListener("click", () => {
    const open = content.classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
    more.textContent = t(open ? "showLess" : "showAll");
  });
  return { node: el("blockquote", { class: "block" }, content, more), content };
}
