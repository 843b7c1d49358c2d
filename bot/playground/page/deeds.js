// @ts-check
/** What a person does in a chat, each with its request and what the page says when it fails. */

import * as api from "./api.js";
import { copyText } from "./clipboard.js";
import { threadOf } from "./messages.js";
import { readTo } from "./store.js";
import { t } from "./texts.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Said} Said
 * @typedef {import("./store.js").Chat} Chat
 * @typedef {import("./composer.js").Note} Note
 */

export class Deeds {
  /**
   * @param {import("./notices.js").Notices} notices
   * @param {() => Chat} open the chat that is looked at, by whoever looks
   * @param {{onSaid: (chat: Chat) => void, isAnonymous: () => boolean}} listeners `onSaid`: something one said oneself changed what is unread
   */
  constructor(notices, open, listeners) {
    this.notices = notices;
    this.open = open;
    this.listeners = listeners;
  }

  /** Says something; what one says counts as read, also where it bears another name. @param {Chat} chat @param {Said} said */
  async #say(chat, said) {
    const message = await api.say(chat.id, said);
    readTo(chat, message);
    this.listeners.onSaid(chat);
    return message;
  }

  /** Who speaks, and in which topic: that of the message replied to, or the one that is looked at. @param {Chat} chat @param {Message | null} [replyTo] @returns {Said} */
  #where(chat, replyTo = null) {
    const thread = replyTo ? threadOf(chat, replyTo) : chat.thread;
    return { from: chat.viewer, reply_to: replyTo?.message_id, thread: thread > 1 ? thread : undefined };
  }

  /** Does something and says so if it fails. @template T @param {Promise<T>} deed @returns {Promise<T | undefined>} */
  async attempt(deed) {
    try {
      return await deed;
    } catch (error) {
      this.notices.problem(error);
      return undefined;
    }
  }

  /** Sends a note: a change of an older message, or words and files. @param {Note} note @param {(note: Note) => void} onFailed told what did not go out */
  async send(note, onFailed) {
    const chat = this.open();
    const where = { ...this.#where(chat, note.replyTo), ...(note.anonymous && { anonymous: true }) };
    try {
      if (note.editing) await api.edit(chat.id, note.editing.message_id, chat.viewer, note.text);
      else if (!note.files.length) await this.#say(chat, { ...where, text: note.text });
      while (note.files.length) {
        const [{ file, as }] = note.files;
        await this.#say(chat, { ...where, text: note.text, file, as });
        // What has gone out is not sent again, nor given back, if a later file fails.
        Object.assign(note, { text: "", files: note.files.slice(1) });
      }
    } catch (error) {
      this.notices.problem(error);
      onFailed(note);
    }
  }

  /** Sends something that is not words. @param {Partial<Said>} content */
  give(content) {
    const chat = this.open();
    const anonymous = this.listeners.isAnonymous() || undefined;
    return this.attempt(this.#say(chat, { ...this.#where(chat), ...content, anonymous }));
  }

  /** @param {number} messageId @param {number[]} options */
  vote(messageId, options) {
    const { id, viewer } = this.open();
    return this.attempt(api.vote(id, messageId, viewer, options));
  }

  /** @param {Message} message @param {string} emoji */
  react({ message_id: message }, emoji) {
    const { id, viewer } = this.open();
    return this.attempt(api.react(id, message, viewer, emoji));
  }

  /** @param {Message[]} messages */
  async remove(messages) {
    const { id, viewer } = this.open();
    for (const { message_id: message } of messages) await this.attempt(api.remove(id, message, viewer));
  }

  /** @param {Message[]} messages @param {Chat} target */
  async forward(messages, target) {
    const { id, viewer } = this.open();
    for (const { message_id } of messages) {
      if (!(await this.attempt(this.#say(target, { from: viewer, forward: { chat_id: id, message_id } })))) return;
    }
    this.notices.toast(t("forwardedTo", { title: target.title }));
  }

  /** @param {number} user @param {string} status */
  setMember(user, status) {
    const { id, viewer } = this.open();
    return this.attempt(api.setMember(id, user, viewer, status));
  }

  /** @param {string} name */
  addTopic(name) {
    const { id, viewer } = this.open();
    return this.attempt(api.addTopic(id, viewer, name));
  }

  /** @param {number} thread @param {{name?: string, closed?: boolean}} changes */
  changeTopic(thread, changes) {
    const { id, viewer } = this.open();
    return this.attempt(api.changeTopic(id, thread, { from: viewer, ...changes }));
  }

  migrate() {
    return this.attempt(api.migrate(this.open().id));
  }

  /** @param {string} text @returns {Promise<boolean>} whether it could be copied */
  async copy(text) {
    const copied = await copyText(text);
    if (copied) this.notices.toast(t("copied"));
    else this.notices.toast(t("notCopied"), "problem");
    return copied;
  }
}
