// @ts-check
/** The buttons below a message. */

import { el, icon } from "./dom.js";
import { link, safeAddress } from "./entities.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Button} Button
 * @typedef {import("./bubbles.js").MessageActions} MessageActions
 */

/** @param {Message} message @param {MessageActions} actions @returns {HTMLElement | null} */
export function inlineKeyboard(message, actions) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  return el("div", { class: "keyboard" },
    ...rows.map((row) => el("div", { class: "row" }, ...row.map((button) => key(button, message, actions)))));
}

/** @param {Button} button @param {Message} message @param {MessageActions} actions */
function key(button, message, actions) {
  const hooks = {
    class: `key ${STYLES.has(button.style ?? "") ? button.style : ""}`, "data-testid": "keyboard-button",
    "data-data": button.callback_data, "data-focus": `key:${button.callback_data ?? button.text}`,
  };
  const address = button.url && safeAddress(button.url);
  if (address) return link(address, hooks, button.text, corner("external"));
  if (button.callback_data !== undefined) return callbackKey(button, button.callback_data, hooks, message, actions);
  if (button.copy_text) return copyKey(button, button.copy_text.text, hooks, actions);
  return switchKey(button, hooks, actions);
}

const STYLES = new Set(["danger", "success", "primary"]);

/** @param {import("./dom.js").IconName} name */
const corner = (name) => el("span", { class: "corner" }, icon(name));

function callbackKey(/** @type {Button} */ button, /** @type {string} */ data, /** @type {Record<string, any>} */ hooks,
  /** @type {Message} */ message, /** @type {MessageActions} */ actions) {
  const busy = actions.isTapped(message.message_id, data);
  // Not `disabled`, which would take the focus away from whoever pressed it by keyboard.
  const state = busy ? { "aria-busy": "true", "aria-disabled": "true" } : {};
  return el("button", { type: "button", ...hooks, ...state, onclick: () => busy || actions.onTap(message, data) }, button.text);
}

function copyKey(/** @type {Button} */ button, /** @type {string} */ text, /** @type {Record<string, any>} */ hooks, /** @type {MessageActions} */ actions) {
  return el("button", { type: "button", ...hooks, onclick: () => actions.onCopy(text) }, button.text, corner("copy"));
}

/** A button that begins an inline query, here or in a chat to be chosen; of any other kind it does nothing. */
function switchKey(/** @type {Button} */ button, /** @type {Record<string, any>} */ hooks, /** @type {MessageActions} */ actions) {
  const here = button.switch_inline_query_current_chat;
  const elsewhere = button.switch_inline_query ?? button.switch_inline_query_chosen_chat?.query ?? (button.switch_inline_query_chosen_chat && "");
  const query = here ?? elsewhere;
  return el("button", {
    type: "button", ...hooks, disabled: query === undefined, onclick: () => query !== undefined && actions.onSwitchInline(query, here !== undefined),
  }, button.text, query !== undefined && corner(here === undefined ? "forward" : "inline"));
}
