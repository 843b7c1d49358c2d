// @ts-check
/** What a person can do with a message, as a menu. */

import { author, isFromBot } from "./messages.js";
import { isAdmin, mayWrite } from "./rights.js";
import { openMenu } from "./menu.js";
import { QUICK_REACTIONS } from "./reactions.js";
import { t } from "./texts.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./store.js").Chat} Chat
 * @typedef {{onReply: (message: Message) => void, onReact: (message: Message, emoji: string) => void, onEdit: (message: Message) => void,
 *   onForward: (messages: Message[]) => void, onRemove: (messages: Message[]) => void, onCopy: (text: string) => void}} MenuActions
 */

/** @param {Message} message @param {Chat} chat @returns {boolean} */
function mayEdit(message, chat) {
  if (chat.migrated_to || message.poll || message.forward_origin || message.via_bot) return false;
  if (message.text === undefined && message.caption === undefined) return false;
  if (chat.type === "channel") return isAdmin(chat, chat.viewer);
  return author(message).id === chat.viewer;
}

/** @param {Message} message @param {Chat} chat */
const mayRemove = (message, chat) =>
  !chat.migrated_to && (chat.type === "private" || author(message).id === chat.viewer || isAdmin(chat, chat.viewer));

/** @param {Message[]} messages one, or those of an album @param {Chat} chat @param {HTMLElement} anchor @param {MenuActions} actions */
export function openMessageMenu(messages, chat, anchor, actions) {
  const [message] = messages;
  const text = message.text ?? message.caption;
  const mine = (chat.reactions.get(message.message_id) ?? []).filter(({ from }) => from?.includes(chat.viewer)).map(({ emoji }) => emoji);
  const emoji = QUICK_REACTIONS.map((each) => ({ label: each, name: `react-${each}`, act: () => actions.onReact(message, mine.includes(each) ? "" : each) }));
  /** @type {(import("./menu.js").Item | false | undefined)[]} */
  const items = [
    mayWrite(chat) && { label: t("replyShort"), drawing: "reply", name: "menu-reply", act: () => actions.onReply(message) },
    mayEdit(message, chat) && { label: t("edit"), drawing: "edit", name: "menu-edit", act: () => actions.onEdit(message) },
    text !== undefined && { label: t("copyText"), drawing: "copy", name: "menu-copy", act: () => actions.onCopy(text) },
    { label: t("forward"), drawing: "forward", name: "menu-forward", act: () => actions.onForward(messages) },
    mayRemove(message, chat) && { label: t("remove"), drawing: "trash", name: "menu-delete", danger: true, act: () => actions.onRemove(messages) },
  ];
  openMenu(anchor, items.filter((item) => item !== false && item !== undefined), chat.migrated_to ? [] : emoji);
}

/** The newest message here that a person may change. @param {Chat} chat @param {Message[]} messages @returns {Message | undefined} */
export const newestEditable = (chat, messages) => messages.findLast((message) => mayEdit(message, chat) && !isFromBot(message));
