// @ts-check
/** The bar with the pinned message; pressing it goes there, and then to the one pinned before. */

import { el, find, icon } from "./dom.js";
import { snippet } from "./people.js";
import { t } from "./texts.js";

/** @typedef {import("./store.js").Chat} Chat */

export class Pinned {
  /** @param {{onMessage: (id: number) => void}} actions */
  constructor(actions) {
    this.bar = find("#pinned");
    this.actions = actions;
    this.at = 0;
    this.key = "";
    /** @type {number[]} the newest first */
    this.pinned = [];
    this.bar.addEventListener("click", () => this.#go());
  }

  /** @param {Chat | undefined} chat */
  render(chat) {
    this.chat = chat;
    const pinned = [...(chat?.pinned ?? [])].reverse();
    this.bar.hidden = pinned.length === 0;
    const key = JSON.stringify([chat?.id, pinned]);
    if (key !== this.key) this.at = 0;
    this.key = key;
    this.pinned = pinned;
    if (!chat || !pinned.length) return;
    const message = chat.messages.get(pinned[this.at]);
    const count = pinned.length > 1 ? ` ${this.at + 1}/${pinned.length}` : "";
    this.bar.replaceChildren(icon("pin"), el("span", { class: "pinned-words" }, el("b", {}, t("pinned") + count), el("span", {}, message ? snippet(message) : "…")));
  }

  #go() {
    this.actions.onMessage(this.pinned[this.at]);
    this.at = (this.at + 1) % this.pinned.length;
    this.render(this.chat);
  }
}
