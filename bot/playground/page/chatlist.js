// @ts-check
/** The list of a person's chats, with what was said last and what is unread, and of those they could join. */

import { el, find, place } from "./dom.js";
import { author, isService } from "./messages.js";
import { disc, senderName, snippet } from "./people.js";
import { lastMessage, liveAction, liveDrafts, unreadCount } from "./store.js";
import { clock, t } from "./texts.js";

/** @typedef {import("./store.js").Chat} Chat */

export class ChatList {
  /** @param {{onOpen: (chatId: number) => void, onJoin: (chatId: number) => void, onReleased: () => void}} actions */
  constructor(actions) {
    this.list = find("#chat-list");
    this.others = find("#other-chats");
    this.actions = actions;
    /** @type {Map<number, {item: HTMLElement, shows: string}>} */
    this.items = new Map();
    this.othersShow = "";
    /** @type {number[]} the chats from top to bottom */
    this.order = [];
    this.pressed = false;
    this.list.addEventListener("pointerdown", () => {
      this.pressed = true;
    });
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => this.#released());
  }

  /** After the click that may follow, what waited to move may move. */
  #released() {
    if (!this.pressed) return;
    setTimeout(() => {
      this.pressed = false;
      this.actions.onReleased();
    });
  }

  /**
   * Draws the chats again where they changed, the one with the newest message first. An item that did not change stays the
   * same element, and none moves while one is pressed, so that a click is not lost while a reply streams in.
   * @param {Chat[]} chats
   * @param {number} viewer
   * @param {number | null} openId
   * @param {string} botName
   */
  render(chats, viewer, openId, botName) {
    const order = this.pressed ? chats.toSorted((a, b) => this.order.indexOf(a.id) - this.order.indexOf(b.id)) : byNewest(chats);
    this.order = order.map(({ id }) => id);
    const focused = this.list.contains(document.activeElement) ? document.activeElement?.getAttribute("data-chat") : null;
    place(this.list, order.map((chat) => this.#item(chat, viewer, chat.id === openId, botName)));
    const item = focused && this.list.querySelector(`[data-chat="${focused}"]`);
    if (item && item !== document.activeElement) item.focus({ preventScroll: true });
  }

  /** @param {import("./types.js").ChatInfo[]} chats those of which who looks is no member */
  renderOthers(chats) {
    find("#others").hidden = chats.length === 0;
    const shows = JSON.stringify([chats.map(({ id, title }) => [id, title]), t("join")]);
    if (shows === this.othersShow) return;
    this.othersShow = shows;
    this.others.replaceChildren(...chats.map((chat) => el("li", { class: "other-chat", "data-testid": `other-${chat.id}` },
      disc(chat), el("span", { class: "chat-title" }, chat.title),
      el("button", { type: "button", class: "quiet", "aria-label": `${t("join")}: ${chat.title}`, "data-testid": `join-${chat.id}`, onclick: () => this.actions.onJoin(chat.id) }, t("join")))));
  }

  /** @param {Chat} chat @param {number} viewer @param {boolean} open @param {string} botName */
  #item(chat, viewer, open, botName) {
    const last = lastMessage(chat);
    const unread = unreadCount(chat, viewer);
    const words = [chat.title, last ? clock(last.date) : "", preview(chat, viewer, botName), unread ? t("unread", { count: unread }) : ""];
    const shows = JSON.stringify([...words, open]);
    const known = this.items.get(chat.id);
    if (known?.shows === shows) return known.item;
    const item = el("li", {}, this.#button(chat, words, unread, open));
    this.items.set(chat.id, { item, shows });
    return item;
  }

  /** @param {Chat} chat @param {string[]} words @param {number} unread @param {boolean} open */
  #button(chat, [title, time, said, unreadWords], unread, open) {
    return el("button", {
      type: "button", class: "chat-item", "data-testid": `chat-item-${chat.id}`, "data-chat": chat.id,
      "aria-current": open ? "true" : null, onclick: () => this.actions.onOpen(chat.id),
    },
    disc(chat),
    el("span", { class: "chat-title" }, title),
    el("time", { class: "chat-time" }, time),
    el("span", { class: "chat-last" }, said),
    unread > 0 && el("span", { class: "unread", "aria-hidden": "true" }, String(unread)),
    unread > 0 && el("span", { class: "visually-hidden" }, unreadWords));
  }
}

/** The newest first; where none is newer the chat with the bot. @param {Chat[]} chats */
function byNewest(chats) {
  const newest = new Map(chats.map((chat) => [chat.id, lastMessage(chat)?.date ?? 0]));
  const isPrivate = (/** @type {Chat} */ { type }) => Number(type === "private");
  return chats.toSorted((a, b) => (newest.get(b.id) ?? 0) - (newest.get(a.id) ?? 0) || isPrivate(b) - isPrivate(a));
}

/** @param {Chat} chat @param {number} viewer @param {string} botName */
function preview(chat, viewer, botName) {
  const [draft] = liveDrafts(chat);
  if (draft || liveAction(chat)) return `${t("draft", { name: botName })}…`;
  const last = lastMessage(chat);
  if (!last) return t("nobody");
  const { id } = author(last);
  const named = !isService(last) && id !== chat.id && (chat.type !== "private" || id === viewer);
  return (named ? `${senderName(last, viewer)}: ` : "") + snippet(last);
}
