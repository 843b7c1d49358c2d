// @ts-check
/** What stands in a chat before anything is said in it. */

import { el } from "./dom.js";
import { disc, isTertulia } from "./people.js";
import { mayWrite } from "./rights.js";
import { examples, t } from "./texts.js";

/** @typedef {import("./store.js").Chat} Chat */

/**
 * Greets, says what the bot says of itself, and offers something to begin with. The examples are of what Tertulia can do, so
 * another bot goes without them.
 * @param {Chat} chat
 * @param {{name: string, botName: string, onSay: (text: string) => void}} about `name`: who looks
 * @returns {HTMLElement}
 */
export function welcome(chat, { name, botName, onSay }) {
  const offers = isTertulia(botName) ? examples(chat.type !== "private") : [];
  const parts = chat.type === "channel" || chat.thread ? [el("p", {}, t(chat.thread ? "emptyTopic" : "emptyChannel"))]
    : [...(chat.type === "private" ? privateGreeting(chat, name, onSay) : groupGreeting(chat)), ...tries(offers, onSay)];
  return el("div", { class: "welcome", "data-testid": "welcome" }, disc(chat), ...parts);
}

/** @param {Chat} chat @param {string} name @param {(text: string) => void} onSay */
function privateGreeting(chat, name, onSay) {
  const own = isTertulia(chat.title);
  const about = chat.description || t(own ? "emptyText" : "nobody");
  return [
    el("h3", {}, own ? t("emptyTitle", { name }) : chat.title),
    el("p", {}, about),
    mayWrite(chat) && el("button", { type: "button", class: "primary", "data-testid": "start", onclick: () => onSay("/start") }, t("start")),
  ];
}

/** @param {Chat} chat */
const groupGreeting = (chat) => [el("h3", {}, t("emptyGroupTitle")), el("p", {}, chat.description || t("emptyGroupText"))];

/** @param {string[]} texts @param {(text: string) => void} onSay */
function tries(texts, onSay) {
  const buttons = texts.map((text) => el("button", { type: "button", class: "example", onclick: () => onSay(text) }, text));
  return buttons.length ? [el("p", { class: "try" }, t("tryThis")), ...buttons] : [];
}
