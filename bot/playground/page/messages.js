// @ts-check
/** What can be told from a message without a screen: who wrote it, where, and in which group of pictures. */

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {{id: number, first_name: string, type?: string, is_bot?: boolean}} Author
 */

/** The topic that holds a message: 0 in chats without topics, 1 for General. @param {{is_forum?: boolean}} chat @param {Message} message @returns {number} */
export function threadOf(chat, message) {
  if (!chat.is_forum) return 0;
  return message.is_topic_message ? message.message_thread_id ?? 1 : 1;
}

/** Who a message is by: a chat where it speaks for itself (channel posts, anonymous admins), else a person or a bot. @param {Message} message @returns {Author} */
export function author(message) {
  const { sender_chat: chat, from } = message;
  if (chat) return { id: chat.id, first_name: chat.title ?? "", type: chat.type };
  return from ?? { id: 0, first_name: "" };
}

/** @param {Message} message */
export const isFromBot = (message) => !message.sender_chat && message.from?.is_bot === true;

/** The message that this one quotes; in topics, the message that began the topic is no quote. @param {Message} message @returns {Message | undefined} */
export function quoted(message) {
  const original = message.reply_to_message;
  return original?.forum_topic_created ? undefined : original;
}

/** Messages one after another that belong to one album stand together. @param {Message[]} messages @returns {Message[][]} */
export function inAlbums(messages) {
  /** @type {Message[][]} */
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    const album = message.media_group_id;
    if (album && last?.[0].media_group_id === album) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

const CONTENT = /** @type {const} */ ([
  "text", "caption", "photo", "document", "voice", "audio", "video", "animation", "location", "contact", "poll",
  "sticker", "video_note", "venue", "dice",
]);

/** @param {Message} message @returns {boolean} whether it tells of something that happened, and nobody said it */
export const isService = (message) => !CONTENT.some((name) => message[name] !== undefined);
