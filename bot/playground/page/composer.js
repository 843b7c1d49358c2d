// @ts-check
/** Where a person writes: text, files, the message replied to, and the stop button. */

import { CommandMenu } from "./commands.js";
import { el, find, icon } from "./dom.js";
import { senderName, snippet } from "./people.js";
import { size, t } from "./texts.js";

/**
 * @typedef {import("./api.js").Message} Message
 * @typedef {{text: string, replyTo: Message | null, files: File[]}} Note what is being written in one chat
 */

export class Composer {
  /**
   * @param {{onSend: (note: Note) => void, onStop: () => void, loadCommands: () => Promise<import("./commands.js").Command[]>}} actions
   */
  constructor(actions) {
    this.actions = actions;
    this.form = find("#composer");
    this.input = find("#composer-text");
    this.replyBar = find("#reply-bar");
    this.fileBar = find("#file-bar");
    this.stop = find("#stop");
    /** @type {Map<string, Note>} */
    this.notes = new Map();
    /** @type {Note} */
    this.note = { text: "", replyTo: null, files: [] };
    this.viewer = 0;
    this.menu = new CommandMenu(this.input, {
      load: actions.loadCommands,
      onSend: (text) => this.#sendCommand(text),
      onComplete: (text) => this.insert(text, true),
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
    this.input.addEventListener("paste", (/** @type {ClipboardEvent} */ event) => this.#pasted(event));
    this.stop.addEventListener("click", () => this.actions.onStop());
    const picker = find("#attach");
    picker.addEventListener("change", () => {
      this.addFiles(picker.files);
      picker.value = "";
    });
    this.#listenForDrops(find("#conversation"));
  }

  /** @param {HTMLElement} area */
  #listenForDrops(area) {
    const lit = (/** @type {boolean} */ on) => area.classList.toggle("dropping", on);
    area.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      lit(true);
    });
    area.addEventListener("dragleave", (event) => {
      if (!area.contains(/** @type {Node | null} */ (event.relatedTarget))) lit(false);
    });
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      lit(false);
      this.addFiles(event.dataTransfer?.files);
    });
  }

  /** Takes up what this person had begun to write in this chat. @param {number} chatId @param {number} viewer */
  show(chatId, viewer) {
    const key = `${viewer}:${chatId}`;
    if (!this.notes.has(key)) this.notes.set(key, { text: "", replyTo: null, files: [] });
    this.note = /** @type {Note} */ (this.notes.get(key));
    this.viewer = viewer;
    this.menu.close();
    this.render();
  }

  /** @param {boolean} busy whether there is something to stop */
  renderStop(busy) {
    if (!busy && document.activeElement === this.stop) this.input.focus();
    this.stop.hidden = !busy;
  }

  render() {
    if (this.input.value !== this.note.text) this.input.value = this.note.text;
    this.#renderReply();
    this.#renderFiles();
    this.#renderSend();
    this.#fit();
  }

  focus() {
    this.input.focus();
  }

  /** @param {Message} message */
  replyTo(message) {
    this.note.replyTo = message;
    this.render();
    this.focus();
  }

  /** Puts words at the cursor, or in place of all. @param {string} words @param {boolean} [replace] */
  insert(words, replace = false) {
    this.focus();
    if (replace) this.input.select();
    this.input.setRangeText(words, this.input.selectionStart, this.input.selectionEnd, "end");
    this.note.text = this.input.value;
    this.render();
  }

  /** Gives back what could not be sent, unless something new was begun. @param {Note} note @param {Note} target */
  restore(note, target) {
    if (!target.text && !target.files.length) Object.assign(target, note);
    this.render();
  }

  /** @param {FileList | null | undefined} files */
  addFiles(files) {
    if (!files?.length) return;
    this.note.files = [...this.note.files, ...files];
    this.render();
    this.focus();
  }

  #submit() {
    const { text, replyTo, files } = this.note;
    if (!text.trim() && !files.length) return;
    Object.assign(this.note, { text: "", replyTo: null, files: [] });
    this.menu.close();
    this.render();
    this.focus();
    this.actions.onSend({ text: text.trim(), replyTo, files });
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
    void this.menu.follow(this.note.text);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.menu.handleKey(event)) return;
    if (event.key === "Escape" && this.note.replyTo) {
      this.note.replyTo = null;
      this.render();
    }
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    this.addFiles(event.clipboardData.files);
  }

  #renderReply() {
    const original = this.note.replyTo;
    this.replyBar.hidden = !original;
    if (!original) return;
    const cancel = this.#closeButton(t("cancelReply"), () => {
      this.note.replyTo = null;
    });
    this.replyBar.replaceChildren(icon("reply"), el("div", {},
      el("b", {}, t("replyingTo", { name: senderName(original, this.viewer) })), el("span", {}, snippet(original))), cancel);
  }

  #renderFiles() {
    this.fileBar.hidden = !this.note.files.length;
    this.fileBar.replaceChildren(...this.note.files.map((file) => el("li", {},
      icon("file"), el("span", { class: "file-name" }, file.name), el("span", { class: "file-size" }, size(file.size)),
      this.#closeButton(t("removeFile", { name: file.name }), () => {
        this.note.files = this.note.files.filter((other) => other !== file);
      }))));
  }

  /** @param {string} label @param {() => void} act */
  #closeButton(label, act) {
    const onclick = () => {
      act();
      this.render();
      this.focus();
    };
    return el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick }, icon("close"));
  }

  #renderSend() {
    this.form.classList.toggle("ready", this.note.text.trim() !== "" || this.note.files.length > 0);
  }

  /** As tall as its text; the style sheet sets the limits. */
  #fit() {
    this.input.style.height = "";
    // Nothing can be measured on a screen that does not show.
    if (this.input.scrollHeight) this.input.style.height = `${this.input.scrollHeight}px`;
  }
}
