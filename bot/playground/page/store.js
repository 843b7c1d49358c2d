// @ts-check
/** What the page knows of each chat, and how one event changes it. No DOM here. */

/**
 * @typedef {import("./api.js").Message} Message
 * @typedef {import("./api.js").ChatEvent} ChatEvent
 * @typedef {{draft_id: number, text: string, entities?: import("./api.js").Entity[], until: number}} Draft
 * @typedef {import("./api.js").ChatInfo & {messages: Map<number, Message>, drafts: Map<number, Draft>, lastSeq: number,
 *   kept: ChatEvent | null, action: {name: string, until: number} | null, editedUntil: number, readId: number}} Chat
 */

// As in Telegram: a draft is a preview for 30 s, a chat action shows for 5 s.
const DRAFT_MS = 30_000;
const ACTION_MS = 5_000;
// A bot that streams by edits pauses between them; after this long without one it counts as done.
const EDIT_MS = 3_000;

/** @param {import("./api.js").ChatInfo} info @returns {Chat} a chat of which nothing is known yet */
export function newChat(info) {
  return {
    ...info, messages: new Map(), drafts: new Map(), lastSeq: 0, kept: null, action: null, editedUntil: 0, readId: 0,
  };
}

/** Whether two events are the same one, and not just of the same number in a restarted world. @param {ChatEvent} a @param {ChatEvent} b */
export function isSameEvent(a, b) {
  const marks = [a, b].map(({ seq, type, message, message_id: id }) => [seq, type, message?.message_id ?? id, message?.date, message?.text]);
  return JSON.stringify(marks[0]) === JSON.stringify(marks[1]);
}

/**
 * Applies an event to its chat.
 * @param {Chat} chat
 * @param {ChatEvent} event
 * @param {boolean} live false while history is loaded
 * @returns {boolean} false for an event that was already known
 */
export function applyEvent(chat, event, live) {
  if (event.seq <= chat.lastSeq) return false;
  chat.lastSeq = event.seq;
  if (event.type in LASTING) chat.kept = event;
  const happened = event.date ? event.date * 1000 : Date.now();
  ({ ...LASTING, ...PASSING })[event.type]?.(chat, event, happened, live);
  return true;
}

/** @typedef {Record<string, (chat: Chat, event: ChatEvent, happened: number, live: boolean) => void>} Changes */

/** Changes that the server still knows of after a restart. @type {Changes} */
const LASTING = {
  message(chat, { message }) {
    put(chat, message);
    if (!message.from?.is_bot) return;
    chat.action = null;
    endDraft(chat, message.text ?? "");
  },
  edit(chat, { message }, happened, live) {
    const had = hasButtons(chat.messages.get(message.message_id));
    put(chat, message);
    if (!message.from?.is_bot) return;
    if (had && !hasButtons(message)) {
      // An answer whose stop button goes is complete; so is a choice that was made by a button.
      chat.action = null;
      chat.editedUntil = 0;
    } else if (live) chat.editedUntil = happened + EDIT_MS;
  },
  delete(chat, { message_id }) {
    chat.messages.delete(message_id);
  },
};

/** Changes that mean nothing a minute later. @type {Changes} */
const PASSING = {
  draft(chat, { draft_id, text, entities }, happened) {
    chat.action = null;
    chat.drafts.set(draft_id, { draft_id, text, entities, until: happened + DRAFT_MS });
  },
  action(chat, { action, date }, happened, live) {
    if (live || date) chat.action = { name: action, until: happened + ACTION_MS };
  },
};

/** Stores a message in its place; one whose beginning the server has forgotten may come first as an edit. */
function put(/** @type {Chat} */ chat, /** @type {Message} */ message) {
  const isNext = chat.messages.has(message.message_id) || message.message_id > (lastMessage(chat)?.message_id ?? 0);
  chat.messages.set(message.message_id, message);
  if (!isNext) chat.messages = new Map([...chat.messages].sort(([a], [b]) => a - b));
}

/** Removes the draft that a final message replaces: of several, the one that shares the longest beginning with it. */
function endDraft(/** @type {Chat} */ chat, /** @type {string} */ text) {
  const [ended] = [...chat.drafts.values()].sort((a, b) => sharedLength(b.text, text) - sharedLength(a.text, text));
  if (ended) chat.drafts.delete(ended.draft_id);
}

/** @param {string} a @param {string} b */
function sharedLength(a, b) {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** @param {Chat} chat @returns {Draft[]} the drafts that still show */
export function liveDrafts(chat, now = Date.now()) {
  return [...chat.drafts.values()].filter((draft) => draft.until > now);
}

/** @param {Chat} chat @returns {string | null} what the bot is doing, such as "typing" */
export function liveAction(chat, now = Date.now()) {
  if (!chat.action || chat.action.until <= now || liveDrafts(chat, now).length) return null;
  return chat.action.name;
}

/** @param {Chat} chat @returns {number} when something in the chat next runs out; Infinity if nothing does */
export function nextExpiry(chat, now = Date.now()) {
  const ends = [...chat.drafts.values()].map((draft) => draft.until);
  ends.push(chat.action?.until ?? 0, chat.editedUntil);
  return Math.min(Infinity, ...ends.filter((end) => end > now));
}

/** Whether the bot is at work here with nothing of its own to stop it by. @param {Chat} chat */
export function canStop(chat, now = Date.now()) {
  if (liveDrafts(chat, now).length) return true;
  const last = lastMessage(chat);
  return !(last?.from?.is_bot && hasButtons(last)) && (liveAction(chat, now) !== null || chat.editedUntil > now);
}

/** @param {Chat} chat @returns {Message | undefined} */
export function lastMessage(chat) {
  return [...chat.messages.values()].at(-1);
}

/** How many messages came since a person last read or wrote here. @param {Chat} chat @param {number} person */
export function unreadCount(chat, person) {
  let count = 0;
  for (const message of chat.messages.values()) {
    if (message.from?.id === person) count = 0;
    else if (message.message_id > chat.readId) count += 1;
  }
  return count;
}

/** @param {Message | undefined} message */
function hasButtons(message) {
  return (message?.reply_markup?.inline_keyboard?.length ?? 0) > 0;
}
