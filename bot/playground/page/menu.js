// @ts-check
/** A menu that opens beside what it belongs to; arrows move in it, Escape gives the focus back. */

import { el, icon } from "./dom.js";

/**
 * @typedef {{label: string, drawing?: import("./dom.js").IconName, name: string, act: () => void, danger?: boolean, checked?: boolean}} Item
 *   `name` becomes data-testid; `checked` makes it something to switch
 */

const GAP_PX = 6;

/**
 * @param {HTMLElement} anchor the button that opens it, named by its aria-label
 * @param {Item[]} items
 * @param {Item[]} [row] short ones, such as emoji, in one line above the others
 */
export function openMenu(anchor, items, row = []) {
  const close = () => menu.hidePopover();
  const entry = (/** @type {Item} */ item) => el("button", {
    type: "button", role: item.checked === undefined ? "menuitem" : "menuitemcheckbox", "aria-checked": item.checked === undefined ? null : String(item.checked),
    class: item.danger ? "danger" : "", tabindex: -1, "data-testid": item.name, "aria-label": row.includes(item) ? item.label : null,
    onclick: () => {
      close();
      item.act();
    },
  }, item.drawing && icon(item.drawing), el("span", {}, item.label), item.checked && icon("check"));
  const menu = el("div", { class: "menu", popover: "auto", role: "menu", "aria-label": anchor.getAttribute("aria-label"), "data-testid": "menu" },
    row.length > 0 && el("div", { class: "menu-row", role: "none" }, ...row.map(entry)), ...items.map(entry));
  menu.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => move(menu, event));
  menu.addEventListener("toggle", (/** @type {any} */ event) => {
    if (event.newState === "closed") menu.remove();
  });
  // What lies outside an open dialog cannot be pressed.
  (anchor.closest("dialog") ?? document.body).append(menu);
  menu.showPopover();
  putBeside(menu, anchor);
  const entries = [...menu.querySelectorAll("[role^=menuitem]")];
  entries[row.length]?.focus();
  entries[row.length] ?? entries[0]?.focus();
}

/** @param {HTMLElement} menu @param {HTMLElement} anchor */
function putBeside(menu, anchor) {
  const { left, right, top, bottom } = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const { clientWidth, clientHeight } = document.documentElement;
  const x = left + width + GAP_PX > clientWidth ? right - width : left;
  const above = bottom + height + GAP_PX > clientHeight;
  menu.style.left = `${Math.max(GAP_PX, Math.min(x, clientWidth - width - GAP_PX))}px`;
  menu.style.top = `${Math.max(GAP_PX, above ? top - height - GAP_PX : bottom + GAP_PX)}px`;
}

/** @param {HTMLElement} menu @param {KeyboardEvent} event */
function move(menu, event) {
  /** @type {HTMLElement[]} */
  const all = [...menu.querySelectorAll("[role^=menuitem]")].map((node) => /** @type {HTMLElement} */ (node));
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  /** @type {Record<string, number>} */
  const steps = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 };
  const next = steps[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (next === undefined) return;
  event.preventDefault();
  all[(next + all.length) % all.length].focus();
}
