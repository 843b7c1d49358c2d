// @ts-check
/** The keyboard that a bot puts below the composer. */

import { el, find, icon } from "./dom.js";
import { asButton, keyboardOf } from "./keyboard_state.js";
import { t } from "./texts.js";

/**
 * @typedef {import("./store.js").Chat} Chat
 * @typedef {import("./types.js").ReplyButton} ReplyButton
 */

export class ReplyKeyboard {
  /** @param {{onPress: (button: ReplyButton) => void, onToggle: () => void}} actions */
  constructor(actions) {
    this.actions = actions;
    this.board = find("#reply-keyboard");
    this.toggle = find("#keyboard-toggle");
    this.shows = "";
    this.toggle.addEventListener("click", () => this.#toggle());
  }

  /** @param {Chat | undefined} chat @param {boolean} writable */
  render(chat, writable) {
    this.chat = chat;
    const shown = chat && writable ? keyboardOf(chat) : undefined;
    const rows = shown?.markup.keyboard ?? [];
    const open = rows.length > 0 && !shown?.hidden;
    this.toggle.hidden = rows.length === 0 || shown?.markup.is_persistent === true;
    this.toggle.setAttribute("aria-expanded", String(open));
    this.board.hidden = !open;
    const shows = JSON.stringify([shown?.messageId, rows]);
    if (shows === this.shows) return;
    this.shows = shows;
    this.board.classList.toggle("tall", !shown?.markup.resize_keyboard);
    this.board.replaceChildren(...rows.map((row) => el("div", { class: "row" }, ...row.map((button) => this.#key(asButton(button))))));
  }

  /** What to show in the empty composer, if the bot said so. @returns {string} */
  get placeholder() {
    const shown = this.chat && keyboardOf(this.chat);
    return (shown && !shown.hidden && shown.markup.input_field_placeholder) || "";
  }

  #toggle() {
    const shown = this.chat && keyboardOf(this.chat);
    if (!shown) return;
    shown.hidden = !shown.hidden;
    this.actions.onToggle();
  }

  /** @param {ReplyButton} button */
  #key(button) {
    const drawing = button.request_contact ? "contact" : button.request_location ? "place" : button.request_poll ? "poll" : null;
    const words = drawing ? { contact: t("sharesContact"), place: t("sharesPlace"), poll: t("makesPoll") }[drawing] : null;
    return el("button", { type: "button", class: "key", "data-testid": "reply-key", title: words, onclick: () => this.actions.onPress(button) },
      button.text, drawing && el("span", { class: "corner" }, icon(drawing)));
  }
}
