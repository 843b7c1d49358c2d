// @ts-check
/** Names and the little discs that stand for people, groups and the bot. */

import { el, icon } from "./dom.js";
import { t } from "./texts.js";

const TONES = 6;

/** @param {{id: number, title?: string, first_name?: string, is_bot?: boolean, type?: string}} who a person or a chat */
export function disc(who) {
  const isBot = who.is_bot || who.type === "private";
  const name = who.first_name ?? who.title ?? "?";
  const tone = isBot ? "disc-bot" : who.type ? "disc-group" : toneOf(who.id);
  const content = isBot ? icon("mark") : [...name.trim()][0]?.toUpperCase() ?? "?";
  return el("span", { class: `disc ${tone}`, "aria-hidden": "true" }, content);
}

/** @param {number} id @returns {string} the class that colours a person's name */
export const toneOf = (id) => `tone-${Math.abs(id) % TONES}`;

/** @param {import("./api.js").Message} message @param {number} viewer who looks @returns {string} */
export const senderName = (message, viewer) =>
  message.from?.id === viewer ? t("me") : message.from?.first_name ?? t("unsupported");

/** What a message says in one line. @param {import("./api.js").Message} message @returns {string} */
export function snippet(message) {
  const text = message.text ?? message.caption ?? "";
  if (text) return text.slice(0, 200).replace(/\s+/g, " ");
  if (message.photo) return t("pictureShort");
  if (message.document) return message.document.file_name ?? t("file");
  return serviceText(message);
}

/** @param {import("./api.js").Message} message without text or file @returns {string} */
export function serviceText(message) {
  const joined = message.new_chat_members?.map((person) => person.first_name).join(", ");
  return joined ? t("joined", { name: joined }) : t("unsupported");
}
