// @ts-check
/** The list of messages: kept in step with the chat, and still where the reader is reading. */

import { draftElement, messageElement, typingElement } from "./bubbles.js";
import { el, find, icon, place } from "./dom.js";
import { author, inAlbums, isFromBot, threadOf } from "./messages.js";
import { liveAction, liveDrafts, visibleMessages } from "./store.js";
import { day, t } from "./texts.js";
import { welcome } from "./welcome.js";

/**
 * @typedef {import("./store.js").Chat} Chat
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Person} Person
 * @typedef {Omit<import("./bubbles.js").MessageActions, "onQuote" | "onRedraw"> & {onExample: (text: string) => void, onLeave: () => void,
 *   botName: () => string}} Actions
 */

const NEAR_END_PX = 80;
// Messages of one sender within this time stand together.
const GROUP_S = 300;

export class Timeline {
  /** @param {Actions} actions */
  constructor(actions) {
    this.list = find("#messages");
    this.jump = find("#jump");
    /** @type {import("./bubbles.js").MessageActions & Actions} */
    this.actions = { ...actions, onQuote: (id) => this.goTo(id), onRedraw: (id) => this.#redraw(id) };
    /** @type {Map<number, {shows: any[], element: HTMLElement}>} by the id of the (first) message */
    this.shown = new Map();
    /** @type {Set<number>} messages that are drawn again although they did not change themselves */
    this.stale = new Set();
    this.seenId = 0;
    this.welcomeShows = "";
    this.follows = true;
    /** @type {{element: HTMLElement, name: string | null | undefined} | undefined} */
    this.focus = undefined;
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.list.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
    this.jump.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.follows && this.toEnd()).observe(this.list);
  }

  /** Forgets what is shown, as for another chat, topic, person or language. */
  reset() {
    this.shown.clear();
    this.list.replaceChildren();
    this.follows = true;
  }

  /** Has a message drawn again although it did not change itself. @param {number} messageId */
  refresh(messageId) {
    this.stale.add(messageId);
  }

  /** @param {number} messageId */
  #redraw(messageId) {
    this.refresh(messageId);
    if (this.chat && this.viewer) this.render(this.chat, this.viewer);
  }

  /** @param {Chat} chat @param {Person} viewer */
  render(chat, viewer) {
    this.chat = chat;
    this.viewer = viewer;
    this.list.className = `messages ${chat.type}`;
    const nodes = [...this.#messages(chat), ...this.#unfinished(chat)];
    place(this.list, nodes.length ? nodes : [this.#welcome(chat, viewer)]);
    this.stale.clear();
    this.#restoreFocus();
    if (this.follows) this.toEnd();
    this.#renderJump();
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.follows = true;
    this.#renderJump();
  }

  /** @param {number} messageId scrolled to and lit up for a moment, if it is still there */
  goTo(messageId) {
    const element = this.list.querySelector(`[data-id="${messageId}"]`);
    if (!element) return;
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
    element.classList.remove("lit");
    requestAnimationFrame(() => element.classList.add("lit"));
  }

  /** Up and down go from message to message, Escape back to writing; Enter opens what can be done with one. @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Escape") this.actions.onLeave();
    if (target !== this.list && !target.matches("article")) return;
    if (event.key === "Enter") {
      // Else the key would go on to press what has the focus by then.
      event.preventDefault();
      /** @type {HTMLElement | null} */ (target.querySelector(".more-button"))?.click();
    }
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    const all = [...this.list.querySelectorAll("article[tabindex]")];
    const next = target === this.list ? all.at(-1) : all[all.indexOf(target) + (event.key === "ArrowUp" ? -1 : 1)];
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  /** @param {Chat} chat @returns {HTMLElement[]} messages with the days between them */
  #messages(chat) {
    const groups = inAlbums(visibleMessages(chat));
    const firsts = new Set(groups.map(([first]) => first.message_id));
    for (const id of this.shown.keys()) if (!firsts.has(id)) this.shown.delete(id);
    return groups.flatMap((group, place) => {
      const [message] = group;
      const before = groups[place - 1]?.[0];
      const after = groups[place + 1]?.[0];
      const element = this.#element(group, chat);
      const newDay = !before || !sameDay(before, message);
      element.classList.toggle("first", newDay || !together(chat, before, message));
      element.classList.toggle("last", !after || !together(chat, message, after));
      return newDay ? [this.#daySeparator(message), element] : [element];
    });
  }

  /** @param {Message[]} group @param {Chat} chat */
  #element(group, chat) {
    const id = group[0].message_id;
    const pinned = group.map((message) => chat.pinned?.includes(message.message_id));
    const shows = [...group, ...pinned, chat.polls.get(id), chat.reactions.get(id), chat.topics];
    const known = this.shown.get(id);
    const same = known && !this.stale.has(id) && known.shows.length === shows.length && known.shows.every((each, place) => each === shows[place]);
    if (same) return known.element;
    const element = messageElement(group, chat, this.actions);
    if (known?.element.contains(document.activeElement)) {
      this.focus = { element, name: document.activeElement?.getAttribute("data-focus") };
    }
    this.shown.set(id, { shows, element });
    return element;
  }

  /** A message that was drawn anew keeps the focus, on the same button if it still has it. */
  #restoreFocus() {
    if (!this.focus) return;
    const { element, name } = this.focus;
    this.focus = undefined;
    /** @type {HTMLElement | null} */
    const button = name ? element.querySelector(`[data-focus="${CSS.escape(name)}"]`) : null;
    (button ?? element).focus({ preventScroll: true });
  }

  /** @param {Message} message */
  #daySeparator(message) {
    const words = day(message.date);
    const known = this.list.querySelector(`[data-day="${message.message_id}"]`);
    return known?.textContent === words ? known : el("div", { class: "day", role: "separator", "data-day": message.message_id }, el("span", {}, words));
  }

  /** @param {Chat} chat @returns {HTMLElement[]} drafts, or the sign that one is coming */
  #unfinished(chat) {
    const drafts = liveDrafts(chat).map((draft) => draftElement(draft, chat, this.actions));
    const action = liveAction(chat);
    if (!action) return drafts;
    const words = t(action.startsWith("upload") ? "uploading" : "typing", { name: this.#botName() });
    const known = this.list.querySelector("[data-testid=typing]");
    if (known?.querySelector(".dots")?.getAttribute("aria-label") === words) return [known];
    return [typingElement(words, chat)];
  }

  #botName() {
    const bot = [...(this.chat?.messages.values() ?? [])].findLast(isFromBot);
    return bot?.from?.first_name ?? (this.chat?.type === "private" ? this.chat.title : "Bot");
  }

  /** Drawn again when something it says changed. @param {Chat} chat @param {Person} viewer */
  #welcome(chat, { first_name: name }) {
    const botName = this.actions.botName();
    const shows = JSON.stringify([chat.id, chat.thread, chat.title, chat.description, chat.bot, name, botName]);
    const known = this.list.querySelector(".welcome");
    if (known && shows === this.welcomeShows) return known;
    this.welcomeShows = shows;
    return welcome(chat, { name, botName, onSay: this.actions.onExample });
  }

  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.list;
    this.follows = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    this.#renderJump();
  }

  #renderJump() {
    const messages = this.chat ? visibleMessages(this.chat) : [];
    if (this.follows) this.seenId = messages.at(-1)?.message_id ?? 0;
    const fresh = messages.filter((message) => message.message_id > this.seenId).length;
    this.jump.hidden = this.follows;
    const words = fresh ? `${t("newMessages")} (${fresh})` : t("toEnd");
    this.jump.replaceChildren(icon("down"), el("span", { class: fresh ? "" : "visually-hidden" }, words));
  }
}

/** @param {Chat} chat @param {Message} a @param {Message} b */
const together = (chat, a, b) =>
  author(a).id === author(b).id && threadOf(chat, a) === threadOf(chat, b) && b.date - a.date < GROUP_S && sameDay(a, b);

/** @param {Message} a @param {Message} b */
const sameDay = (a, b) => new Date(a.date * 1000).toDateString() === new Date(b.date * 1000).toDateString();
