// @ts-check
/** The command menu above the composer: a list that the keyboard drives while the text keeps the focus. */

import { el, find } from "./dom.js";

/** @typedef {{command: string, description: string}} Command */

export class CommandMenu {
  /**
   * @param {HTMLTextAreaElement} input
   * @param {{load: () => Promise<Command[]>, onSend: (command: string) => void, onComplete: (text: string) => void}} actions
   */
  constructor(input, actions) {
    this.input = input;
    this.actions = actions;
    this.list = find("#command-menu");
    this.button = find("#menu-button");
    /** @type {Command[]} */
    this.found = [];
    this.selected = 0;
    this.request = 0;
    this.button.addEventListener("mousedown", (/** @type {Event} */ event) => event.preventDefault());
    this.button.addEventListener("click", () => this.#toggle());
    input.addEventListener("blur", () => this.close());
  }

  get isOpen() {
    return !this.list.hidden;
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
    this.found = all.filter(({ command }) => command.startsWith(prefix));
    // A command typed in full is meant, even where a longer one stands before it.
    this.selected = Math.max(0, this.found.findIndex(({ command }) => command === prefix));
    this.#render();
  }

  close() {
    this.request += 1;
    this.found = [];
    this.#render();
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the menu used the key */
  handleKey(event) {
    const act = this.isOpen && !event.shiftKey && !event.isComposing ? this.#keys()[event.key] : undefined;
    if (!act) return false;
    event.preventDefault();
    act();
    return true;
  }

  /** @returns {Record<string, () => void>} */
  #keys() {
    const { command } = this.found[this.selected];
    return {
      ArrowDown: () => this.#select(this.selected + 1),
      ArrowUp: () => this.#select(this.selected - 1),
      Enter: () => this.#send(command),
      Tab: () => this.#complete(command),
      Escape: () => this.close(),
    };
  }

  #toggle() {
    this.input.focus();
    if (this.isOpen) this.close();
    else void this.open("");
  }

  /** @param {string} command */
  #send(command) {
    this.close();
    this.actions.onSend(`/${command}`);
  }

  /** @param {string} command */
  #complete(command) {
    this.close();
    this.actions.onComplete(`/${command} `);
  }

  /** @param {number} index */
  #select(index) {
    this.selected = (index + this.found.length) % this.found.length;
    this.#render();
    this.list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  #render() {
    this.list.hidden = this.found.length === 0;
    this.list.replaceChildren(...this.found.map((command, index) => this.#option(command, index)));
    this.button.setAttribute("aria-expanded", String(this.isOpen));
    const active = this.found[this.selected];
    if (active) this.input.setAttribute("aria-activedescendant", optionId(active));
    else this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {Command} command @param {number} index */
  #option(command, index) {
    return el("li", {
      id: optionId(command), role: "option", "aria-selected": String(index === this.selected),
      "data-testid": `command-${command.command}`,
      // The text keeps the focus, so that blur does not close the menu before the click arrives.
      onmousedown: (/** @type {Event} */ event) => event.preventDefault(),
      onclick: () => this.#send(command.command),
    }, el("b", {}, `/${command.command}`), el("span", {}, command.description));
  }
}

/** @param {Command} command */
const optionId = ({ command }) => `option-${command}`;
