// @ts-check
/** Which reply keyboard a person has under the composer. Telegram sends it beside a message; each topic has its own. */

import { threadOf } from "./messages.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").ReplyMarkup} ReplyMarkup
 * @typedef {import("./types.js").ReplyButton} ReplyButton
 * @typedef {{markup: ReplyMarkup, messageId: number, hidden: boolean}} ShownKeyboard `hidden`: put away, but still there
 * @typedef {import("./store.js").Chat} Chat
 */

/** Takes up the keyboard that came with a message, if it is meant for who looks. @param {Chat} chat @param {Message} message @param {ReplyMarkup | undefined} markup */
export function noteKeyboard(chat, message, markup) {
  if (!markup || (markup.selective && !concerns(chat.viewer, message))) return;
  const thread = threadOf(chat, message);
  chat.forced.delete(thread);
  if (markup.remove_keyboard) chat.keyboards.delete(thread);
  else if (markup.force_reply) {
    chat.forced.set(thread, message);
    chat.keyboards.set(thread, { markup, messageId: message.message_id, hidden: false });
  } else chat.keyboards.set(thread, { markup, messageId: message.message_id, hidden: false });
}

/** A message by who looks answers a question, and puts away a keyboard that is to be used once. @param {Chat} chat @param {Message} message */
export function useKeyboard(chat, message) {
  if (message.from?.id !== chat.viewer) return;
  const thread = threadOf(chat, message);
  chat.forced.delete(thread);
  const shown = chat.keyboards.get(thread);
  if (shown?.markup.force_reply) chat.keyboards.delete(thread);
  else if (shown?.markup.one_time_keyboard && isFromKeyboard(shown.markup, message)) shown.hidden = true;
}

/** A keyboard goes with the message that brought it. @param {Chat} chat @param {number} messageId */
export function forgetKeyboardOf(chat, messageId) {
  for (const [thread, shown] of chat.keyboards) if (shown.messageId === messageId) chat.keyboards.delete(thread);
  for (const [thread, message] of chat.forced) if (message.message_id === messageId) chat.forced.delete(thread);
}

/** The keyboard of what is looked at; in the view of all topics, that of General. @param {Chat} chat @returns {ShownKeyboard | undefined} */
export const keyboardOf = (chat) => chat.keyboards.get(chat.is_forum ? chat.thread || 1 : 0);

/** @param {Chat} chat @returns {Message | undefined} the message that asks for a reply */
export const forcedReply = (chat) => chat.forced.get(chat.is_forum ? chat.thread || 1 : 0);

/** @param {ReplyButton | string} button @returns {ReplyButton} */
export const asButton = (button) => (typeof button === "string" ? { text: button } : button);

/** Selective markup is for those it mentions and for the author of what it replies to. @param {number} person @param {Message} message */
function concerns(person, message) {
  const mentioned = message.entities?.some((entity) => entity.user?.id === person || mentions(person, message, entity));
  return mentioned || message.reply_to_message?.from?.id === person;
}

/** @type {Map<number, string>} */
const usernames = new Map();

/** Tells which names people have, to know mentions of them. @param {import("./types.js").Person[]} people */
export function learnUsernames(people) {
  for (const { id, username } of people) if (username) usernames.set(id, `@${username}`.toLowerCase());
}

/** @param {number} person @param {Message} message @param {import("./types.js").Entity} entity */
function mentions(person, message, { type, offset, length }) {
  return type === "mention" && message.text?.slice(offset, offset + length).toLowerCase() === usernames.get(person);
}

/** @param {ReplyMarkup} markup @param {Message} message */
function isFromKeyboard(markup, message) {
  const buttons = (markup.keyboard ?? []).flat().map(asButton);
  return buttons.some((button) =>
    (button.request_contact && message.contact) || (button.request_location && message.location)
    || (button.request_poll && message.poll) || button.text === message.text);
}
