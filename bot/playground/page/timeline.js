// @ts-check
/** The list of messages: kept in step with the chat, and still where the reader is reading. */

import { draftElement, messageElement, typingElement } from "./bubbles.js";
import { el, find, icon } from "./dom.js";
import { disc } from "./people.js";
import { liveAction, liveDrafts } from "./store.js";
import { day, examples, t } from "./texts.js";

/**
 * @typedef {import("./store.js").Chat} Chat
 * @typedef {import("./api.js").Message} Message
 * @typedef {import("./api.js").Person} Person
 */

const NEAR_END_PX = 80;
// Messages of one sender within this time stand together.
const GROUP_S = 300;

export class Timeline {
  /** @param {Omit<import("./bubbles.js").MessageActions, "onQuote"> & {onExample: (text: string) => void}} actions */
  constructor(actions) {
    this.list = find("#messages");
    this.jump = find("#jump");
    this.actions = { ...actions, onQuote: (/** @type {number} */ id) => this.goTo(id) };
    /** @type {Map<number, {message: Message, element: HTMLElement, stale?: boolean}>} */
    this.shown = new Map();
    this.seenId = 0;
    this.follows = true;
    /** @type {{element: HTMLElement, data: string | null | undefined} | undefined} */
    this.focus = undefined;
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.jump.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.follows && this.toEnd()).observe(this.list);
  }

  /** Forgets what is shown, as for another chat, person or language. */
  reset() {
    this.shown.clear();
    this.list.replaceChildren();
    this.follows = true;
  }

  /** Has a message drawn again although it did not change itself. @param {number} messageId */
  refresh(messageId) {
    const known = this.shown.get(messageId);
    if (known) known.stale = true;
  }

  /** @param {Chat} chat @param {Person} viewer */
  render(chat, viewer) {
    this.chat = chat;
    this.list.classList.toggle("private", chat.type === "private");
    const nodes = [...this.#messages(chat, viewer), ...this.#unfinished(chat)];
    place(this.list, nodes.length ? nodes : [this.#welcome(chat, viewer)]);
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
    const element = this.shown.get(messageId)?.element;
    if (!element) return;
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
    element.classList.remove("lit");
    requestAnimationFrame(() => element.classList.add("lit"));
  }

  /** @param {Chat} chat @param {Person} viewer @returns {HTMLElement[]} messages with the days between them */
  #messages(chat, viewer) {
    const messages = [...chat.messages.values()];
    for (const id of this.shown.keys()) if (!chat.messages.has(id)) this.shown.delete(id);
    return messages.flatMap((message, place) => {
      const before = messages[place - 1];
      const element = this.#element(message, viewer);
      const newDay = !before || !sameDay(before, message);
      element.classList.toggle("first", newDay || !together(before, message));
      element.classList.toggle("last", !messages[place + 1] || !together(message, messages[place + 1]));
      return newDay ? [this.#daySeparator(message), element] : [element];
    });
  }

  /** @param {Message} message @param {Person} viewer */
  #element(message, viewer) {
    const known = this.shown.get(message.message_id);
    if (known?.message === message && !known.stale) return known.element;
    const element = messageElement(message, viewer.id, this.actions);
    if (known?.element.contains(document.activeElement)) {
      this.focus = { element, data: document.activeElement?.getAttribute("data-data") };
    }
    this.shown.set(message.message_id, { message, element });
    return element;
  }

  /** A message that was drawn anew keeps the focus, on the same button if it still has it. */
  #restoreFocus() {
    if (!this.focus) return;
    const { element, data } = this.focus;
    this.focus = undefined;
    /** @type {HTMLElement | null} */
    const button = data ? element.querySelector(`[data-data="${CSS.escape(data)}"]`) : null;
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
    const bot = [...(this.chat?.messages.values() ?? [])].findLast((message) => message.from?.is_bot);
    return bot?.from.first_name ?? (this.chat?.type === "private" ? this.chat.title : "Bot");
  }

  /** @param {Chat} chat @param {Person} viewer */
  #welcome(chat, viewer) {
    const group = chat.type !== "private";
    const known = this.list.querySelector(".welcome");
    if (known) return known;
    const offers = examples(group).map((text) =>
      el("button", { type: "button", class: "example", onclick: () => this.actions.onExample(text) }, text));
    return el("div", { class: "welcome", "data-testid": "welcome" },
      disc(chat),
      el("h3", {}, group ? t("emptyGroupTitle") : t("emptyTitle", { name: viewer.first_name })),
      el("p", {}, t(group ? "emptyGroupText" : "emptyText")),
      ...offers);
  }

  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.list;
    this.follows = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    this.#renderJump();
  }

  #renderJump() {
    const messages = [...(this.chat?.messages.values() ?? [])];
    if (this.follows) this.seenId = messages.at(-1)?.message_id ?? 0;
    const fresh = messages.filter((message) => message.message_id > this.seenId).length;
    this.jump.hidden = this.follows;
    const words = fresh ? `${t("newMessages")} (${fresh})` : t("toEnd");
    this.jump.replaceChildren(icon("down"), el("span", { class: fresh ? "" : "visually-hidden" }, words));
  }
}

/** @param {Message} a @param {Message} b */
const together = (a, b) => a.from?.id === b.from?.id && b.date - a.date < GROUP_S && sameDay(a, b);

/** @param {Message} a @param {Message} b */
const sameDay = (a, b) => new Date(a.date * 1000).toDateString() === new Date(b.date * 1000).toDateString();

/** Makes `nodes` the children of parent, moving and replacing as little as possible. @param {HTMLElement} parent @param {HTMLElement[]} nodes */
function place(parent, nodes) {
  nodes.forEach((node, index) => {
    const present = parent.childNodes[index];
    if (present === node) return;
    if (present && !nodes.includes(/** @type {HTMLElement} */ (present))) present.replaceWith(node);
    else parent.insertBefore(node, present ?? null);
  });
  while (parent.childNodes.length > nodes.length) parent.lastChild?.remove();
}
