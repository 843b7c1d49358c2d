// @ts-check
/** The drawer about a chat: who is in it, as what, and what can be changed. */

import { openDialog } from "./dialog.js";
import { el, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { disc, isTertulia } from "./people.js";
import { isAdmin } from "./rights.js";
import { t } from "./texts.js";

/**
 * @typedef {import("./types.js").Person} Person
 * @typedef {import("./store.js").Chat} Chat
 * @typedef {{onMember: (user: number, status: string) => void, onMigrate: () => void}} InfoActions
 */

export const BOT_ID = 7000;
const KINDS = /** @type {const} */ ({ private: "bot", group: "group", supergroup: "supergroup", channel: "channel" });
const IN_CHAT = new Set(["member", "administrator"]);

export class ChatInfo {
  /** @param {InfoActions} actions */
  constructor(actions) {
    this.actions = actions;
    /** @type {HTMLDialogElement | null} */
    this.dialog = null;
    this.body = el("div", { class: "chat-info" });
    this.shows = "";
  }

  /** @param {Chat} chat @param {Person[]} people @param {string} botName */
  open(chat, people, botName) {
    this.shows = "";
    this.chatId = chat.id;
    this.dialog = openDialog({ title: t("chatInfo"), name: "chat-info-panel", drawer: true, onClose: () => {
      this.dialog = null;
    } }, this.body);
    this.render(chat, people, botName);
  }

  /** Draws it again while it is open; another chat, as when one left this one, closes it. @param {Chat | undefined} chat @param {Person[]} people @param {string} botName */
  render(chat, people, botName) {
    if (!this.dialog || !chat) return this.dialog?.close();
    if (chat.id !== this.chatId) return this.dialog.close();
    const shows = JSON.stringify([chat.id, chat.type, chat.title, chat.members, chat.owner, chat.admins, chat.bot, chat.migrated_to, chat.description, people, t("membersTitle")]);
    if (shows === this.shows) return;
    this.shows = shows;
    const focused = this.body.contains(document.activeElement) ? document.activeElement?.getAttribute("data-focus") : null;
    this.body.replaceChildren(...this.#content(chat, people, botName));
    if (focused) (this.body.querySelector(`[data-focus="${focused}"]`) ?? this.body.querySelector("button"))?.focus();
  }

  /** @param {Chat} chat @param {Person[]} people @param {string} botName */
  #content(chat, people, botName) {
    const kind = chat.is_forum ? "forum" : KINDS[/** @type {keyof typeof KINDS} */ (chat.type)];
    const words = kind === "bot" && !isTertulia(chat.title) ? t("anyBot") : t(kind);
    const head = el("div", { class: "info-head" }, disc(chat), el("b", {}, chat.title), el("span", {}, chat.username ? `@${chat.username}` : words),
      chat.description && el("p", {}, chat.description));
    if (chat.type === "private") return [head, this.#block(chat)];
    const members = people.filter(({ id }) => chat.members.includes(id));
    const admin = isAdmin(chat, chat.viewer) && !chat.migrated_to;
    const absent = admin ? people.filter(({ id }) => !chat.members.includes(id)) : [];
    return [
      head,
      el("h3", {}, t("membersTitle")),
      el("ul", { class: "members" }, ...members.map((person) => this.#member(chat, person, admin)), this.#bot(chat, botName, admin)),
      absent.length > 0 && this.#adding(absent),
      !chat.migrated_to && el("div", { class: "info-actions" },
        admin && chat.type === "group" && this.#action("migrate", t("migrate"), () => this.actions.onMigrate()),
        chat.owner !== chat.viewer && this.#action("leave", t("leave"), () => this.actions.onMember(chat.viewer, "left"), "danger")),
    ].filter((node) => node !== false);
  }

  /** @param {Chat} chat @param {Person} person @param {boolean} admin whether who looks may change anything */
  #member(chat, person, admin) {
    const role = person.id === chat.owner ? "owner" : isAdmin(chat, person.id) ? "admin" : "member";
    const changeable = admin && role !== "owner" && person.id !== chat.viewer;
    const name = person.id === chat.viewer ? `${person.first_name} (${t("meBeside")})` : person.first_name;
    return this.#row(person, name, t(role), person.id, changeable ? this.#memberItems(chat, person.id, role) : []);
  }

  /** @param {Chat} chat @param {number} id @param {string} role @returns {import("./menu.js").Item[]} */
  #memberItems(chat, id, role) {
    const become = (/** @type {string} */ status) => () => this.actions.onMember(id, status);
    return [
      role === "admin" ? { label: t("demote"), name: "member-demote", act: become("member") } : { label: t("promote"), name: "member-promote", act: become("administrator") },
      { label: t("removeMember"), name: "member-remove", danger: true, act: become("kicked") },
    ];
  }

  /** @param {Chat} chat @param {string} botName @param {boolean} admin */
  #bot(chat, botName, admin) {
    const status = chat.bot ?? "member";
    const present = IN_CHAT.has(status);
    const become = (/** @type {string} */ next) => () => this.actions.onMember(BOT_ID, next);
    /** @type {import("./menu.js").Item[]} */
    const items = present
      ? this.#memberItems(chat, BOT_ID, status === "administrator" ? "admin" : "member")
      : [{ label: t("addBot"), name: "member-add", act: become(chat.type === "channel" ? "administrator" : "member") }];
    const words = { member: "botMember", administrator: "botAdmin", left: "botLeft", kicked: "botKicked" }[status] ?? "botMember";
    return this.#row({ id: BOT_ID, first_name: botName, is_bot: true }, botName, t(/** @type {any} */ (words)), BOT_ID, admin ? items : []);
  }

  /** @param {Person} who @param {string} name @param {string} role @param {number} id @param {import("./menu.js").Item[]} items */
  #row(who, name, role, id, items) {
    const label = t("memberMenu", { name: who.first_name });
    const more = el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, "aria-haspopup": "menu", "data-testid": `member-menu-${id}`, "data-focus": `member-${id}`, onclick: () => openMenu(more, items) }, icon("more"));
    return el("li", { "data-testid": `member-${id}` }, disc(who), el("span", { class: "member-name" }, el("b", {}, name), el("span", {}, role)), items.length > 0 && more);
  }

  /** @param {Person[]} absent */
  #adding(absent) {
    const add = el("button", { type: "button", class: "quiet wide", "aria-haspopup": "menu", "data-testid": "add-member", "data-focus": "add" }, icon("plus"), t("addMember"));
    add.setAttribute("aria-label", t("addMember"));
    add.addEventListener("click", () => openMenu(add, absent.map(({ id, first_name: label }) => ({ label, name: `add-${id}`, act: () => this.actions.onMember(id, "member") }))));
    return add;
  }

  /** @param {Chat} chat */
  #block(chat) {
    const blocked = chat.bot === "kicked";
    return el("div", { class: "info-actions" }, blocked
      ? this.#action("unblock", t("unblock"), () => this.actions.onMember(BOT_ID, "member"))
      : this.#action("block", t("block"), () => this.actions.onMember(BOT_ID, "kicked"), "danger"));
  }

  /** @param {string} name @param {string} label @param {() => void} act @param {string} [kind] */
  #action(name, label, act, kind = "") {
    return el("button", { type: "button", class: `quiet wide ${kind}`, "data-testid": name, "data-focus": "action", onclick: act }, label);
  }
}
