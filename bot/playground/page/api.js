// @ts-check
/** The people's side of the playground over HTTP, one function a call. */

/**
 * @typedef {import("./types.js").Person} Person
 * @typedef {import("./types.js").ChatInfo} ChatInfo
 * @typedef {import("./types.js").ChatEvent} ChatEvent
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Topic} Topic
 * @typedef {import("./types.js").Fault} Fault
 * @typedef {import("./types.js").Settings} Settings
 * @typedef {import("./types.js").Said} Said
 */

/** An answer other than success; `message` is the server's own text. */
export class ApiError extends Error {}

/** @param {string} path @param {RequestInit} [options] */
async function request(path, options) {
  const response = await fetch(path, options);
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(body?.error ?? `${response.status} ${response.statusText}`);
  return body;
}

/** @param {string} method @param {string} path @param {object} body */
const sendJson = (method, path, body) =>
  request(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** @param {number} chat @param {number} message */
const at = (chat, message) => `/api/chats/${chat}/messages/${message}`;

/** @returns {Promise<Person[]>} */
export const people = () => request("/api/people");

/** @param {string} first_name @param {string} language_code @returns {Promise<Person>} */
export const addPerson = (first_name, language_code) => sendJson("POST", "/api/people", { first_name, language_code });

/** @param {number} id @param {string} language @returns {Promise<Person>} */
export const setLanguageCode = (id, language) => sendJson("PATCH", `/api/people/${id}`, { language_code: language });

/** @returns {Promise<ChatInfo[]>} */
export const chats = () => request("/api/chats");

/** What happened in a chat after event number `after`, without waiting. @param {number} chat @param {number} after @returns {Promise<ChatEvent[]>} */
export const eventsAfter = async (chat, after) =>
  (await request(`/api/chats/${chat}/events?after=${after}&wait=0`)).events;

/** @param {number} chat @param {number} person @returns {Promise<{command: string, description: string}[]>} */
export const commands = (chat, person) => request(`/api/chats/${chat}/commands?from=${person}`);

/** Says something in a chat as a person: words, a file, a place, a contact, a poll, or what was said elsewhere. @param {number} chat @param {Said} said @returns {Promise<Message>} */
export function say(chat, said) {
  const path = `/api/chats/${chat}/messages`;
  if (!said.file) return sendJson("POST", path, said);
  const form = new FormData();
  for (const [name, value] of Object.entries(said)) {
    if (value !== undefined) form.append(name, value instanceof File ? value : String(value));
  }
  return request(path, { method: "POST", body: form });
}

/** @param {number} chat @param {number} message @param {number} from @param {string} text @returns {Promise<Message>} */
export const edit = (chat, message, from, text) => sendJson("PATCH", at(chat, message), { from, text });

/** @param {number} chat @param {number} message @param {number} from */
export const remove = (chat, message, from) => request(`${at(chat, message)}?from=${from}`, { method: "DELETE" });

/** @param {number} chat @param {number} message @param {number} from @param {number[]} options */
export const vote = (chat, message, from, options) => sendJson("POST", `${at(chat, message)}/votes`, { from, options });

/** @param {number} chat @param {number} message @param {number} from @param {string} emoji empty to take it back */
export const react = (chat, message, from, emoji) => sendJson("POST", `${at(chat, message)}/reactions`, { from, emoji });

/** @param {number} chat @param {number} message @param {number} from @param {string} data @returns {Promise<{callback_query_id: string}>} */
export const tap = (chat, message, from, data) => sendJson("POST", `${at(chat, message)}/taps`, { from, data });

/** @param {number} chat @param {number} user @param {number} from @param {string} status @returns {Promise<ChatInfo>} */
export const setMember = (chat, user, from, status) => sendJson("PUT", `/api/chats/${chat}/members/${user}`, { from, status });

/** @param {number} chat @param {number} from @param {string} name @returns {Promise<Topic>} */
export const addTopic = (chat, from, name) => sendJson("POST", `/api/chats/${chat}/topics`, { from, name });

/** @param {number} chat @param {number} thread @param {{from: number, name?: string, closed?: boolean}} changes @returns {Promise<Topic>} */
export const changeTopic = (chat, thread, changes) => sendJson("PATCH", `/api/chats/${chat}/topics/${thread}`, changes);

/** @param {number} chat_id @returns {Promise<{chat_id: number}>} the supergroup that it became */
export const migrate = (chat_id) => sendJson("POST", "/api/migrate", { chat_id });

/** @param {{from: number, chat_id: number, query: string, offset?: string}} asked @returns {Promise<{inline_query_id: string}>} */
export const askInline = (asked) => sendJson("POST", "/api/inline", asked);

/** @param {string} query @param {{from: number, result_id: string, thread?: number, reply_to?: number}} chosen @returns {Promise<Message>} */
export const chooseInline = (query, chosen) => sendJson("POST", `/api/inline/${encodeURIComponent(query)}/choose`, chosen);

/** @returns {Promise<Fault[]>} */
export const faults = () => request("/api/faults");

/** @param {Fault} fault */
export const addFault = (fault) => sendJson("POST", "/api/faults", fault);

export const clearFaults = () => request("/api/faults", { method: "DELETE" });

/** @returns {Promise<Settings>} */
export const settings = () => request("/api/settings");

/** @param {Partial<Settings>} changes @returns {Promise<Settings>} */
export const changeSettings = (changes) => sendJson("PATCH", "/api/settings", changes);

/** @param {string} id @returns {string} where the bytes of a file are */
export const fileAddress = (id) => `/api/files/${encodeURIComponent(id)}`;
