// @ts-check
/** Dialogs and drawers: one frame for all, with a title and a way out. */

import { el, icon } from "./dom.js";
import { t } from "./texts.js";

/**
 * Opens a dialog; Escape, its close button and a click beside it close it.
 * @param {{title: string, name: string, drawer?: boolean, onClose?: () => void}} options `name` becomes data-testid
 * @param {...Node} body
 * @returns {HTMLDialogElement}
 */
export function openDialog({ title, name, drawer = false, onClose }, ...body) {
  const heading = el("h2", { id: `${name}-title` }, title);
  const shut = el("button", { type: "button", class: "icon-button", "aria-label": t("close"), title: t("close"), "data-testid": "dialog-close", onclick: () => dialog.close() }, icon("close"));
  const dialog = el("dialog", { class: drawer ? "drawer" : "sheet-dialog", "aria-labelledby": `${name}-title`, "data-testid": name },
    el("header", { class: "dialog-head" }, heading, shut), el("div", { class: "dialog-body" }, ...body));
  dialog.addEventListener("click", (/** @type {Event} */ event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks for one line of text.
 * @param {{title: string, label: string, value?: string, accept: string, maxlength: number}} options
 * @param {(text: string) => void} onAccept
 */
export function ask({ title, label, value = "", accept, maxlength }, onAccept) {
  const input = el("input", { type: "text", maxlength, required: true, value, "data-testid": "ask-input" });
  const form = el("form", { class: "fields" }, el("label", {}, el("span", {}, label), input), el("button", { type: "submit", class: "primary", "data-testid": "ask-accept" }, accept));
  const dialog = openDialog({ title, name: "ask" }, form);
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!input.value.trim()) return;
    dialog.close();
    onAccept(input.value.trim());
  });
  input.select();
}

/**
 * Has one of several chosen.
 * @param {{title: string, name: string}} options
 * @param {{name: string, label: string, mark?: Node}[]} choices
 * @param {(name: string) => void} onChoose
 */
export function choose(options, choices, onChoose) {
  const dialog = openDialog(options, el("ul", { class: "choices" }, ...choices.map(({ name, label, mark }) => el("li", {}, el("button", {
    type: "button", "data-testid": `choose-${name}`,
    onclick: () => {
      dialog.close();
      onChoose(name);
    },
  }, mark, el("span", {}, label))))));
}
