// @ts-check
/** The command menu above the composer. */

import { el, find } from "./dom.js";
import { Listbox } from "./listbox.js";

/** @typedef {{command: string, description: string}} Command */

export class CommandMenu {
  /**
   * @param {HTMLTextAreaElement} input
   * @param {{load: () => Promise<Command[]>, onSend: (command: string) => void, onComplete: (text: string) => void}} actions
   */
  constructor(input, actions) {
    this.input = input;
    this.actions = actions;
    this.request = 0;
    const button = find("#menu-button");
    this.list = new Listbox(find("#command-menu"), input, (open) => button.setAttribute("aria-expanded", String(open)));
    button.addEventListener("mousedown", (/** @type {Event} */ event) => event.preventDefault());
    button.addEventListener("click", () => this.#toggle());
    input.addEventListener("blur", () => this.close());
  }

  /** Opens, narrows or closes the menu for what has been typed. @param {string} text */
  async follow(text) {
    const typed = /^\/(\w*)$/.exec(text);
    if (!typed) return this.close();
    return this.open(typed[1].toLowerCase());
  }

  /** @param {string} prefix which commands must begin with it */
  async open(prefix) {
    const request = ++this.request;
    const all = await this.actions.load().catch(() => []);
    // A newer keystroke, or Escape, came in between.
    if (request !== this.request) return;
    const found = all.filter(({ command }) => command.startsWith(prefix));
    // A command typed in full is meant, even where a longer one stands before it.
    this.list.show(found.map((command) => this.#choice(command)), Math.max(0, found.findIndex(({ command }) => command === prefix)));
  }

  close() {
    this.request += 1;
    this.list.close();
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the menu used the key */
  handleKey(event) {
    return this.list.handleKey(event);
  }

  #toggle() {
    const { isOpen } = this.list;
    this.input.focus();
    if (isOpen) this.close();
    else void this.open("");
  }

  /** @param {Command} command @returns {import("./listbox.js").Choice} */
  #choice({ command, description }) {
    const then = (/** @type {(text: string) => void} */ act, /** @type {string} */ text) => () => {
      this.close();
      act(text);
    };
    return {
      id: `option-${command}`, hook: `command-${command}`,
      content: [el("b", {}, `/${command}`), el("span", {}, description)],
      choose: then(this.actions.onSend, `/${command}`),
      complete: then(this.actions.onComplete, `/${command} `),
    };
  }
}
