// @ts-check
/** What stands around the conversation: who looks, language, theme, title, and what the browser remembers. */

import { el, find, icon } from "./dom.js";
import { disc, isTertulia } from "./people.js";
import { obstacle } from "./rights.js";
import { language, t } from "./texts.js";

/**
 * @typedef {import("./types.js").Person} Person
 * @typedef {import("./store.js").Chat} Chat
 * @typedef {import("./texts.js").Language} Language
 */

const PREFIX = "tertulia:";

export class Frame {
  /**
   * @param {{onPerson: (id: number) => void, onLanguage: (language: Language) => void, onBack: () => void, onInfo: () => void,
   *   onSettings: () => void, onUnblock: () => void, onChat: (id: number) => void}} actions
   */
  constructor(actions) {
    this.actions = actions;
    this.house = find("#house");
    this.people = find("#person-switch");
    this.theme = find("#theme-toggle");
    this.wide = matchMedia("(min-width: 761px)");
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.online = true;
    this.obstacleShows = "";
    for (const node of document.querySelectorAll("[data-icon]")) node.prepend(icon(/** @type {any} */ (node.getAttribute("data-icon"))));
    this.people.addEventListener("change", () => actions.onPerson(Number(this.people.value)));
    find("#back").addEventListener("click", actions.onBack);
    find("#chat-info").addEventListener("click", actions.onInfo);
    find("#settings-button").addEventListener("click", actions.onSettings);
    this.theme.addEventListener("click", () => this.#toggleTheme());
    this.dark.addEventListener("change", () => this.#renderTheme());
    for (const button of this.#languageButtons()) button.addEventListener("click", () => actions.onLanguage(button.lang));
    this.#renderTheme();
  }

  isWide() {
    return this.wide.matches;
  }

  rememberedPerson() {
    return this.recall("person");
  }

  /** Kept on this device only; a browser that keeps nothing is fine too. @param {string} name @param {string | number} value */
  remember(name, value) {
    try {
      localStorage.setItem(PREFIX + name, String(value));
    } catch {
      // Private windows may refuse.
    }
  }

  /** @param {Chat} chat what was read in it, and in each of its topics */
  rememberReading(chat) {
    this.remember(`read:${chat.viewer}:${chat.id}`, JSON.stringify([...chat.read]));
  }

  /** Takes up how far a person had read; a number from another world counts as nothing. @param {Chat} chat @param {number} newest */
  recallReading(chat, newest) {
    try {
      const kept = JSON.parse(this.#recallText(`read:${chat.viewer}:${chat.id}`) ?? "[]");
      chat.read = new Map(kept.filter((/** @type {number[]} */ [, id]) => id <= newest));
    } catch {
      chat.read = new Map();
    }
  }

  /** @param {string} name @returns {number} */
  recall(name) {
    return Number(this.#recallText(name) ?? 0);
  }

  /** @param {string} name */
  #recallText(name) {
    try {
      return localStorage.getItem(PREFIX + name);
    } catch {
      return null;
    }
  }

  renderTexts() {
    document.documentElement.lang = language();
    for (const node of document.querySelectorAll("[data-text]")) node.textContent = t(/** @type {any} */ (node.getAttribute("data-text")));
    for (const node of document.querySelectorAll("[data-label]")) {
      const words = t(/** @type {any} */ (node.getAttribute("data-label")));
      node.setAttribute("aria-label", words);
      if (node.matches("button, label")) node.setAttribute("title", words);
    }
    find("#conversation").setAttribute("data-drop", t("dropHere"));
    for (const button of this.#languageButtons()) button.setAttribute("aria-pressed", String(button.lang === language()));
    this.renderConnection(this.online);
  }

  /** @param {boolean} online */
  renderConnection(online) {
    this.online = online;
    const bar = find("#connection");
    bar.hidden = online;
    bar.textContent = online ? "" : t("reconnecting");
  }

  /** @param {Person[]} people @param {Person} person */
  renderPeople(people, person) {
    this.people.replaceChildren(...people.map(({ id, first_name: name }) => el("option", { value: id }, name)));
    this.people.value = String(person.id);
    find("#you-disc").replaceChildren(disc(person));
    this.remember("person", person.id);
  }

  /** @param {Chat | undefined} chat @param {Person[]} people */
  renderChat(chat, people) {
    this.house.dataset.screen = chat ? "chat" : "list";
    find("#conversation").classList.toggle("none", !chat);
    find("#chat-info").hidden = !chat;
    find("#chat-title").textContent = chat?.title ?? t("choose");
    find("#chat-subtitle").textContent = chat ? subtitle(chat, people) : "";
    find("#chat-disc").replaceChildren(...(chat ? [disc(chat)] : []));
  }

  /** Shows the composer, or why one cannot write here. @param {Chat} chat */
  renderObstacle(chat) {
    const why = obstacle(chat);
    const bar = find("#obstacle");
    find("#composer").hidden = why !== null;
    bar.hidden = why === null;
    const shows = JSON.stringify([why, chat.id, t("close")]);
    if (!why || shows === this.obstacleShows) return;
    this.obstacleShows = shows;
    bar.replaceChildren(el("span", {}, t(OBSTACLES[why])), this.#wayOut(why, chat) ?? "");
  }

  /** @param {import("./rights.js").Obstacle} why @param {Chat} chat */
  #wayOut(why, chat) {
    const button = (/** @type {string} */ name, /** @type {string} */ words, /** @type {() => void} */ act) =>
      el("button", { type: "button", class: "quiet", "data-testid": name, onclick: act }, words);
    if (why === "blocked") return button("unblock-here", t("unblock"), this.actions.onUnblock);
    return why === "migrated" ? button("go-successor", t("goToSuccessor"), () => this.actions.onChat(chat.migrated_to ?? 0)) : null;
  }

  /** @param {number} unread */
  renderTitle(unread) {
    document.title = (unread ? `(${unread}) ` : "") + "Tertulia";
  }

  /** The keyboard starts where one goes on: in the text, or on a phone, where that would cover half the screen, at the title. */
  focusAfterOpening(/** @type {{focus: () => void}} */ composer) {
    if (this.people === document.activeElement) return;
    if (this.isWide()) composer.focus();
    else if (this.house.dataset.screen === "chat") find("#chat-title").focus();
  }

  /** @returns {any[]} */
  #languageButtons() {
    return [...document.querySelectorAll("#language-switch button")];
  }

  #isDark() {
    return document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : this.dark.matches;
  }

  #toggleTheme() {
    this.remember("theme", this.#isDark() ? "light" : "dark");
    this.#renderTheme();
  }

  #renderTheme() {
    const chosen = this.#recallText("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
    this.theme.setAttribute("aria-pressed", String(this.#isDark()));
    this.theme.replaceChildren(icon(this.#isDark() ? "sun" : "moon"));
  }
}

const OBSTACLES = /** @type {const} */ ({ blocked: "isBlocked", migrated: "isMigrated", channel: "onlyAdmins", closed: "isClosed" });

/** @param {Chat} chat @param {Person[]} people */
function subtitle(chat, people) {
  if (chat.type === "private") return t(isTertulia(chat.title) ? "bot" : "anyBot");
  if (chat.type === "channel") return t("subscribers", { count: chat.members.length });
  const names = people.filter(({ id }) => chat.members.includes(id)).map((person) => person.first_name);
  const shown = (names.length > 6 ? [...names.slice(0, 6), "…"] : names).join(", ");
  return t(chat.bot === "left" || chat.bot === "kicked" ? "membersAlone" : "members", { names: shown });
}
