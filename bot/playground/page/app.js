// @ts-check
/** The playground's page: who looks, which chats they have, and what happens when something happens. */

import * as api from "./api.js";
import { ChatList } from "./chatlist.js";
import { Composer } from "./composer.js";
import { find } from "./dom.js";
import { Frame } from "./frame.js";
import { Notices } from "./notices.js";
import { senderName, snippet } from "./people.js";
import { applyEvent, canStop, isSameEvent, lastMessage, newChat, nextExpiry, unreadCount } from "./store.js";
import { Stream } from "./stream.js";
import { Taps } from "./taps.js";
import { languageFor, setLanguage, t } from "./texts.js";
import { Timeline } from "./timeline.js";

/**
 * @typedef {import("./api.js").ChatEvent} ChatEvent
 * @typedef {import("./api.js").Message} Message
 * @typedef {import("./api.js").Person} Person
 * @typedef {import("./store.js").Chat} Chat
 */

const RETRY_MS = 1500;

class App {
  constructor() {
    /** @type {Person[]} */
    this.people = [];
    /** @type {Person} */
    this.person = { id: 0, first_name: "" };
    /** @type {Map<number, Chat>} */
    this.chats = new Map();
    /** @type {number | null} */
    this.openId = null;
    this.entries = 0;
    this.notices = new Notices();
    this.taps = new Taps(this.notices, (messageId) => this.#tapChanged(messageId));
    this.list = new ChatList({ onOpen: (id) => this.#go(id) });
    this.composer = new Composer({
      onSend: (note) => this.#send(note),
      onStop: () => this.#say("/cancel"),
      loadCommands: () => api.commands(this.openId ?? 0, this.person.id),
    });
    this.timeline = new Timeline({
      onReply: (message) => this.composer.replyTo(message),
      onTap: (message, data) => this.#tap(message, data),
      onCommand: (command) => this.#say(command),
      onMention: (name) => this.composer.insert(`${name} `),
      onExample: (text) => this.#say(text),
      isTapped: (messageId, data) => this.taps.isBusy(this.openId ?? 0, messageId, data),
    });
    this.frame = new Frame({
      onPerson: (id) => this.enter(this.people.find((person) => person.id === id) ?? this.person),
      onLanguage: (language) => this.#changeLanguage(language),
      onBack: () => this.#go(null),
    });
    window.addEventListener("hashchange", () => this.#openFromAddress());
    document.addEventListener("visibilitychange", () => this.#looked());
  }

  /** @returns {Chat | undefined} */
  get open() {
    return this.openId === null ? undefined : this.chats.get(this.openId);
  }

  /** Begins, and keeps trying while the server is not there. */
  async start() {
    try {
      this.people = await api.people();
      await this.enter(this.people.find(({ id }) => id === this.frame.rememberedPerson()) ?? this.people[0]);
    } catch (error) {
      console.warn(error);
      this.frame.renderConnection(false);
      setTimeout(() => this.start(), RETRY_MS);
    }
  }

  /** Becomes a person: loads their chats and listens to what happens in them. @param {Person} person */
  async enter(person) {
    const entry = ++this.entries;
    this.stream?.close();
    const { chats, after } = await loadChats(person);
    // Somebody chose another person meanwhile.
    if (entry !== this.entries) return;
    this.person = person;
    this.chats = chats;
    this.#rememberReading();
    this.stream = new Stream(after, {
      onEvent: (event) => this.#happened(event),
      onLost: () => this.frame.renderConnection(false),
      onBack: () => this.#reconnected(),
    });
    this.frame.renderConnection(true);
    this.#speak(languageFor(person.language_code));
    this.#openFromAddress();
  }

  /** After an interruption: goes on if it is the same world, else begins anew. */
  async #reconnected() {
    try {
      this.people = await api.people();
      const same = await isSameWorld(this.chats.values());
      const present = this.people.find(({ id }) => id === this.person.id) ?? this.people[0];
      if (same) this.frame.renderConnection(true);
      else await this.enter(present);
      this.frame.renderPeople(this.people, this.person);
    } catch (error) {
      console.warn(error);
      setTimeout(() => this.#reconnected(), RETRY_MS);
    }
  }

  /** Somebody comes back to the page: what is open counts as read, and new people may have come in. */
  async #looked() {
    this.render();
    if (document.hidden || !this.stream) return;
    this.people = await api.people().catch(() => this.people);
    this.frame.renderPeople(this.people, this.person);
  }

  /** @param {ChatEvent} event */
  #happened(event) {
    const chat = this.chats.get(event.chat_id ?? 0);
    if (!chat || !applyEvent(chat, event, true)) return;
    if (event.type === "callback_answer") this.taps.answered(event);
    if (event.type === "message") this.#announce(chat, event.message);
    this.#scheduleRender();
  }

  /** @param {Chat} chat @param {Message} message */
  #announce(chat, message) {
    if (chat !== this.open || message.from?.id === this.person.id) return;
    this.notices.speak(`${senderName(message, this.person.id)}: ${snippet(message)}`);
  }

  /** Events come in bursts; the screen is drawn once for each frame. */
  #scheduleRender() {
    if (this.scheduled) return;
    this.scheduled = true;
    const draw = () => {
      this.scheduled = false;
      this.render();
    };
    if (document.hidden) setTimeout(draw, 0);
    else requestAnimationFrame(draw);
  }

  render() {
    const chat = this.open;
    if (chat) this.#renderOpen(chat);
    this.list.render(this.chats.values(), this.person.id, this.openId);
    this.frame.renderChat(chat, this.people);
    this.frame.renderTitle([...this.chats.values()].reduce((sum, each) => sum + unreadCount(each, this.person.id), 0));
    const expiry = Math.min(...[...this.chats.values()].map((each) => nextExpiry(each)));
    clearTimeout(this.expiry);
    if (expiry < Infinity) this.expiry = setTimeout(() => this.render(), expiry - Date.now() + 10);
  }

  /** @param {Chat} chat */
  #renderOpen(chat) {
    if (!document.hidden) {
      chat.readId = lastMessage(chat)?.message_id ?? 0;
      this.frame.remember(`read:${this.person.id}:${chat.id}`, chat.readId);
    }
    this.timeline.render(chat, this.person);
    this.composer.renderStop(canStop(chat));
  }

  /** Takes up how far this person had read; a number from another world counts as nothing. */
  #rememberReading() {
    for (const chat of this.chats.values()) {
      const read = this.frame.recall(`read:${this.person.id}:${chat.id}`);
      chat.readId = read <= (lastMessage(chat)?.message_id ?? 0) ? read : 0;
    }
  }

  /** @param {number | null} id */
  #go(id) {
    location.hash = id === null ? "#/" : `#/${id}`;
  }

  /** Opens the chat that the address names; on a wide screen there is always one. */
  #openFromAddress() {
    const named = Number(location.hash.slice(2));
    const first = this.chats.values().next().value?.id ?? null;
    const wanted = location.hash.length > 2 || this.frame.isWide();
    this.openId = this.chats.has(named) ? named : wanted ? first : null;
    if (this.openId !== named) history.replaceState(null, "", `#/${this.openId ?? ""}`);
    this.timeline.reset();
    this.frame.renderPeople(this.people, this.person);
    this.render();
    if (this.openId !== null) this.composer.show(this.openId, this.person.id);
    this.frame.focusAfterOpening(this.composer);
  }

  /** @param {import("./composer.js").Note} note */
  async #send(note) {
    const chat = this.openId ?? 0;
    const target = this.composer.note;
    const from = this.person.id;
    const reply_to = note.replyTo?.message_id;
    this.timeline.toEnd();
    try {
      if (!note.files.length) await api.say(chat, { from, text: note.text, reply_to });
      while (note.files.length) {
        await api.say(chat, { from, text: note.text, reply_to, file: note.files[0] });
        // What has gone out is not sent again, nor given back, if a later file fails.
        Object.assign(note, { text: "", files: note.files.slice(1) });
      }
    } catch (error) {
      this.notices.problem(error);
      this.composer.restore(note, target);
    }
  }

  /** @param {string} text */
  #say(text) {
    return this.#send({ text, replyTo: null, files: [] });
  }

  /** @param {Message} message @param {string} data */
  #tap(message, data) {
    return this.taps.tap(this.openId ?? 0, message.message_id, this.person.id, data);
  }

  /** @param {number} messageId */
  #tapChanged(messageId) {
    this.timeline.refresh(messageId);
    this.#scheduleRender();
  }

  /** @param {import("./texts.js").Language} language */
  async #changeLanguage(language) {
    this.#speak(language);
    this.render();
    try {
      Object.assign(this.person, await api.setLanguageCode(this.person.id, language));
    } catch (error) {
      this.notices.problem(error);
    }
  }

  /** @param {import("./texts.js").Language} language */
  #speak(language) {
    setLanguage(language);
    this.frame.renderTexts();
    this.composer.render();
    this.timeline.reset();
  }
}

/** The chats of a person with all that happened in them, and the event number to listen from. @param {Person} person */
async function loadChats(person) {
  const mine = (await api.chats()).filter((chat) => chat.members.includes(person.id));
  const chats = mine.sort((a, b) => Number(b.type === "private") - Number(a.type === "private")).map(newChat);
  await Promise.all(chats.map(catchUp));
  const after = Math.max(0, ...chats.map((chat) => chat.lastSeq));
  // What happened in one chat while another was being read has a smaller number than `after`.
  await Promise.all(chats.map(catchUp));
  return { chats: new Map(chats.map((chat) => [chat.id, chat])), after };
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

find("#house").hidden = false;
void new App().start();
