// @ts-check
/** What the page knows of each chat, and how one event changes it. No DOM here. */

import { forgetKeyboardOf, noteKeyboard, useKeyboard } from "./keyboard_state.js";
import { isFromBot, threadOf } from "./messages.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").ChatEvent} ChatEvent
 * @typedef {import("./types.js").ChatInfo} ChatInfo
 * @typedef {{draft_id: number, text: string, entities?: import("./types.js").Entity[], thread: number, until: number}} Draft
 * @typedef {{poll: import("./types.js").Poll, votes: Record<string, number[]>}} PollState
 * @typedef {import("./keyboard_state.js").ShownKeyboard} ShownKeyboard
 * @typedef {ChatInfo & {viewer: number, messages: Map<number, Message>, drafts: Map<number, Draft>, polls: Map<number, PollState>,
 *   reactions: Map<number, import("./types.js").Reaction[]>, keyboards: Map<number, ShownKeyboard>, forced: Map<number, Message>,
 *   thread: number, lastSeq: number, kept: ChatEvent | null, action: {name: string, thread: number, until: number} | null,
 *   editedUntil: number, read: Map<number, number>, ticked: Map<number, Set<number>>, explained: Map<number, boolean>}} Chat
 *   `thread` is the topic that is looked at, 0 for all; `read` the last message read in each, 0 standing for all; `ticked` what is
 *   chosen in a poll but not sent yet; `explained` whose explanations were opened or put away
 */

// As in Telegram: a draft is a preview for 30 s, a chat action shows for 5 s.
const DRAFT_MS = 30_000;
const ACTION_MS = 5_000;
// A bot that streams by edits pauses between them; after this long without one it counts as done.
const EDIT_MS = 3_000;
// As many as the server keeps of a chat.
const MAX_MESSAGES = 2000;
const GENERAL_COLOR = 0x8e8e93;

/** @param {ChatInfo} info @param {number} viewer who looks @returns {Chat} a chat of which nothing is known yet */
export function newChat(info, viewer) {
  return {
    ...withGeneral(info), viewer, messages: new Map(), drafts: new Map(), polls: new Map(), reactions: new Map(), keyboards: new Map(),
    forced: new Map(), thread: 0, lastSeq: 0, kept: null, action: null, editedUntil: 0, read: new Map(),
    ticked: new Map(), explained: new Map(),
  };
}

/** A forum always has the topic General, listed or not. @param {ChatInfo} info @returns {ChatInfo} */
function withGeneral(info) {
  if (!info.is_forum || info.topics?.some((topic) => topic.message_thread_id === 1)) return info;
  const general = { message_thread_id: 1, name: "General", icon_color: GENERAL_COLOR, closed: false, hidden: false };
  return { ...info, topics: [general, ...(info.topics ?? [])] };
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
  message(chat, { message, reply_keyboard }) {
    put(chat, message);
    useKeyboard(chat, message);
    noteKeyboard(chat, message, reply_keyboard);
    if (!isFromBot(message)) return;
    chat.action = null;
    endDraft(chat, message.text ?? "", threadOf(chat, message));
  },
  edit(chat, { message }, happened, live) {
    const had = hasButtons(chat.messages.get(message.message_id));
    put(chat, message);
    if (!isFromBot(message)) return;
    if (had && !hasButtons(message)) {
      // An answer whose stop button goes is complete; so is a choice that was made by a button.
      chat.action = null;
      chat.editedUntil = 0;
    } else if (live) chat.editedUntil = happened + EDIT_MS;
  },
  delete(chat, { message_id }) {
    forget(chat, message_id);
    forgetKeyboardOf(chat, message_id);
  },
  poll(chat, { message_id, poll, votes }) {
    chat.polls.set(message_id, { poll, votes: votes ?? {} });
  },
  reaction(chat, { message_id, reactions }) {
    chat.reactions.set(message_id, reactions ?? []);
  },
};

/** Changes that mean nothing a minute later, or that `GET /api/chats` tells anew. @type {Changes} */
const PASSING = {
  draft(chat, { draft_id, text, entities, message_thread_id }, happened) {
    chat.action = null;
    const thread = message_thread_id ?? (chat.is_forum ? 1 : 0);
    chat.drafts.set(draft_id, { draft_id, text, entities, thread, until: happened + DRAFT_MS });
  },
  action(chat, { action, date, message_thread_id }, happened, live) {
    const thread = message_thread_id ?? (chat.is_forum ? 1 : 0);
    if (live || date) chat.action = { name: action, thread, until: happened + ACTION_MS };
  },
  chat(chat, { chat: info }, _, live) {
    // History tells what the chat once was; the list of chats, loaded with it, what it is.
    if (live) Object.assign(chat, withGeneral(info));
  },
};

/** Stores a message in its place; one whose beginning the server has forgotten may come first as an edit. */
function put(/** @type {Chat} */ chat, /** @type {Message} */ message) {
  const isNext = chat.messages.has(message.message_id) || message.message_id > (lastMessage(chat)?.message_id ?? 0);
  chat.messages.set(message.message_id, message);
  if (message.poll) {
    const votes = chat.polls.get(message.message_id)?.votes ?? {};
    chat.polls.set(message.message_id, { poll: message.poll, votes });
  }
  if (!isNext) chat.messages = new Map([...chat.messages].sort(([a], [b]) => a - b));
  if (chat.messages.size > MAX_MESSAGES) forget(chat, [...chat.messages.keys()][0]);
}

/** @param {Chat} chat @param {number} messageId */
function forget(chat, messageId) {
  for (const known of [chat.messages, chat.polls, chat.reactions]) known.delete(messageId);
}

/** Removes the draft that a final message replaces: of several, the one that shares the longest beginning with it. */
function endDraft(/** @type {Chat} */ chat, /** @type {string} */ text, /** @type {number} */ thread) {
  const [ended] = [...chat.drafts.values()].filter((draft) => draft.thread === thread)
    .sort((a, b) => sharedLength(b.text, text) - sharedLength(a.text, text));
  if (ended) chat.drafts.delete(ended.draft_id);
}

/** @param {string} a @param {string} b */
function sharedLength(a, b) {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** Whether something in a topic shows in what is looked at. @param {Chat} chat @param {number} thread */
const isVisible = (chat, thread) => !chat.thread || chat.thread === thread;

/** @param {Chat} chat @returns {Message[]} the messages of the topic that is looked at, or all */
export function visibleMessages(chat) {
  const all = [...chat.messages.values()];
  return chat.thread ? all.filter((message) => threadOf(chat, message) === chat.thread) : all;
}

/** @param {Chat} chat @returns {Draft[]} the drafts that still show */
export function liveDrafts(chat, now = Date.now()) {
  return [...chat.drafts.values()].filter((draft) => draft.until > now && isVisible(chat, draft.thread));
}

/** @param {Chat} chat @returns {string | null} what the bot is doing, such as "typing" */
export function liveAction(chat, now = Date.now()) {
  if (!chat.action || chat.action.until <= now || !isVisible(chat, chat.action.thread)) return null;
  return liveDrafts(chat, now).length ? null : chat.action.name;
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
  const last = visibleMessages(chat).at(-1);
  const hasOwn = last && isFromBot(last) && hasButtons(last);
  return !hasOwn && (liveAction(chat, now) !== null || chat.editedUntil > now);
}

/** @param {Chat} chat @returns {Message | undefined} */
export function lastMessage(chat) {
  return [...chat.messages.values()].at(-1);
}

/** Counts what is looked at as read. @param {Chat} chat */
export function markRead(chat) {
  chat.read.set(chat.thread, visibleMessages(chat).at(-1)?.message_id ?? 0);
  return chat;
}

/** Counts a topic as read as far as a message. @param {Chat} chat @param {Message} message */
export function readTo(chat, message) {
  const thread = threadOf(chat, message);
  chat.read.set(thread, Math.max(chat.read.get(thread) ?? 0, message.message_id));
}

/** How many messages came in each topic since a person last read or wrote there. @param {Chat} chat @param {number} person @returns {Map<number, number>} */
export function unreadByThread(chat, person) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  const all = chat.read.get(0) ?? 0;
  for (const message of chat.messages.values()) {
    const thread = threadOf(chat, message);
    if (message.from?.id === person) counts.delete(thread);
    else if (message.message_id > Math.max(all, chat.read.get(thread) ?? 0)) counts.set(thread, (counts.get(thread) ?? 0) + 1);
  }
  return counts;
}

/** @param {Chat} chat @param {number} person */
export const unreadCount = (chat, person) => [...unreadByThread(chat, person).values()].reduce((sum, count) => sum + count, 0);

/** @param {Message | undefined} message */
function hasButtons(message) {
  return (message?.reply_markup?.inline_keyboard?.length ?? 0) > 0;
}
