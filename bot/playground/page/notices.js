// @ts-check
/** Short notices: toasts, the alert dialog, and what is read out to people who do not see the screen. */

import { ApiError } from "./api.js";
import { openDialog } from "./dialog.js";
import { el, find } from "./dom.js";
import { link, safeAddress } from "./entities.js";
import { problemText } from "./problems.js";
import { t } from "./texts.js";

const TOAST_MS = 6000;
const SPOKEN_LENGTH = 600;

export class Notices {
  constructor() {
    this.tray = find("#toasts");
    this.speaker = find("#speaker");
  }

  /** @param {unknown} error what the server refused, or that there is none */
  problem(error) {
    console.warn(error);
    this.toast(error instanceof ApiError ? problemText(error.message) : t("unreachable"), "problem");
  }

  /** @param {string} text @param {"note" | "problem"} [kind] */
  toast(text, kind = "note") {
    const toast = el("div", { class: `toast ${kind}`, "data-testid": "toast" }, text);
    // What lies outside an open dialog is neither above it nor read out.
    ([...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body).append(this.tray);
    if (!this.tray.matches(":popover-open")) this.tray.showPopover();
    this.tray.replaceChildren(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  }

  /** @param {string} text shown until it is accepted */
  alert(text) {
    const accept = el("button", { type: "submit", class: "primary" }, t("accept"));
    const words = el("p", { id: "alert-text" }, text);
    const dialog = el("dialog", { class: "alert", "data-testid": "alert", "aria-labelledby": "alert-text" },
      el("form", { method: "dialog" }, words, accept));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  /** Lets a person follow a link that a bot answered with; a page may open none of itself. @param {string} address */
  offerLink(address) {
    const safe = safeAddress(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
    if (!safe) return;
    const anchor = link(safe, { class: "primary", "data-testid": "offered-link" }, t("openLink"));
    anchor.addEventListener("click", () => dialog.close());
    const dialog = openDialog({ title: t("botSendsLink"), name: "link-dialog" }, el("p", { class: "address" }, safe), anchor);
  }

  /** @param {string} text read out politely by a screen reader */
  speak(text) {
    this.speaker.textContent = text.slice(0, SPOKEN_LENGTH);
  }
}
