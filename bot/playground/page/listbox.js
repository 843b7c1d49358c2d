// @ts-check
/** A list above the composer that the keyboard drives while the text keeps the focus. */

import { el } from "./dom.js";

/**
 * @typedef {{id: string, hook: string, content: (Node | string)[], choose: () => void, complete?: () => void}} Choice
 *   `id` is the option's DOM id, `hook` its data-testid
 */

export class Listbox {
  /** @param {HTMLElement} list @param {HTMLTextAreaElement} input @param {(open: boolean) => void} [onToggle] */
  constructor(list, input, onToggle = () => {}) {
    this.list = list;
    this.input = input;
    this.onToggle = onToggle;
    /** @type {Choice[]} */
    this.choices = [];
    this.selected = 0;
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** @param {Choice[]} choices none closes it @param {number} [selected] */
  show(choices, selected = 0) {
    this.choices = choices;
    this.selected = selected;
    this.#render();
  }

  close() {
    if (this.isOpen) this.show([]);
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the list used the key */
  handleKey(event) {
    const act = this.isOpen && !event.shiftKey && !event.isComposing ? this.#keys()[event.key] : undefined;
    if (!act) return false;
    event.preventDefault();
    act();
    return true;
  }

  /** @returns {Record<string, () => void>} */
  #keys() {
    const { choose, complete = choose } = this.choices[this.selected];
    return {
      ArrowDown: () => this.#select(this.selected + 1),
      ArrowUp: () => this.#select(this.selected - 1),
      Enter: choose,
      Tab: complete,
      Escape: () => this.close(),
    };
  }

  /** @param {number} index */
  #select(index) {
    this.selected = (index + this.choices.length) % this.choices.length;
    this.#render();
    this.list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  #render() {
    this.list.hidden = this.choices.length === 0;
    this.list.replaceChildren(...this.choices.map((choice, index) => this.#option(choice, index)));
    const active = this.choices[this.selected];
    if (active) this.input.setAttribute("aria-controls", this.list.id);
    if (active) this.input.setAttribute("aria-activedescendant", active.id);
    else this.input.removeAttribute("aria-activedescendant");
    this.onToggle(this.isOpen);
  }

  /** @param {Choice} choice @param {number} index */
  #option(choice, index) {
    return el("li", {
      id: choice.id, role: "option", "aria-selected": String(index === this.selected), "data-testid": choice.hook,
      // The text keeps the focus, so that blur does not close the list before the click arrives.
      onmousedown: (/** @type {Event} */ event) => event.preventDefault(),
      onclick: choice.choose,
    }, ...choice.content);
  }
}
