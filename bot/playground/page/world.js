// @ts-check
/** Who looks, which chats they have, and the events that change them. No DOM here. */

import * as api from "./api.js";
import { learnUsernames } from "./keyboard_state.js";
import { applyEvent, isSameEvent, newChat } from "./store.js";
import { Stream } from "./stream.js";

/**
 * @typedef {import("./types.js").ChatEvent} ChatEvent
 * @typedef {import("./types.js").ChatInfo} ChatInfo
 * @typedef {import("./types.js").Person} Person
 * @typedef {import("./store.js").Chat} Chat
 * @typedef {{onEntered: () => void, onEvent: (chat: Chat, event: ChatEvent) => void, onChange: () => void, onConnection: (online: boolean) => void}} Listeners
 *   onEntered: somebody looks anew; onEvent: something new happened in one of their chats; onChange: people, or which chats there are
 */

const RETRY_MS = 1500;

export class World {
  /** @param {Listeners} listeners */
  constructor(listeners) {
    this.listeners = listeners;
    /** @type {Person[]} */
    this.people = [];
    /** @type {Person} */
    this.person = { id: 0, first_name: "" };
    /** @type {Map<number, Chat>} */
    this.chats = new Map();
    /** @type {Map<number, ChatInfo>} every chat there is, also those without who looks */
    this.infos = new Map();
    this.entries = 0;
  }

  /** Groups and channels that who looks could join. @returns {ChatInfo[]} */
  get others() {
    return [...this.infos.values()].filter((info) => info.type !== "private" && !info.migrated_to && !this.chats.has(info.id));
  }

  /** The chat of who looks with the bot. @returns {Chat | undefined} */
  get ownChat() {
    return this.chats.get(this.person.id);
  }

  /** Begins, and keeps trying while the server is not there. @param {number} remembered who looked the last time */
  async start(remembered) {
    try {
      await this.loadPeople();
      await this.enter(this.people.find(({ id }) => id === remembered) ?? this.people[0]);
    } catch (error) {
      console.warn(error);
      this.listeners.onConnection(false);
      setTimeout(() => this.start(remembered), RETRY_MS);
    }
  }

  /** Becomes a person: loads their chats and listens to what happens in them. @param {Person} person */
  async enter(person) {
    const entry = ++this.entries;
    this.stream?.close();
    const { infos, chats, after } = await loadChats(person);
    // Somebody chose another person meanwhile.
    if (entry !== this.entries) return;
    Object.assign(this, { person, infos, chats });
    this.stream = new Stream(after, {
      onEvent: (event) => this.#happened(event),
      onLost: () => this.listeners.onConnection(false),
      onBack: () => this.#reconnected(),
    });
    this.listeners.onConnection(true);
    this.listeners.onEntered();
  }

  async loadPeople() {
    this.people = await api.people();
    learnUsernames(this.people);
    this.listeners.onChange();
  }

  /** After an interruption: goes on if it is the same world, else begins anew. */
  async #reconnected() {
    try {
      await this.loadPeople();
      const same = await isSameWorld(this.chats.values());
      const present = this.people.find(({ id }) => id === this.person.id) ?? this.people[0];
      if (same) this.listeners.onConnection(true);
      else await this.enter(present);
    } catch (error) {
      console.warn(error);
      setTimeout(() => this.#reconnected(), RETRY_MS);
    }
  }

  /** @param {ChatEvent} event */
  #happened(event) {
    const chat = this.chats.get(event.chat_id ?? 0);
    const fresh = chat && applyEvent(chat, event, true);
    if (event.type === "chat") void this.#chatChanged(event.chat);
    if (fresh) this.listeners.onEvent(chat, event);
  }

  /** A chat is new, or who looks joined or left it, or something else about it changed. @param {ChatInfo} info */
  async #chatChanged(info) {
    this.infos.set(info.id, info);
    const known = this.chats.has(info.id);
    const mine = info.members.includes(this.person.id);
    if (info.members.some((id) => !this.people.some((person) => person.id === id))) await this.loadPeople().catch(console.warn);
    if (known && !mine) this.chats.delete(info.id);
    if (!known && mine) await this.#addChat(info);
    this.listeners.onChange();
  }

  /** @param {ChatInfo} info */
  async #addChat(info) {
    const entry = this.entries;
    const chat = newChat(info, this.person.id);
    await catchUp(chat).catch(console.warn);
    if (entry !== this.entries || this.chats.has(info.id)) return;
    this.chats.set(info.id, chat);
    // What happened while it was being read.
    await catchUp(chat).catch(console.warn);
  }
}

/** The chats of a person with all that happened in them, and the event number to listen from. @param {Person} person */
async function loadChats(person) {
  const infos = await api.chats();
  const mine = infos.filter((chat) => chat.members.includes(person.id));
  const chats = mine.sort((a, b) => Number(b.type === "private") - Number(a.type === "private")).map((info) => newChat(info, person.id));
  await Promise.all(chats.map(catchUp));
  const after = Math.max(0, ...chats.map((chat) => chat.lastSeq));
  // What happened in one chat while another was being read has a smaller number than `after`.
  await Promise.all(chats.map(catchUp));
  return { infos: new Map(infos.map((info) => [info.id, info])), chats: new Map(chats.map((chat) => [chat.id, chat])), after };
}

/** @param {Chat} chat */
async function catchUp(chat) {
  for (const event of await api.eventsAfter(chat.id, chat.lastSeq)) applyEvent(chat, event, false);
}

/** Whether the last event known of each chat is still there, as it is not after a restart. @param {Iterable<Chat>} chats */
async function isSameWorld(chats) {
  let known = 0;
  for (const { id, kept } of chats) {
    if (!kept) continue;
    const [same] = await api.eventsAfter(id, kept.seq - 1);
    if (!same || !isSameEvent(same, kept)) return false;
    known += 1;
  }
  return known > 0;
}
