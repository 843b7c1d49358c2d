// @ts-check
/** Where a person writes: text, files, the message replied to or changed, and the stop button. */

import { attach, Attachments, fits } from "./attachments.js";
import { CommandMenu } from "./commands.js";
import { el, find, icon } from "./dom.js";
import { Inline } from "./inline.js";
import { openMenu } from "./menu.js";
import { senderName, snippet } from "./people.js";
import { t } from "./texts.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {{text: string, replyTo: Message | null, editing: Message | null, files: import("./attachments.js").Attached[],
 *   anonymous: boolean}} Note what is being written in one chat, or one topic of it
 * @typedef {{onSend: (note: Note) => void, onStop: () => void, onEditLast: () => Message | undefined,
 *   loadCommands: () => Promise<import("./commands.js").Command[]>, extras: () => import("./menu.js").Item[],
 *   onProblem: (error: unknown) => void, onNotice: (words: string) => void, onStart: (payload: string) => void}} ComposerActions
 */

/** @returns {Note} */
export const newNote = () => ({ text: "", replyTo: null, editing: null, files: [], anonymous: false });

/** Whether there is anything to send; a caption, unlike a text, may become empty. @param {Note} note */
const isSomething = ({ text, files, editing }) => text.trim() !== "" || files.length > 0 || (editing !== null && editing.text === undefined);

export class Composer {
  /** @param {ComposerActions} actions */
  constructor(actions) {
    this.actions = actions;
    this.form = find("#composer");
    this.input = find("#composer-text");
    this.aboutBar = find("#reply-bar");
    this.stop = find("#stop");
    /** @type {Map<string, Note>} */
    this.notes = new Map();
    this.note = newNote();
    this.place = { chatId: 0, thread: 0, person: 0 };
    this.placeholder = "";
    this.menu = new CommandMenu(this.input, {
      load: actions.loadCommands,
      onSend: (text) => this.#sendCommand(text),
      onComplete: (text) => this.insert(text, true),
    });
    this.inline = new Inline(this.input, {
      onChosen: () => this.#clear(),
      onProblem: actions.onProblem,
      onStart: actions.onStart,
    });
    this.attachments = new Attachments({
      onFiles: (files) => this.addFiles(files),
      onRemove: (attached) => this.#change(() => {
        this.note.files = this.note.files.filter((other) => other !== attached);
      }),
    });
    this.#listen();
  }

  #listen() {
    this.form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
    this.input.addEventListener("input", () => this.#typed());
    this.stop.addEventListener("click", () => this.actions.onStop());
    const more = find("#attach-menu");
    more.addEventListener("click", () => openMenu(more, [
      { label: t("attach"), drawing: "attach", name: "attach-file", act: () => this.attachments.pick() }, ...this.actions.extras(),
    ]));
  }

  /**
   * Takes up what this person had begun to write in this chat and topic.
   * @param {number} chatId
   * @param {number} thread
   * @param {number} person
   * @param {Message} [asked] the message that waits for a reply, if one does
   */
  show(chatId, thread, person, asked) {
    const key = `${person}:${chatId}:${thread}`;
    if (!this.notes.has(key)) this.notes.set(key, newNote());
    this.note = /** @type {Note} */ (this.notes.get(key));
    this.place = { chatId, thread, person };
    if (asked && !this.note.text) this.note.replyTo ??= asked;
    this.menu.close();
    this.inline.close();
    this.render();
  }

  /** @param {boolean} busy whether there is something to stop */
  renderStop(busy) {
    if (!busy && document.activeElement === this.stop) this.input.focus();
    this.stop.hidden = !busy;
  }

  /** @param {string} words what stands in the empty composer; empty for the usual */
  renderPlaceholder(words) {
    this.placeholder = words;
    this.input.placeholder = words || t(this.note.anonymous ? "placeholderAnonymous" : "placeholder");
  }

  render() {
    if (this.input.value !== this.note.text) this.input.value = this.note.text;
    this.#renderAbout();
    this.attachments.render(this.note.files);
    this.renderPlaceholder(this.placeholder);
    this.#renderSend();
    this.#fit();
  }

  focus() {
    this.input.focus();
  }

  /** @param {Message} message */
  replyTo(message) {
    if (this.note.editing) Object.assign(this.note, newNote());
    this.#change(() => {
      this.note.replyTo = message;
    });
  }

  /** @param {Message} message one's own, to be changed */
  edit(message) {
    const text = message.text ?? message.caption ?? "";
    this.#change(() => Object.assign(this.note, newNote(), { text, editing: message }));
    this.input.setSelectionRange(text.length, text.length);
  }

  /** Writes as the group, or again as oneself. */
  toggleAnonymous() {
    this.inline.close();
    this.#change(() => {
      this.note.anonymous = !this.note.anonymous;
    });
  }

  /** Puts words at the cursor, or in place of all. @param {string} words @param {boolean} [replace] */
  insert(words, replace = false) {
    this.focus();
    if (replace) this.input.select();
    this.input.setRangeText(words, this.input.selectionStart, this.input.selectionEnd, "end");
    this.#typed();
    this.render();
  }

  /** Gives back what could not be sent, unless something new was begun. @param {Note} note @param {Note} target */
  restore(note, target) {
    if (!target.text && !target.files.length) Object.assign(target, note);
    this.render();
  }

  /** @param {FileList | null | undefined} files */
  addFiles(files) {
    const [fitting, large] = [[...(files ?? [])].filter(fits), [...(files ?? [])].filter((file) => !fits(file))];
    if (large.length) this.actions.onNotice(t("problemLargeFiles", { names: large.map(({ name }) => name).join(", ") }));
    if (fitting.length) this.#change(() => this.note.files.push(...fitting.map(attach)));
  }

  /** @param {() => void} act something that changes the note */
  #change(act) {
    act();
    this.render();
    this.focus();
  }

  #clear() {
    const { anonymous } = this.note;
    this.#change(() => Object.assign(this.note, newNote(), { anonymous }));
  }

  #submit() {
    const note = { ...this.note, text: this.note.text.trim() };
    if (!isSomething(note)) return;
    this.menu.close();
    this.inline.close();
    this.#clear();
    this.actions.onSend(note);
  }

  /** @param {string} text */
  #sendCommand(text) {
    this.note.text = text;
    this.#submit();
  }

  #typed() {
    this.note.text = this.input.value;
    this.#renderSend();
    this.#fit();
    // What is chosen of the bot's results goes out in one's own name only.
    this.inline.follow(this.note.anonymous ? "" : this.note.text, { ...this.place, replyTo: this.note.replyTo?.message_id });
    void this.menu.follow(this.note.text);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.menu.handleKey(event) || this.inline.handleKey(event)) return;
    if (event.key === "Escape") this.#giveUp();
    if (event.key === "ArrowUp" && !this.note.text && !this.note.files.length) this.#editLast(event);
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  /** No reply, or no change, after all. */
  #giveUp() {
    if (this.note.editing) this.#clear();
    else if (this.note.replyTo) this.#change(() => Object.assign(this.note, { replyTo: null }));
  }

  /** @param {KeyboardEvent} event */
  #editLast(event) {
    const last = this.actions.onEditLast();
    if (!last) return;
    event.preventDefault();
    this.edit(last);
  }

  #renderAbout() {
    const { editing, replyTo } = this.note;
    const message = editing ?? replyTo;
    this.aboutBar.hidden = !message;
    if (!message) return;
    const label = t(editing ? "cancelEdit" : "cancelReply");
    const title = editing ? t("editing") : t("replyingTo", { name: senderName(message, this.place.person) });
    this.aboutBar.replaceChildren(icon(editing ? "edit" : "reply"), el("div", {}, el("b", {}, title), el("span", {}, snippet(message))),
      el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick: () => this.#giveUp() }, icon("close")));
  }

  #renderSend() {
    this.form.classList.toggle("ready", isSomething(this.note));
    this.form.classList.toggle("anonymous", this.note.anonymous);
  }

  /** As tall as its text; the style sheet sets the limits. */
  #fit() {
    const row = this.input.parentElement;
    // The row keeps its height meanwhile, or all messages above would be laid out twice for each key.
    row.style.height = `${row.offsetHeight}px`;
    this.input.style.height = "";
    const height = this.input.scrollHeight;
    // Nothing can be measured on a screen that does not show.
    if (height) this.input.style.height = `${height}px`;
    row.style.height = "";
  }
}
