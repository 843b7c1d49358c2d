// @ts-check
/** The playground's page: what is looked at, and what happens when something happens or is pressed. */

import * as api from "./api.js";
import { BOT_ID, ChatInfo } from "./chat_info.js";
import { ChatList } from "./chatlist.js";
import { Composer, newNote } from "./composer.js";
import { Deeds } from "./deeds.js";
import { find } from "./dom.js";
import { Errands } from "./errands.js";
import { extras, pressReplyKey } from "./extras.js";
import { Frame } from "./frame.js";
import { oncePerFrame } from "./frames.js";
import { followLinks } from "./links.js";
import { forcedReply } from "./keyboard_state.js";
import { newestEditable, openMessageMenu } from "./message_menu.js";
import { isFromBot } from "./messages.js";
import { Notices } from "./notices.js";
import { senderName, snippet } from "./people.js";
import { Pinned } from "./pinned.js";
import { tick } from "./polls.js";
import { ReplyKeyboard } from "./reply_keyboard.js";
import { mayWrite } from "./rights.js";
import { openSettings } from "./settings.js";
import { canStop, lastMessage, markRead, nextExpiry, unreadCount, visibleMessages } from "./store.js";
import { Taps } from "./taps.js";
import { languageFor, setLanguage } from "./texts.js";
import { Timeline } from "./timeline.js";
import { Topics } from "./topics.js";
import { World } from "./world.js";

/**
 * @typedef {import("./types.js").ChatEvent} ChatEvent
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./store.js").Chat} Chat
 */

const TICK_MS = 1000;
const BOT_USERNAME = "tertulia_bot";

class App {
  constructor() {
    /** @type {number | null} */
    this.openId = null;
    this.scheduleRender = oncePerFrame(() => this.render());
    this.wantedId = 0;
    this.bot = { username: BOT_USERNAME, first_name: "Tertulia" };
    this.notices = new Notices();
    this.world = new World({
      onEntered: () => this.#entered(),
      onEvent: (chat, event) => this.#happened(chat, event),
      onChange: () => this.#peopleOrChatsChanged(),
      onConnection: (online) => this.frame.renderConnection(online),
    });
    this.deeds = new Deeds(this.notices, () => /** @type {Chat} */ (this.open), {
      onSaid: (chat) => this.#said(chat),
      isAnonymous: () => this.composer.note.anonymous,
    });
    this.errands = new Errands(this.world, this.deeds, (id) => this.#goOnceThere(id));
    this.taps = new Taps(this.notices, (messageId) => {
      this.timeline.refresh(messageId);
      this.scheduleRender();
    });
    this.list = new ChatList({ onOpen: (id) => this.#go(id), onJoin: (id) => this.errands.join(id), onReleased: () => this.scheduleRender() });
    this.composer = this.#makeComposer();
    this.replyKeyboard = new ReplyKeyboard({
      onPress: (button) => pressReplyKey(button, this.deeds, this.world, (text) => this.#say(text)),
      onToggle: () => this.render(),
    });
    this.timeline = this.#makeTimeline();
    this.topics = new Topics({
      onTopic: (thread) => this.#go(this.openId, thread),
      onCreate: async (name) => {
        const topic = await this.deeds.addTopic(name);
        if (topic) this.#go(this.openId, topic.message_thread_id);
      },
      onChange: (thread, changes) => this.deeds.changeTopic(thread, changes),
    });
    this.pinned = new Pinned({ onMessage: (id) => this.#goToMessage(id) });
    this.info = new ChatInfo({ onMember: (user, status) => this.deeds.setMember(user, status), onMigrate: () => this.deeds.migrate() });
    this.frame = this.#makeFrame();
    this.#listen();
  }

  /** @returns {Composer} */
  #makeComposer() {
    return new Composer({
      onSend: (note) => this.#send(note),
      onStop: () => this.#say("/cancel"),
      onEditLast: () => this.open && newestEditable(this.open, visibleMessages(this.open)),
      loadCommands: () => api.commands(this.openId ?? 0, this.world.person.id),
      extras: () => extras(/** @type {Chat} */ (this.open), this.deeds, this.world, this.composer),
      onProblem: (error) => this.notices.problem(error),
      onNotice: (words) => this.notices.toast(words, "problem"),
      onStart: (payload) => this.errands.startBot(payload),
    });
  }

  #makeTimeline() {
    return new Timeline({
      onReply: (message) => this.composer.replyTo(message),
      onTap: (message, data) => this.taps.tap(this.openId ?? 0, message.message_id, this.world.person.id, data),
      onCommand: (command) => this.#say(command),
      onMention: (name) => this.composer.insert(`${name} `),
      onExample: (text) => this.#say(text),
      onLeave: () => this.composer.focus(),
      botName: () => this.bot.first_name,
      onVote: (messageId, options) => this.deeds.vote(messageId, options),
      onReact: (message, emoji) => this.deeds.react(message, emoji),
      onMenu: (messages, anchor) => this.#openMessageMenu(messages, anchor),
      onChat: (id) => this.#go(id),
      onTopic: (thread) => this.#go(this.openId, thread),
      onSwitchInline: (query, here) => this.errands.begin(`@${this.bot.username} ${query}`, here, (words) => this.composer.insert(words, true)),
      onCopy: (text) => this.deeds.copy(text),
      isTapped: (messageId, data) => this.taps.isBusy(this.openId ?? 0, messageId, data),
      nameOf: (id) => this.world.people.find((person) => person.id === id)?.first_name ?? this.bot.first_name,
    });
  }

  #makeFrame() {
    return new Frame({
      onPerson: (id) => this.world.enter(this.world.people.find((person) => person.id === id) ?? this.world.person),
      onLanguage: (language) => this.#changeLanguage(language),
      onBack: () => this.#go(null),
      onInfo: () => this.open && this.info.open(this.open, this.world.people, this.bot.first_name),
      onSettings: () => openSettings(this.notices, () => this.world.loadPeople()),
      onUnblock: () => this.deeds.setMember(BOT_ID, "member"),
      onChat: (id) => this.#go(id),
    });
  }

  #listen() {
    window.addEventListener("hashchange", () => this.#openFromAddress());
    document.addEventListener("visibilitychange", () => this.#looked());
    followLinks(() => this.bot.username, (payload) => this.errands.startBot(payload));
    setInterval(tick, TICK_MS);
  }

  /** @returns {Chat | undefined} */
  get open() {
    return this.openId === null ? undefined : this.world.chats.get(this.openId);
  }

  async start() {
    void this.world.start(this.frame.rememberedPerson());
    this.bot = await api.settings().catch(() => this.bot);
    this.composer.inline.username = this.bot.username;
    this.#peopleOrChatsChanged();
  }

  #entered() {
    const { people, person, chats } = this.world;
    for (const chat of chats.values()) this.frame.recallReading(chat, lastMessage(chat)?.message_id ?? 0);
    this.frame.renderPeople(people, person);
    this.#speak(languageFor(person.language_code));
    this.#openFromAddress();
  }

  /** Somebody comes back to the page: what is open counts as read, and new people may have come in. */
  async #looked() {
    this.render();
    if (!document.hidden && this.world.stream) await this.world.loadPeople().catch(() => {});
  }

  #peopleOrChatsChanged() {
    if (!this.world.person.id) return;
    this.frame.renderPeople(this.world.people, this.world.person);
    if (this.openId !== null && !this.open) this.#go(null);
    if (this.wantedId) this.#goOnceThere(this.wantedId);
    this.scheduleRender();
  }

  /** @param {Chat} chat @param {ChatEvent} event */
  #happened(chat, event) {
    if (event.type === "callback_answer") this.taps.answered(event);
    if (event.type === "inline_answer" && event.from === this.world.person.id) this.composer.inline.answered(event);
    if (event.type === "message") this.#announce(chat, event.message);
    if (event.type === "chat" && chat === this.open && chat.migrated_to) this.#goOnceThere(chat.migrated_to);
    this.scheduleRender();
  }

  /** @param {Chat} chat @param {Message} message */
  #announce(chat, message) {
    if (chat !== this.open || message.from?.id === this.world.person.id) return;
    this.notices.speak(`${senderName(message, this.world.person.id)}: ${snippet(message)}`);
    if (forcedReply(chat) === message && isFromBot(message) && !this.composer.note.text) this.composer.replyTo(message);
  }

  render() {
    const { chats, people, person, others } = this.world;
    const chat = this.open;
    if (chat && !document.hidden) this.frame.rememberReading(markRead(chat));
    const listed = [...chats.values()].filter((each) => each === chat || !each.migrated_to || !chats.has(each.migrated_to));
    this.list.render(listed, person.id, this.openId, this.bot.first_name);
    this.list.renderOthers(others);
    this.frame.renderChat(chat, people);
    this.topics.render(chat);
    this.pinned.render(chat);
    if (chat) this.#renderOpen(chat);
    this.info.render(chat, people, this.bot.first_name);
    this.frame.renderTitle(listed.reduce((sum, each) => sum + unreadCount(each, person.id), 0));
    const expiry = Math.min(...[...chats.values()].map((each) => nextExpiry(each)));
    clearTimeout(this.expiry);
    if (expiry < Infinity) this.expiry = setTimeout(() => this.render(), expiry - Date.now() + 10);
  }

  /** @param {Chat} chat */
  #renderOpen(chat) {
    this.composer.renderStop(canStop(chat));
    this.replyKeyboard.render(chat, mayWrite(chat));
    this.composer.renderPlaceholder(this.replyKeyboard.placeholder);
    this.frame.renderObstacle(chat);
    // Last, since the others take room, and the end of the talk is to stay in view.
    this.timeline.render(chat, this.world.person);
  }

  /** @param {number | null} id @param {number} [thread] */
  #go(id, thread = 0) {
    location.hash = id === null ? "#/" : thread ? `#/${id}/${thread}` : `#/${id}`;
  }

  /** Opens a chat that may not have been loaded yet, such as one just joined. @param {number} id */
  #goOnceThere(id) {
    const there = this.world.chats.has(id);
    this.wantedId = there ? 0 : id;
    if (there) this.#go(id);
  }

  /** Opens the chat and topic that the address names; on a wide screen there is always one. */
  #openFromAddress() {
    const { chats, person } = this.world;
    const [named, thread = 0] = location.hash.slice(2).split("/").map(Number);
    const first = chats.values().next().value?.id ?? null;
    const wanted = location.hash.length > 2 || this.frame.isWide();
    this.openId = chats.has(named) ? named : wanted ? first : null;
    if (this.openId !== named) history.replaceState(null, "", `#/${this.openId ?? ""}`);
    const chat = this.open;
    if (chat) chat.thread = chat.is_forum && this.openId === named ? thread : 0;
    this.timeline.reset();
    this.render();
    if (chat) this.composer.show(chat.id, chat.thread, person.id, forcedReply(chat));
    this.frame.focusAfterOpening(this.composer);
  }

  /** @param {number} id */
  #goToMessage(id) {
    const chat = this.open;
    if (chat?.thread && !visibleMessages(chat).some((message) => message.message_id === id)) this.#go(chat.id);
    // After the address has changed what is shown.
    setTimeout(() => this.timeline.goTo(id));
  }

  /** @param {import("./composer.js").Note} note */
  #send(note) {
    const { note: target } = this.composer;
    this.timeline.toEnd();
    return this.deeds.send(note, (unsent) => this.composer.restore(unsent, target));
  }

  /** @param {Chat} chat where who looks said something */
  #said(chat) {
    this.frame.rememberReading(chat);
    this.scheduleRender();
  }

  /** @param {string} text */
  #say(text) {
    return this.#send({ ...newNote(), text });
  }

  /** @param {Message[]} messages @param {HTMLElement} anchor */
  #openMessageMenu(messages, anchor) {
    openMessageMenu(messages, /** @type {Chat} */ (this.open), anchor, {
      onReply: (message) => this.composer.replyTo(message),
      onReact: (message, emoji) => this.deeds.react(message, emoji),
      onEdit: (message) => this.composer.edit(message),
      onForward: (each) => this.errands.forward(each),
      onRemove: (each) => this.deeds.remove(each),
      onCopy: (text) => this.deeds.copy(text),
    });
  }

  /** @param {import("./texts.js").Language} language */
  async #changeLanguage(language) {
    this.#speak(language);
    this.render();
    Object.assign(this.world.person, await this.deeds.attempt(api.setLanguageCode(this.world.person.id, language)));
  }

  /** @param {import("./texts.js").Language} language */
  #speak(language) {
    setLanguage(language);
    this.frame.renderTexts();
    this.composer.render();
    this.timeline.reset();
  }
}

find("#house").hidden = false;
void new App().start();
