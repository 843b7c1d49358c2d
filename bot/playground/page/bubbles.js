// @ts-check
/** One message, or one draft, as an element. */

import { fileAddress } from "./api.js";
import { el, icon } from "./dom.js";
import { link, renderText, safeAddress } from "./entities.js";
import { disc, senderName, serviceText, snippet, toneOf } from "./people.js";
import { clock, size, t } from "./texts.js";

/**
 * @typedef {import("./api.js").Message} Message
 * @typedef {import("./api.js").Button} Button
 * @typedef {import("./entities.js").TextActions & {
 *   onReply: (message: Message) => void,
 *   onTap: (message: Message, data: string) => void,
 *   onQuote: (messageId: number) => void,
 *   isTapped: (messageId: number, data: string) => boolean,
 * }} MessageActions
 */

/** @param {Message} message @param {number} viewer the person who looks @param {MessageActions} actions @returns {HTMLElement} */
export function messageElement(message, viewer, actions) {
  const hooks = { "data-testid": `message-${message.message_id}`, "data-id": message.message_id, tabindex: -1 };
  if (!message.text && !message.photo && !message.document && !message.caption) {
    return el("article", { class: "service", ...hooks }, serviceText(message));
  }
  const own = message.from?.id === viewer;
  const label = `${senderName(message, viewer)}, ${clock(message.date)}`;
  const kind = own ? "own" : message.from?.is_bot ? "from-bot" : "";
  return el("article", { class: `message ${kind}`, "aria-label": label, ...hooks },
    !own && disc(message.from),
    el("div", { class: "stack" }, bubble(message, viewer, actions), keyboard(message, actions)),
    replyButton(message, viewer, actions));
}

function bubble(/** @type {Message} */ message, /** @type {number} */ viewer, /** @type {MessageActions} */ actions) {
  const text = message.text ?? message.caption;
  return el("div", { class: "bubble" },
    el("div", { class: `sender ${message.from?.is_bot ? "" : toneOf(message.from?.id)}` }, message.from?.first_name ?? ""),
    quote(message.reply_to_message, viewer, actions),
    picture(message),
    !message.photo && attachment(message),
    text && renderText(text, message.entities ?? message.caption_entities, actions),
    footer(message));
}

function footer(/** @type {Message} */ message) {
  const edited = message.edit_date ? el("span", { class: "edited" }, t("edited")) : null;
  const moment = new Date(message.date * 1000).toISOString();
  return el("div", { class: "footer" }, edited, el("time", { datetime: moment }, clock(message.date)));
}

function quote(/** @type {Message | undefined} */ original, /** @type {number} */ viewer, /** @type {MessageActions} */ actions) {
  if (!original) return null;
  const name = senderName(original, viewer);
  return el("button",
    { type: "button", class: "quote", "aria-label": t("goToMessage", { name }), onclick: () => actions.onQuote(original.message_id) },
    el("b", {}, name), el("span", {}, snippet(original)));
}

function picture(/** @type {Message} */ message) {
  const largest = message.photo?.at(-1);
  if (!largest) return null;
  const address = fileAddress(largest.file_id);
  const alt = message.caption?.slice(0, 200) || t("picture", { name: message.from?.first_name ?? "" });
  const image = el("img", { src: address, alt, width: largest.width, height: largest.height, decoding: "async" });
  // Room is kept from the start, so that a picture that arrives late does not push the talk out of view.
  image.style.aspectRatio = `${largest.width} / ${largest.height}`;
  image.style.width = `${Math.round(Math.min(largest.width, (320 * largest.width) / largest.height))}px`;
  image.style.maxWidth = "100%"; // not min() above: inside a bubble that fits its content that counts as nothing
  return link(address, { class: "picture", "aria-label": `${t("openPicture")}: ${alt}` }, image);
}

function attachment(/** @type {Message} */ message) {
  const file = message.document;
  if (!file) return null;
  const name = file.file_name ?? t("file");
  return el("a", { class: "attachment", href: fileAddress(file.file_id), download: name, "aria-label": t("download", { name }) },
    el("span", { class: "sheet" }, icon("file")),
    el("span", { class: "file-name" }, name),
    el("span", { class: "file-size" }, size(file.file_size)));
}

function replyButton(/** @type {Message} */ message, /** @type {number} */ viewer, /** @type {MessageActions} */ actions) {
  const label = t("reply", { name: senderName(message, viewer) });
  return el("button", {
    type: "button", class: "reply-button icon-button", "aria-label": label, title: label,
    "data-testid": `reply-${message.message_id}`, onclick: () => actions.onReply(message),
  }, icon("reply"));
}

function keyboard(/** @type {Message} */ message, /** @type {MessageActions} */ actions) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  return el("div", { class: "keyboard" },
    ...rows.map((row) => el("div", { class: "row" }, ...row.map((button) => keyboardButton(button, message, actions)))));
}

function keyboardButton(/** @type {Button} */ button, /** @type {Message} */ message, /** @type {MessageActions} */ actions) {
  const hooks = { class: "key", "data-testid": "keyboard-button", "data-data": button.callback_data };
  const address = button.url && safeAddress(button.url);
  if (address) return link(address, hooks, button.text);
  const data = button.callback_data;
  if (data === undefined) return copyButton(button, hooks);
  const busy = actions.isTapped(message.message_id, data);
  // Not `disabled`, which would take the focus away from whoever pressed it by keyboard.
  const state = busy ? { "aria-busy": "true", "aria-disabled": "true" } : {};
  return el("button", { type: "button", ...hooks, ...state, onclick: () => busy || actions.onTap(message, data) }, button.text);
}

function copyButton(/** @type {Button} */ button, /** @type {Record<string, any>} */ hooks) {
  const text = button.copy_text?.text;
  const copy = () => navigator.clipboard.writeText(text ?? "");
  return el("button", { type: "button", ...hooks, disabled: text === undefined, onclick: copy }, button.text);
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
