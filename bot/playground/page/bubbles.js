// @ts-check
/** One message, one album, or one draft, as an element. */

import { el, icon } from "./dom.js";
import { renderText } from "./entities.js";
import { inlineKeyboard } from "./keys.js";
import { albumGrid, media } from "./media.js";
import { author, isFromBot, isService, quoted, threadOf } from "./messages.js";
import { disc, senderName, snippet, toneOf } from "./people.js";
import { pollCard } from "./polls.js";
import { reactionRow } from "./reactions.js";
import { serviceText } from "./service.js";
import { clock, t } from "./texts.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./store.js").Chat} Chat
 * @typedef {import("./entities.js").TextActions & {
 *   onReply: (message: Message) => void,
 *   onTap: (message: Message, data: string) => void,
 *   onQuote: (messageId: number) => void,
 *   onVote: (messageId: number, options: number[]) => void,
 *   onReact: (message: Message, emoji: string) => void,
 *   onMenu: (messages: Message[], anchor: HTMLElement) => void,
 *   onChat: (chatId: number) => void,
 *   onTopic: (thread: number) => void,
 *   onSwitchInline: (query: string, here: boolean) => void,
 *   onRedraw: (messageId: number) => void,
 *   isTapped: (messageId: number, data: string) => boolean,
 *   nameOf: (person: number) => string,
 * }} MessageActions
 */

/** @param {Message[]} messages one, or those of an album @param {Chat} chat @param {MessageActions} actions @returns {HTMLElement} */
export function messageElement(messages, chat, actions) {
  const [message] = messages;
  const hooks = messages.length > 1 ? { tabindex: -1 } : { "data-testid": `message-${message.message_id}`, "data-id": message.message_id, tabindex: -1 };
  if (isService(message)) return serviceElement(message, chat, hooks, actions);
  const who = author(message);
  const own = who.id === chat.viewer;
  const label = `${senderName(message, chat.viewer)}, ${clock(message.date)}`;
  const kind = own ? "own" : isFromBot(message) ? "from-bot" : "";
  return el("article", { class: `message ${kind}`, "aria-label": label, ...hooks },
    !own && disc(who),
    el("div", { class: "stack" }, topicLabel(message, chat, actions), bubble(messages, chat, actions),
      inlineKeyboard(message, actions), reactionRow(message, chat, actions)),
    sideButtons(messages, chat, actions));
}

/** What happened, with a way to what it speaks of. */
function serviceElement(/** @type {Message} */ message, /** @type {Chat} */ chat, /** @type {Record<string, any>} */ hooks, /** @type {MessageActions} */ actions) {
  const other = message.migrate_to_chat_id ?? message.migrate_from_chat_id;
  const pinned = message.pinned_message?.message_id;
  const go = other ? () => actions.onChat(other) : pinned ? () => actions.onQuote(pinned) : null;
  const words = serviceText(message, chat.is_forum && !chat.thread ? topicName(chat, threadOf(chat, message)) : "");
  return el("article", { class: "service", ...hooks }, go ? el("button", { type: "button", "data-focus": "go", onclick: go }, words) : words);
}

/** @param {Chat} chat @param {number} thread */
const topicName = (chat, thread) => chat.topics?.find((topic) => topic.message_thread_id === thread)?.name ?? "General";

/** In the view of all topics, each run of messages says where it stands. */
function topicLabel(/** @type {Message} */ message, /** @type {Chat} */ chat, /** @type {MessageActions} */ actions) {
  if (!chat.is_forum || chat.thread) return null;
  const thread = threadOf(chat, message);
  const name = topicName(chat, thread);
  return el("button", { type: "button", tabindex: -1, class: "topic-label", "aria-label": t("goToTopic", { topic: name }), "data-focus": "topic", onclick: () => actions.onTopic(thread) }, `# ${name}`);
}

function bubble(/** @type {Message[]} */ messages, /** @type {Chat} */ chat, /** @type {MessageActions} */ actions) {
  const [message] = messages;
  const words = messages.find(({ caption }) => caption) ?? message;
  const text = words.text ?? words.caption;
  const who = author(message);
  const body = text && renderText(text, words.entities ?? words.caption_entities, actions);
  return el("div", { class: `bubble ${message.poll ? "holds-poll" : ""}` },
    el("div", { class: `sender ${isFromBot(message) || who.type ? "" : toneOf(who.id)}` }, who.first_name),
    origin(message),
    quote(message, chat.viewer, actions),
    message.show_caption_above_media && body,
    messages.length > 1 ? albumGrid(messages) : media(message),
    message.poll && pollCard(message, chat, actions),
    !message.show_caption_above_media && body,
    footer(message, chat));
}

function footer(/** @type {Message} */ message, /** @type {Chat} */ chat) {
  const moment = new Date(message.date * 1000).toISOString();
  return el("div", { class: "footer" },
    message.via_bot && el("span", {}, t("via", { name: `@${message.via_bot.username ?? message.via_bot.first_name}` })),
    chat.pinned?.includes(message.message_id) && el("span", { class: "pinned-mark", title: t("pinned") }, icon("pin"), el("span", { class: "visually-hidden" }, t("pinned"))),
    message.author_signature && el("span", {}, message.author_signature),
    message.edit_date && el("span", { class: "edited" }, t("edited")),
    el("time", { datetime: moment }, clock(message.date)));
}

function origin(/** @type {Message} */ { forward_origin: from }) {
  return from ? el("div", { class: "origin" }, icon("forward"), t("forwardedFrom", { name: originName(from) })) : null;
}

/** @param {import("./types.js").Origin} origin */
const originName = ({ sender_user: user, sender_user_name: name, sender_chat: group, chat: channel }) =>
  user?.first_name ?? name ?? (group ?? channel)?.title ?? "";

function quote(/** @type {Message} */ message, /** @type {number} */ viewer, /** @type {MessageActions} */ actions) {
  const original = quoted(message);
  if (!original) return externalQuote(message, actions);
  const name = senderName(original, viewer);
  return el("button",
    { type: "button", class: "quote", title: t("goToMessage", { name }), "data-focus": "quote", onclick: () => actions.onQuote(original.message_id) },
    el("b", {}, name), el("span", {}, message.quote?.text ?? snippet(original)));
}

/** What a message of another chat said, with a way to that chat. */
function externalQuote(/** @type {Message} */ { external_reply: reply, quote: words }, /** @type {MessageActions} */ actions) {
  if (!reply) return null;
  const { chat } = reply;
  const name = [originName(reply.origin), chat?.title].filter(Boolean).join(" · ");
  return el("button", { type: "button", class: "quote", disabled: !chat, "data-focus": "quote", onclick: () => chat && actions.onChat(chat.id) },
    el("b", {}, name), words && el("span", {}, words.text));
}

function sideButtons(/** @type {Message[]} */ messages, /** @type {Chat} */ chat, /** @type {MessageActions} */ actions) {
  const [message] = messages;
  const name = senderName(message, chat.viewer);
  const reply = el("button", {
    type: "button", tabindex: -1, class: "reply-button icon-button", "aria-label": t("reply", { name }), title: t("reply", { name }),
    "data-testid": `reply-${message.message_id}`, "data-focus": "reply", onclick: () => actions.onReply(message),
  }, icon("reply"));
  const more = el("button", {
    type: "button", tabindex: -1, class: "more-button icon-button", "aria-label": t("messageMenu", { name }), title: t("messageMenu", { name }), "aria-haspopup": "menu",
    "data-testid": `more-${message.message_id}`, "data-focus": "more", onclick: () => actions.onMenu(messages, more),
  }, icon("more"));
  return el("div", { class: "side-buttons" }, reply, more);
}

/**
 * A reply on its way: its text so far, with a caret where it goes on.
 * @param {import("./store.js").Draft} draft
 * @param {{id: number, title: string, type: string}} chat
 * @param {MessageActions} actions
 */
export function draftElement(draft, chat, actions) {
  const text = renderText(draft.text, draft.entities, actions);
  lastBlock(text).append(el("span", { class: "caret", "aria-hidden": "true" }));
  const thinking = draft.text.trim() === "…";
  return el("article", { class: "message from-bot", "data-testid": "draft", "aria-busy": "true", "aria-label": t("draft", { name: chat.title }) },
    disc({ id: chat.id, is_bot: true }),
    el("div", { class: "stack" },
      thinking ? dots(t("draft", { name: chat.title })) : el("div", { class: "bubble" }, text, el("div", { class: "footer", "data-words": t("writing") }))));
}

/** @param {Element} node @returns {Element} the innermost element that ends the text */
function lastBlock(node) {
  const last = node.lastElementChild;
  return last && last === node.lastChild && last.matches(".block, pre, code") ? lastBlock(last) : node;
}

/** @param {string} words @param {{id: number}} chat @returns {HTMLElement} three dots, and what they mean */
export function typingElement(words, chat) {
  return el("article", { class: "message from-bot", "data-testid": "typing" },
    disc({ id: chat.id, is_bot: true }),
    el("div", { class: "stack" }, dots(words)));
}

/** @param {string} words */
const dots = (words) => el("div", { class: "bubble dots", role: "img", "aria-label": words }, el("i"), el("i"), el("i"));
