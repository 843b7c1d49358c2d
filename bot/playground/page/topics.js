// @ts-check
/** The topics of a forum, in a strip above its messages. */

import { ask } from "./dialog.js";
import { el, find, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { isAdmin } from "./rights.js";
import { unreadByThread } from "./store.js";
import { t } from "./texts.js";

/**
 * @typedef {import("./store.js").Chat} Chat
 * @typedef {import("./types.js").Topic} Topic
 * @typedef {{onTopic: (thread: number) => void, onCreate: (name: string) => void, onChange: (thread: number, changes: {name?: string, closed?: boolean}) => void}} TopicActions
 */

const NAME_LENGTH = 128;

export class Topics {
  /** @param {TopicActions} actions */
  constructor(actions) {
    this.strip = find("#topics");
    this.actions = actions;
    this.shows = "";
  }

  /** @param {Chat | undefined} chat */
  render(chat) {
    this.strip.hidden = !chat?.is_forum;
    if (!chat?.is_forum) return;
    const unread = unreadByThread(chat, chat.viewer);
    const shows = JSON.stringify([chat.id, chat.viewer, chat.thread, chat.topics, [...unread], isAdmin(chat, chat.viewer), t("allTopics")]);
    if (shows === this.shows) return;
    this.shows = shows;
    const focused = this.strip.contains(document.activeElement) ? document.activeElement?.getAttribute("data-focus") : null;
    this.strip.replaceChildren(...this.#pills(chat, unread));
    if (focused) this.strip.querySelector(`[data-focus="${focused}"]`)?.focus();
    this.strip.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {Chat} chat @param {Map<number, number>} unread */
  #pills(chat, unread) {
    const topics = (chat.topics ?? []).filter((topic) => !topic.hidden);
    const chosen = topics.find((topic) => topic.message_thread_id === chat.thread);
    const create = el("button", { type: "button", class: "icon-button", "aria-label": t("newTopic"), title: t("newTopic"), "data-testid": "topic-new", "data-focus": "new", onclick: () => this.#create() }, icon("plus"));
    return [
      el("ul", {}, el("li", {}, this.#pill(chat, 0, t("allTopics"))), ...topics.map((topic) => el("li", {}, this.#pill(chat, topic.message_thread_id, topic.name, topic, unread.get(topic.message_thread_id))))),
      chosen && isAdmin(chat, chat.viewer) ? this.#menuButton(chosen) : "",
      create,
    ];
  }

  /** @param {Chat} chat @param {number} thread @param {string} name @param {Topic} [topic] @param {number} [unread] */
  #pill(chat, thread, name, topic, unread = 0) {
    const dot = el("i", { class: "topic-dot" });
    if (topic) dot.style.background = `#${topic.icon_color.toString(16).padStart(6, "0")}`;
    return el("button", {
      type: "button", class: "topic", "aria-current": chat.thread === thread ? "true" : null, "data-testid": `topic-${thread}`, "data-focus": `topic-${thread}`,
      onclick: () => this.actions.onTopic(thread),
    },
    topic && (topic.closed ? icon("lock") : dot), el("span", {}, name),
    topic?.closed && el("span", { class: "visually-hidden" }, `(${t("closed")})`),
    unread > 0 && el("span", { class: "unread", "aria-hidden": "true" }, String(unread)),
    unread > 0 && el("span", { class: "visually-hidden" }, t("unread", { count: unread })));
  }

  /** @param {Topic} topic */
  #menuButton(topic) {
    const { message_thread_id: thread, name, closed } = topic;
    const button = el("button", { type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-label": t("topicMenu", { topic: name }), title: t("topicMenu", { topic: name }), "data-testid": "topic-menu", "data-focus": "menu" }, icon("more"));
    button.addEventListener("click", () => openMenu(button, [
      { label: t("rename"), drawing: "edit", name: "topic-rename", act: () => this.#rename(topic) },
      { label: t(closed ? "reopenTopic" : "closeTopic"), drawing: "lock", name: "topic-close", act: () => this.actions.onChange(thread, { closed: !closed }) },
    ]));
    return button;
  }

  #create() {
    ask({ title: t("newTopic"), label: t("topicName"), accept: t("create"), maxlength: NAME_LENGTH }, this.actions.onCreate);
  }

  /** @param {Topic} topic */
  #rename({ message_thread_id: thread, name: value }) {
    ask({ title: t("rename"), label: t("topicName"), value, accept: t("save"), maxlength: NAME_LENGTH }, (name) => this.actions.onChange(thread, { name }));
  }
}
