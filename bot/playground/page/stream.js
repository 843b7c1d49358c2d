// @ts-check
/** The live connection: server-sent events over all chats, taken up again where they broke off. */

const TYPES = ["message", "edit", "delete", "draft", "action", "reaction", "poll", "chat", "callback_answer", "inline_answer"];
const RETRY_MS = 1000;

/** @typedef {import("./types.js").ChatEvent} ChatEvent */

export class Stream {
  /**
   * Opens the connection. The browser itself reconnects with Last-Event-ID; where it gives up, this does.
   * @param {number} after the number of the last event already known
   * @param {{onEvent: (event: ChatEvent) => void, onLost: () => void, onBack: () => void}} listeners
   */
  constructor(after, listeners) {
    this.last = after;
    this.listeners = listeners;
    this.lost = false;
    this.#connect();
  }

  close() {
    clearTimeout(this.retry);
    this.source?.close();
  }

  #connect() {
    this.source = new EventSource(`/api/events?after=${this.last}`);
    this.source.addEventListener("open", () => this.#opened());
    this.source.addEventListener("error", () => this.#failed());
    for (const type of TYPES) this.source.addEventListener(type, (event) => this.#received(/** @type {MessageEvent} */ (event)));
  }

  /** @param {MessageEvent} event */
  #received(event) {
    const data = JSON.parse(event.data);
    this.last = data.seq;
    this.listeners.onEvent(data);
  }

  #opened() {
    if (!this.lost) return;
    this.lost = false;
    this.listeners.onBack();
  }

  #failed() {
    if (!this.lost) this.listeners.onLost();
    this.lost = true;
    if (this.source?.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.#connect(), RETRY_MS);
  }
}
