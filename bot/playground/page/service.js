// @ts-check
/** What happened in a chat, in words. */

import { author } from "./messages.js";
import { t } from "./texts.js";

/** @typedef {import("./types.js").Message} Message */

/** @type {Record<string, (message: Message, topic: string) => string>} which field says what happened */
const WORDS = {
  new_chat_members: (message) => joined(message),
  left_chat_member(message) {
    const { id, first_name: name } = /** @type {import("./types.js").Person} */ (message.left_chat_member);
    return id === message.from?.id ? t("left", { name }) : t("removed", { name, who: author(message).first_name });
  },
  new_chat_title: (message) => t("renamedTo", { title: message.new_chat_title ?? "" }),
  pinned_message: (message) => t("pinnedBy", { who: author(message).first_name }),
  group_chat_created: (message) => t("groupCreated", { who: author(message).first_name }),
  forum_topic_created: (message) => t("topicCreated", { topic: message.forum_topic_created?.name ?? "" }),
  forum_topic_edited: (message, topic) => t("topicEdited", { topic: message.forum_topic_edited?.name ?? topic }),
  forum_topic_closed: (_, topic) => named(t("topicClosed"), topic),
  forum_topic_reopened: (_, topic) => named(t("topicReopened"), topic),
  general_forum_topic_hidden: () => t("generalHidden"),
  general_forum_topic_unhidden: () => t("generalShown"),
  migrate_to_chat_id: () => t("migrated"),
  migrate_from_chat_id: () => t("migratedFrom"),
};

/** @param {string} words @param {string} topic */
const named = (words, topic) => (topic ? `${words}: ${topic}` : words);

/** @param {Message} message */
const kindOf = (message) => Object.keys(WORDS).find((name) => /** @type {any} */ (message)[name] !== undefined);

/** @param {Message} message @returns {boolean} whether there are words for what it tells of */
export const isServiceKind = (message) => kindOf(message) !== undefined;

/** @param {Message} message @param {string} [topic] its name, where it would not be clear otherwise @returns {string} */
export function serviceText(message, topic = "") {
  const kind = kindOf(message);
  return kind ? WORDS[kind](message, topic) : t("unsupported");
}

/** @param {Message} message */
function joined(message) {
  const members = message.new_chat_members ?? [];
  const name = members.map((person) => person.first_name).join(", ");
  const self = members.length === 1 && members[0].id === message.from?.id;
  return self || !message.from ? t("joined", { name }) : t("added", { name, who: message.from.first_name });
}
