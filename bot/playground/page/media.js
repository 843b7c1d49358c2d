// @ts-check
/** Pictures, recordings, files, places and contacts inside a message. */

import { fileAddress } from "./api.js";
import { el, icon } from "./dom.js";
import { link } from "./entities.js";
import { author } from "./messages.js";
import { duration, size, t } from "./texts.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").FileInfo} FileInfo
 */

const PICTURE_HEIGHT = 320;

/** @param {Message} message @returns {HTMLElement | null} what it carries besides words */
export function media(message) {
  if (message.photo) return picture(message, message.photo.at(-1));
  if (message.animation) return animation(message, message.animation);
  if (message.video) return video(message.video);
  if (message.voice) return sound(message.voice, t("voice"));
  if (message.audio) return sound(message.audio, [message.audio.performer, message.audio.title].filter(Boolean).join(" · ") || (message.audio.file_name ?? t("audio")));
  if (message.document) return attachment(message.document);
  if (message.sticker) return sticker(message.sticker);
  if (message.video_note) return roundFilm(message.video_note);
  if (message.dice) return el("div", { class: "dice", role: "img", "aria-label": `${message.dice.emoji} ${message.dice.value}` }, message.dice.emoji, el("b", {}, String(message.dice.value)));
  if (message.venue) return place(message.venue.location, message.venue);
  if (message.location) return place(message.location);
  return message.contact ? contact(message.contact) : null;
}

/** Several pictures and films of one album, in rows of two. @param {Message[]} messages */
export function albumGrid(messages) {
  const tiles = messages.map((message) => el("div", { class: "tile", "data-testid": `message-${message.message_id}`, "data-id": message.message_id, tabindex: -1 },
    message.photo ? picture(message, message.photo.at(-1)) : media(message)));
  const visual = messages.every((message) => message.photo || message.video || message.animation);
  return el("div", { class: visual ? "album" : "album-list" }, ...tiles);
}

function picture(/** @type {Message} */ message, /** @type {FileInfo | undefined} */ largest) {
  if (!largest) return null;
  const address = fileAddress(largest.file_id);
  const alt = message.caption?.slice(0, 200) || t("picture", { name: author(message).first_name });
  const image = el("img", { src: address, alt, width: largest.width, height: largest.height, decoding: "async" });
  keepRoom(image, largest);
  const shown = link(address, { class: "picture", "aria-label": `${t("openPicture")}: ${alt}` }, image);
  return message.has_media_spoiler ? veiled(shown) : shown;
}

/** Covered until it is pressed. @param {HTMLElement} shown */
function veiled(shown) {
  const veil = el("button", { type: "button", class: "veil", "aria-label": t("showPicture"), "data-testid": "veil" });
  const node = el("div", { class: "veiled" }, shown, veil);
  shown.inert = true;
  veil.addEventListener("click", () => {
    shown.inert = false;
    veil.remove();
    shown.focus({ preventScroll: true });
  });
  return node;
}

/** A picture without a frame; one that moves as vectors is told by its emoji. @param {FileInfo} file */
function sticker(file) {
  const alt = `${t("sticker")} ${file.emoji ?? ""}`.trim();
  if (file.is_animated) return el("div", { class: "dice", role: "img", "aria-label": alt }, file.emoji ?? "");
  const src = fileAddress(file.file_id);
  if (file.is_video) return el("video", { class: "sticker", src, controls: true, loop: true, playsinline: true, preload: "metadata", "aria-label": alt });
  return el("img", { class: "sticker", src, alt, decoding: "async" });
}

/** @param {FileInfo} file */
function roundFilm(file) {
  return el("video", { class: "film round", src: fileAddress(file.file_id), controls: true, playsinline: true, preload: "metadata", "aria-label": t("video") });
}

/** Room is kept from the start, so that a picture that arrives late does not push the talk out of view. */
function keepRoom(/** @type {HTMLElement} */ node, /** @type {FileInfo} */ { width = 480, height = 320 }) {
  const [wide, high] = [width || 480, height || 320];
  node.style.aspectRatio = `${wide} / ${high}`;
  node.style.width = `${Math.round(Math.min(wide, (PICTURE_HEIGHT * wide) / high))}px`;
  node.style.maxWidth = "100%"; // not min() above: inside a bubble that fits its content that counts as nothing
}

function animation(/** @type {Message} */ message, /** @type {FileInfo} */ file) {
  if (file.mime_type === "image/gif") return picture(message, file);
  const node = el("video", { class: "film", src: fileAddress(file.file_id), controls: true, loop: true, playsinline: true, preload: "metadata", "aria-label": t("animation") });
  keepRoom(node, file);
  return node;
}

function video(/** @type {FileInfo} */ file) {
  const node = el("video", { class: "film", src: fileAddress(file.file_id), controls: true, playsinline: true, preload: "metadata", "aria-label": t("video") });
  keepRoom(node, file);
  return node;
}

function sound(/** @type {FileInfo} */ file, /** @type {string} */ words) {
  const label = file.duration ? `${words}, ${duration(file.duration)}` : words;
  return el("div", { class: "sound" },
    el("span", { class: "sound-name" }, label),
    el("audio", { src: fileAddress(file.file_id), controls: true, preload: "metadata", "aria-label": label }));
}

function attachment(/** @type {FileInfo} */ file) {
  const name = file.file_name ?? t("file");
  return el("a", { class: "attachment", href: fileAddress(file.file_id), download: name, title: t("download", { name }), "data-focus": "file" },
    el("span", { class: "visually-hidden" }, t("downloadShort")),
    el("span", { class: "sheet" }, icon("file")),
    el("span", { class: "file-name" }, name),
    el("span", { class: "file-size" }, size(file.file_size)));
}

function place(/** @type {import("./types.js").Location} */ { latitude, longitude }, { title = t("location"), address = "" } = {}) {
  const words = address || `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
  return el("a", { class: "attachment place", href: `geo:${latitude},${longitude}`, "data-focus": "place" },
    el("span", { class: "sheet" }, icon("place")),
    el("span", { class: "file-name" }, title),
    el("span", { class: "file-size" }, words));
}

function contact(/** @type {import("./types.js").Contact} */ { phone_number: phone, first_name: first, last_name: last }) {
  const name = [first, last].filter(Boolean).join(" ");
  return el("a", { class: "attachment contact", href: `tel:${phone.replace(/[^\d+]/g, "")}`, "data-focus": "contact" },
    el("span", { class: "visually-hidden" }, t("contact")),
    el("span", { class: "sheet" }, icon("contact")),
    el("span", { class: "file-name" }, name),
    el("span", { class: "file-size" }, phone));
}
