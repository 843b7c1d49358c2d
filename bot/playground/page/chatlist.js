// @ts-check
/** The list of a person's chats, with what was said last and what is unread. */

import { el, find } from "./dom.js";
import { disc, senderName, snippet } from "./people.js";
import { lastMessage, liveAction, liveDrafts, unreadCount } from "./store.js";
import { clock, t } from "./texts.js";

/** @typedef {import("./store.js").Chat} Chat */

export class ChatList {
  /** @param {{onOpen: (chatId: number) => void}} actions */
  constructor(actions) {
    this.list = find("#chat-list");
    this.actions = actions;
  }

  /** @param {Iterable<Chat>} chats @param {number} viewer @param {number | null} openId */
  render(chats, viewer, openId) {
    const focused = document.activeElement?.getAttribute("data-chat");
    this.list.replaceChildren(...[...chats].map((chat) => this.#item(chat, viewer, chat.id === openId)));
    if (focused) this.list.querySelector(`[data-chat="${focused}"]`)?.focus();
  }

  /** @param {Chat} chat @param {number} viewer @param {boolean} open */
  #item(chat, viewer, open) {
    const last = lastMessage(chat);
    const unread = unreadCount(chat, viewer);
    const button = el("button", {
      type: "button", class: "chat-item", "data-testid": `chat-item-${chat.id}`, "data-chat": chat.id,
      "aria-current": open ? "true" : null, onclick: () => this.actions.onOpen(chat.id),
    },
    disc(chat),
    el("span", { class: "chat-title" }, chat.title),
    el("time", { class: "chat-time" }, last ? clock(last.date) : ""),
    el("span", { class: "chat-last" }, preview(chat, viewer)),
    unread > 0 && el("span", { class: "unread", "aria-label": t("unread", { count: unread }) }, String(unread)));
    return el("li", {}, button);
  }
}

/** @param {Chat} chat @param {number} viewer */
function preview(chat, viewer) {
  const [draft] = liveDrafts(chat);
  if (draft || liveAction(chat)) return `${t("draft", { name: chat.type === "private" ? chat.title : "Bot" })}…`;
  const last = lastMessage(chat);
  if (!last) return t("nobody");
  const named = chat.type !== "private" || last.from?.id === viewer;
  return (named ? `${senderName(last, viewer)}: ` : "") + snippet(last);
}
