// @ts-check
/** The emoji that people and the bot left on a message. */

import { el } from "./dom.js";
import { t } from "./texts.js";

/** Those that Telegram offers first; the bot may use only emoji of Telegram's list. */
export const QUICK_REACTIONS = ["👍", "❤", "🔥", "🎉", "🤔", "😁", "👀", "👏"];

/**
 * @param {import("./types.js").Message} message
 * @param {import("./store.js").Chat} chat
 * @param {import("./bubbles.js").MessageActions} actions
 * @returns {HTMLElement | null}
 */
export function reactionRow(message, chat, actions) {
  const reactions = chat.reactions.get(message.message_id) ?? [];
  if (!reactions.length) return null;
  const chip = (/** @type {import("./types.js").Reaction} */ { emoji, count, from = [] }) => {
    const mine = from.includes(chat.viewer);
    const names = from.map(actions.nameOf).join(", ");
    const act = () => actions.onReact(message, mine ? "" : emoji);
    return el("button", {
      type: "button", class: "reaction", "aria-pressed": String(mine), "data-testid": `reaction-${emoji}`, "data-focus": `reaction:${emoji}`,
      title: names || null, "aria-label": t("reactionBy", { emoji, count, names }), onclick: act,
    }, el("span", {}, emoji), el("span", {}, String(count)));
  };
  return el("div", { class: "reactions", "data-testid": "reactions" }, ...reactions.map(chip));
}
