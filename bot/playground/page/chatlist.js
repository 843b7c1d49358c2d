// @ts-check
/** The list of a person's chats, with what was said last and what is unread, and of those they could join. */

import { el, find } from "./dom.js";
import { author, isService } from "./messages.js";
import { disc, senderName, snippet } from "./people.js";
import { lastMessage, liveAction, liveDrafts, unreadCount } from "./store.js";
import { clock, t } from "./texts.js";

/** @typedef {import("./store.js").Chat} Chat */

export class ChatList {
  /** @param {{onOpen: (chatId: number) => void, onJoin: (chatId: number) => void}} actions */
  constructor(actions) {
    this.list = find("#chat-list");
    this.others = find("#other-chats");
    this.actions = actions;
    /** @type {Map<number, {item: HTMLElement, shows: string}>} */
    this.items = new Map();
    this.othersShow = "";
  }

  /**
   * Draws the chats again where they changed. An item that did not stays the same element, so that a click on it is not
   * lost while a reply streams in.
   * @param {Iterable<Chat>} chats
   * @param {number} viewer
   * @param {number | null} openId
   */
  render(chats, viewer, openId) {
    const items = [...chats].map((chat) => this.#item(chat, viewer, chat.id === openId));
    if (items.length === this.list.children.length && items.every((item, place) => item === this.list.children[place])) return;
    const focused = document.activeElement?.getAttribute("data-chat");
    this.list.replaceChildren(...items);
    if (focused) this.list.querySelector(`[data-chat="${focused}"]`)?.focus();
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

  /** @param {Chat} chat @param {number} viewer @param {boolean} open */
  #item(chat, viewer, open) {
    const last = lastMessage(chat);
    const unread = unreadCount(chat, viewer);
    const words = [chat.title, last ? clock(last.date) : "", preview(chat, viewer), unread ? t("unread", { count: unread }) : ""];
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

/** @param {Chat} chat @param {number} viewer */
function preview(chat, viewer) {
  const [draft] = liveDrafts(chat);
  if (draft || liveAction(chat)) return `${t("draft", { name: chat.type === "private" ? chat.title : "Tertulia" })}…`;
  const last = lastMessage(chat);
  if (!last) return t("nobody");
  const { id } = author(last);
  const named = !isService(last) && id !== chat.id && (chat.type !== "private" || id === viewer);
  return (named ? `${senderName(last, viewer)}: ` : "") + snippet(last);
}
