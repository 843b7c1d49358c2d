// @ts-check
/** Files on their way into a message: picked, dropped or pasted, each with how it is to be sent. */

import { el, find, icon } from "./dom.js";
import { size, t } from "./texts.js";

/**
 * @typedef {"photo" | "document" | "voice" | "audio" | "video" | "animation"} Kind
 * @typedef {{file: File, as: Kind}} Attached
 */

// As the server, and the most that Telegram lets a bot download.
const MAX_BYTES = 20 * 1024 * 1024;

/** @param {File} file @returns {Kind[]} how it may be sent, the likeliest first */
function kindsOf({ type }) {
  if (type === "image/gif") return ["animation", "photo", "document"];
  if (type.startsWith("image/")) return ["photo", "document"];
  if (type === "audio/ogg") return ["voice", "audio", "document"];
  if (type.startsWith("audio/")) return ["audio", "voice", "document"];
  return type.startsWith("video/") ? ["video", "animation", "document"] : ["document"];
}

/** Whether a file is not too large to be sent. @param {File} file */
export const fits = ({ size: bytes }) => bytes <= MAX_BYTES;

/** @param {File} file @returns {Attached} */
export const attach = (file) => ({ file, as: kindsOf(file)[0] });

export class Attachments {
  /** @param {{onFiles: (files: FileList) => void, onRemove: (attached: Attached) => void}} actions */
  constructor(actions) {
    this.bar = find("#file-bar");
    this.picker = find("#attach");
    this.actions = actions;
    this.picker.addEventListener("change", () => {
      actions.onFiles(this.picker.files);
      this.picker.value = "";
    });
    find("#composer-text").addEventListener("paste", (/** @type {ClipboardEvent} */ event) => this.#pasted(event));
    this.#listenForDrops(find("#conversation"));
  }

  /** Has the browser ask for files. */
  pick() {
    this.picker.click();
  }

  /** @param {Attached[]} files */
  render(files) {
    this.bar.hidden = !files.length;
    this.bar.replaceChildren(...files.map((attached) => this.#item(attached)));
  }

  /** @param {Attached} attached */
  #item(attached) {
    const { file } = attached;
    const label = t("removeFile", { name: file.name });
    return el("li", {}, icon("file"), el("span", { class: "file-name" }, file.name), this.#kindChoice(attached), el("span", { class: "file-size" }, size(file.size)),
      el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick: () => this.actions.onRemove(attached) }, icon("close")));
  }

  /** @param {Attached} attached */
  #kindChoice(attached) {
    const kinds = kindsOf(attached.file);
    if (kinds.length < 2) return null;
    const choice = el("select", { class: "kind", "aria-label": t("sendAs", { name: attached.file.name }), "data-testid": "send-as" },
      ...kinds.map((kind) => el("option", { value: kind }, t(KIND_TEXTS[kind]))));
    choice.value = attached.as;
    choice.addEventListener("change", () => {
      attached.as = choice.value;
    });
    return choice;
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
      if (event.dataTransfer?.files.length) this.actions.onFiles(event.dataTransfer.files);
    });
  }

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    this.actions.onFiles(event.clipboardData.files);
  }
}

const KIND_TEXTS = /** @type {const} */ ({
  photo: "pictureShort", document: "asFile", voice: "voice", audio: "audio", video: "video", animation: "animation",
});
