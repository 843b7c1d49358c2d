// @ts-check
/** Names and the little discs that stand for people, groups, channels and the bot. */

import { el, icon } from "./dom.js";
import { author } from "./messages.js";
import { isServiceKind, serviceText } from "./service.js";
import { t } from "./texts.js";

const TONES = 6;

/** @param {{id: number, title?: string, first_name?: string, is_bot?: boolean, type?: string}} who a person or a chat */
export function disc(who) {
  const isBot = who.is_bot || who.type === "private";
  const name = who.first_name ?? who.title ?? "?";
  const tone = isBot ? "disc-bot" : who.type ? "disc-group" : toneOf(who.id);
  const drawn = who.type === "channel" ? icon("channel") : [...name.trim()][0]?.toUpperCase() ?? "?";
  return el("span", { class: `disc ${tone}`, "aria-hidden": "true" }, isBot ? icon("mark") : drawn);
}

/** Whether a bot is the one that this page's examples are for. @param {string} name */
export const isTertulia = (name) => name === "Tertulia";

/** @param {number} id @returns {string} the class that colours a person's name */
export const toneOf = (id) => `tone-${Math.abs(id) % TONES}`;

/** @param {import("./types.js").Message} message @param {number} viewer who looks @returns {string} */
export function senderName(message, viewer) {
  const { id, first_name: name } = author(message);
  return id === viewer ? t("me") : name || t("unsupported");
}

/** What a message says in one line. @param {import("./types.js").Message} message @returns {string} */
export function snippet(message) {
  const text = message.text ?? message.caption ?? "";
  if (text) return text.slice(0, 200).replace(/\s+/g, " ");
  if (message.poll) return `${t("pollShort")}: ${message.poll.question.slice(0, 150)}`;
  if (message.contact) return `${t("contact")}: ${message.contact.first_name}`;
  if (message.document && !message.animation) return message.document.file_name ?? t("file");
  if (message.sticker) return `${message.sticker.emoji ?? ""} ${t("sticker")}`.trim();
  if (message.dice) return `${message.dice.emoji} ${message.dice.value}`;
  if (message.venue) return message.venue.title;
  for (const [kind, key] of SHORT) if (message[kind]) return t(key);
  return isServiceKind(message) ? serviceText(message) : t("unsupported");
}

const SHORT = /** @type {const} */ ([
  ["photo", "pictureShort"], ["voice", "voice"], ["audio", "audio"], ["video", "video"], ["animation", "animation"], ["video_note", "video"], ["location", "location"],
]);
