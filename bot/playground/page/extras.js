// @ts-check
/** What a person can send besides words and files, from the composer's menu or because a bot's key asks for it. */

import { askContact, askPlace, askPoll } from "./forms.js";
import { isAdmin } from "./rights.js";
import { t } from "./texts.js";

/**
 * @typedef {import("./store.js").Chat} Chat
 * @typedef {import("./deeds.js").Deeds} Deeds
 * @typedef {import("./world.js").World} World
 */

/** @param {Chat} chat @param {Deeds} deeds @param {World} world @param {import("./composer.js").Composer} composer @returns {import("./menu.js").Item[]} */
export function extras(chat, deeds, world, composer) {
  /** @type {import("./menu.js").Item[]} */
  const asGroup = chat.type === "supergroup" && isAdmin(chat, chat.viewer)
    ? [{ label: t("asGroup"), drawing: "anonymous", name: "attach-anonymous", checked: composer.note.anonymous, act: () => composer.toggleAnonymous() }]
    : [];
  return [
    { label: t("pollShort"), drawing: "poll", name: "attach-poll", act: () => poll(chat, deeds) },
    { label: t("location"), drawing: "place", name: "attach-place", act: () => askPlace((location) => deeds.give({ location })) },
    { label: t("contact"), drawing: "contact", name: "attach-contact", act: () => askContact(world.person, (contact) => deeds.give({ contact })) },
    ...asGroup,
  ];
}

/** @param {Chat} chat @param {Deeds} deeds @param {string} [only] */
const poll = (chat, deeds, only) => askPoll({ only, mustBeAnonymous: chat.type === "channel" }, (given) => deeds.give({ poll: given }));

/** @param {import("./types.js").ReplyButton} button @param {Deeds} deeds @param {World} world @param {(text: string) => void} say */
export function pressReplyKey(button, deeds, world, say) {
  if (button.request_contact) askContact(world.person, (contact) => deeds.give({ contact }));
  else if (button.request_location) askPlace((location) => deeds.give({ location }));
  else if (button.request_poll) poll(deeds.open(), deeds, button.request_poll.type);
  else say(button.text);
}
