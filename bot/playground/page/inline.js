// @ts-check
/** Inline mode: "@bot words" in the composer asks the bot, and its results stand above to be chosen. */

import * as api from "./api.js";
import { el, find } from "./dom.js";
import { Listbox } from "./listbox.js";
import { t } from "./texts.js";

/**
 * @typedef {import("./types.js").ChatEvent} ChatEvent
 * @typedef {import("./types.js").InlineResult} InlineResult
 * @typedef {{chatId: number, thread: number, person: number, replyTo?: number}} Place where and by whom it is asked
 * @typedef {{onChosen: () => void, onProblem: (error: unknown) => void, onStart: (payload: string) => void}} InlineActions
 */

// People stop for about this long between words; Telegram's clients wait as well.
const PAUSE_MS = 250;
const TEXT_LENGTH = 120;
const QUERY_LENGTH = 256;

export class Inline {
  /** @param {HTMLTextAreaElement} input @param {InlineActions} actions */
  constructor(input, actions) {
    this.actions = actions;
    this.list = new Listbox(find("#inline-results"), input);
    this.username = "";
    /** @type {Place} */
    this.place = { chatId: 0, thread: 0, person: 0 };
    /** @type {string | null} the words that are asked about */
    this.query = null;
    /** @type {string | null} the question that waits for results */
    this.asked = null;
    this.underway = 0;
    /** @type {Map<string, ChatEvent>} answers that may have overtaken the response to their own question */
    this.early = new Map();
    /** @type {import("./listbox.js").Choice[]} */
    this.choices = [];
  }

  /** Asks about what has been typed, once the typing pauses. @param {string} text @param {Place} place */
  follow(text, place) {
    const query = this.#queryIn(text);
    if (query === this.query && place.chatId === this.place.chatId) return;
    this.close();
    this.place = place;
    this.query = query;
    if (query !== null) this.timer = setTimeout(() => this.#ask(""), PAUSE_MS);
  }

  close() {
    clearTimeout(this.timer);
    this.query = null;
    this.asked = null;
    this.choices = [];
    this.list.close();
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the list used the key */
  handleKey(event) {
    return this.list.handleKey(event);
  }

  /** Takes the bot's results, if they answer the newest question. @param {ChatEvent} event */
  answered(event) {
    if (event.inline_query_id !== this.asked) {
      if (this.underway) this.early.set(event.inline_query_id, event);
      return;
    }
    const query = this.asked;
    const { results, next_offset: next, button } = event;
    const before = this.choices.length;
    this.choices.push(...results.map((result, place) => this.#result(query, result, before + place)));
    const start = button && !before ? [this.#startChoice(button)] : [];
    const more = next ? [this.#moreChoice(next, before + results.length)] : [];
    const none = this.choices.length || start.length ? [] : [{ id: "inline-none", hook: "inline-none", content: [el("span", {}, t("noResults"))], choose: () => this.close() }];
    const all = [...start, ...this.choices, ...more, ...none];
    this.list.show(all, Math.min(before + start.length, all.length - 1));
  }

  /** @param {string} text @returns {string | null} */
  #queryIn(text) {
    const begin = `@${this.username} `;
    return this.username && text.toLowerCase().startsWith(begin.toLowerCase()) ? text.slice(begin.length, begin.length + QUERY_LENGTH) : null;
  }

  /** @param {string} offset */
  async #ask(offset) {
    const { query, place } = this;
    if (query === null) return;
    this.underway += 1;
    try {
      const { inline_query_id: id } = await api.askInline({ from: place.person, chat_id: place.chatId, query, ...(offset && { offset }) });
      if (query !== this.query) return;
      this.asked = id;
      const early = this.early.get(id);
      if (early) this.answered(early);
    } catch (error) {
      this.actions.onProblem(error);
    } finally {
      this.underway -= 1;
      if (!this.underway) this.early.clear();
    }
  }

  /** @param {string} query @param {InlineResult} result @param {number} place @returns {import("./listbox.js").Choice} */
  #result(query, { id, title, description, text }, place) {
    const words = description ?? (title ? text : undefined);
    return {
      id: `inline-${place}`, hook: `inline-result-${id}`,
      content: [el("b", {}, (title ?? text ?? id).slice(0, TEXT_LENGTH)), words ? el("span", {}, words.slice(0, TEXT_LENGTH)) : ""],
      choose: () => this.#choose(query, id),
    };
  }

  /** @param {string} query @param {string} id */
  async #choose(query, id) {
    const { person, thread, replyTo } = this.place;
    this.close();
    try {
      await api.chooseInline(query, { from: person, result_id: id, thread: thread > 1 ? thread : undefined, reply_to: replyTo });
      this.actions.onChosen();
    } catch (error) {
      this.actions.onProblem(error);
    }
  }

  /** @param {string} next @param {number} place @returns {import("./listbox.js").Choice} */
  #moreChoice(next, place) {
    return { id: `inline-${place}`, hook: "inline-more", content: [el("span", {}, t("moreResults"))], choose: () => this.#ask(next) };
  }

  /** @param {{text: string, start_parameter?: string}} button @returns {import("./listbox.js").Choice} */
  #startChoice({ text, start_parameter: payload }) {
    const choose = () => {
      this.close();
      if (payload) this.actions.onStart(payload);
    };
    return { id: "inline-button", hook: "inline-button", content: [el("b", {}, text)], choose };
  }
}
