// @ts-check
/** What a person does that leads to another chat: starting the bot, joining, choosing where something goes. */

import * as api from "./api.js";
import { choose } from "./dialog.js";
import { disc } from "./people.js";
import { mayWrite } from "./rights.js";
import { lastMessage } from "./store.js";
import { t } from "./texts.js";

/** @typedef {import("./store.js").Chat} Chat */

export class Errands {
  /** @param {import("./world.js").World} world @param {import("./deeds.js").Deeds} deeds @param {(chatId: number) => void} go */
  constructor(world, deeds, go) {
    this.world = world;
    this.deeds = deeds;
    this.go = go;
  }

  /** Presses start in the chat with the bot, as a link to it does. @param {string} payload */
  async startBot(payload) {
    const { ownChat, person } = this.world;
    if (!ownChat) return;
    this.go(ownChat.id);
    if (payload || !lastMessage(ownChat)) await this.deeds.attempt(api.say(ownChat.id, { from: person.id, text: `/start ${payload}`.trim() }));
  }

  /** @param {number} chatId */
  async join(chatId) {
    const { id } = this.world.person;
    if (await this.deeds.attempt(api.setMember(chatId, id, id, "member"))) this.go(chatId);
  }

  /** @param {import("./types.js").Message[]} messages */
  forward(messages) {
    this.#chooseChat(t("forwardTo"), (chat) => this.deeds.forward(messages, chat));
  }

  /** Begins words here, or in a chat to be chosen. @param {string} words @param {boolean} here @param {(words: string) => void} insert */
  begin(words, here, insert) {
    if (here) return insert(words);
    this.#chooseChat(t("chooseChat"), (chat) => {
      this.go(chat.id);
      // After the address has changed what is shown.
      window.addEventListener("hashchange", () => setTimeout(() => insert(words)), { once: true });
    });
  }

  /** @param {string} title @param {(chat: Chat) => void} onChoose */
  #chooseChat(title, onChoose) {
    const chats = [...this.world.chats.values()].filter((chat) => mayWrite({ ...chat, thread: 0 }));
    const choices = chats.map((chat) => ({ name: String(chat.id), label: chat.title, mark: disc(chat) }));
    choose({ title, name: "choose-chat" }, choices, (name) => onChoose(/** @type {Chat} */ (this.world.chats.get(Number(name)))));
  }
}
