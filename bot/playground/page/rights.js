// @ts-check
/** What who looks may do in a chat, as far as it can be told beforehand; the server has the last word. */

/** @typedef {import("./store.js").Chat} Chat */

/** @param {import("./types.js").ChatInfo} chat @param {number} person */
export const isAdmin = (chat, person) => person === chat.owner || (chat.admins ?? []).includes(person);

/** @typedef {"blocked" | "migrated" | "channel" | "closed"} Obstacle */

/** Why a person cannot write here and now. @param {Chat} chat @returns {Obstacle | null} */
export function obstacle(chat) {
  if (chat.migrated_to) return "migrated";
  if (chat.type === "private" && chat.bot === "kicked") return "blocked";
  if (isAdmin(chat, chat.viewer)) return null;
  if (chat.type === "channel") return "channel";
  const topic = chat.topics?.find(({ message_thread_id: id }) => id === chat.thread);
  return topic?.closed ? "closed" : null;
}

/** @param {Chat} chat */
export const mayWrite = (chat) => obstacle(chat) === null;
