// @ts-check
/** Copying text, also where the browser keeps its clipboard to secure pages. */

import { el } from "./dom.js";

/** Copies a text; it says whether it could. @param {string} text @returns {Promise<boolean>} */
export async function copyText(text) {
  try {
    // Missing on plain http outside the loopback interface; refused where the page lacks the permission.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** The older way: what is selected in a field goes to the clipboard. @param {string} text */
function copySelected(text) {
  const before = document.activeElement;
  const field = el("textarea", { class: "visually-hidden", readonly: true, "aria-hidden": "true", tabindex: -1 });
  field.value = text;
  // What lies outside an open dialog cannot be selected.
  ([...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return done;
}
