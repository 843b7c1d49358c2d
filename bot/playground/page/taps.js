// @ts-check
/** Buttons that were tapped and wait for the bot's answer. */

import * as api from "./api.js";

// After this long Telegram's clients, too, stop waiting for an answer.
const PATIENCE_MS = 30_000;

/** @typedef {import("./types.js").ChatEvent} ChatEvent */

export class Taps {
  /**
   * @param {import("./notices.js").Notices} notices
   * @param {(messageId: number) => void} onChange told when a button of that message became busy or free
   */
  constructor(notices, onChange) {
    this.notices = notices;
    this.onChange = onChange;
    /** @type {Map<string, number>} button → message that it belongs to */
    this.busy = new Map();
    /** @type {Map<string, string>} callback query → button */
    this.queries = new Map();
    this.underway = 0;
    /** @type {Map<string, ChatEvent>} answers that may have overtaken the response to their own tap */
    this.early = new Map();
  }

  /** @param {number} chat @param {number} message @param {string} data */
  isBusy(chat, message, data) {
    return this.busy.has(buttonKey(chat, message, data));
  }

  /** @param {number} chat @param {number} message @param {number} person @param {string} data */
  async tap(chat, message, person, data) {
    const key = buttonKey(chat, message, data);
    if (this.busy.has(key)) return;
    this.busy.set(key, message);
    this.onChange(message);
    this.underway += 1;
    try {
      const { callback_query_id: query } = await api.tap(chat, message, person, data);
      this.queries.set(query, key);
      setTimeout(() => this.#release(key, query), PATIENCE_MS);
      const early = this.early.get(query);
      if (early) this.answered(early);
    } catch (error) {
      this.notices.problem(error);
      this.#release(key);
    } finally {
      this.underway -= 1;
      if (!this.underway) this.early.clear();
    }
  }

  /** Shows an answer, if the tap was made here and not on another page of the same person. @param {ChatEvent} event */
  answered(event) {
    const { callback_query_id: query, text, show_alert: alert } = event;
    const key = this.queries.get(query);
    if (key === undefined) {
      if (this.underway) this.early.set(query, event);
      return;
    }
    this.#release(key, query);
    if (event.url) this.notices.offerLink(event.url);
    if (text && alert) this.notices.alert(text);
    else if (text) this.notices.toast(text);
  }

  /** @param {string} key @param {string} [query] which must still be the one that waits, if given */
  #release(key, query) {
    if (query !== undefined && !this.queries.delete(query)) return;
    const message = this.busy.get(key);
    this.busy.delete(key);
    if (message !== undefined) this.onChange(message);
  }
}

/** @param {number} chat @param {number} message @param {string} data */
const buttonKey = (chat, message, data) => `${chat}:${message}:${data}`;
