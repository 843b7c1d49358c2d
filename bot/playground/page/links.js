// @ts-check
/** Links to the bot stay inside the page: they press start in the chat with it, as Telegram's clients do. */

/** @param {string} address @param {string} username the bot's @returns {string | null} the payload, empty if there is none; null if it leads elsewhere */
function startPayload(address, username) {
  try {
    const url = new URL(address);
    const short = url.protocol === "tg:" && url.host === "resolve";
    const name = short ? url.searchParams.get("domain") : ["t.me", "telegram.me"].includes(url.host) ? url.pathname.slice(1) : null;
    if (name?.toLowerCase() !== username.toLowerCase()) return null;
    return url.searchParams.get("start") ?? "";
  } catch {
    return null;
  }
}

/** @param {() => string} username @param {(payload: string) => void} onStart */
export function followLinks(username, onStart) {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const payload = link && startPayload(/** @type {HTMLAnchorElement} */ (link).href, username());
    if (payload === null) return;
    event.preventDefault();
    link?.closest("dialog")?.close();
    onStart(payload);
  });
}
