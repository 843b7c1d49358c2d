// @ts-check
/** The people's side of the playground over HTTP, one function a call. */

/**
 * @typedef {{id: number, first_name: string, username?: string, language_code?: string, is_bot?: boolean}} Person
 * @typedef {{id: number, type: string, title: string, members: number[]}} ChatInfo
 * @typedef {{type: string, offset: number, length: number, url?: string, language?: string, user?: Person}} Entity
 * @typedef {{text: string, callback_data?: string, url?: string, copy_text?: {text: string}}} Button
 * @typedef {{file_id: string, width?: number, height?: number, file_size?: number, file_name?: string, mime_type?: string}} FileInfo
 * @typedef {{message_id: number, date: number, edit_date?: number, from: Person, text?: string, entities?: Entity[],
 *   caption?: string, caption_entities?: Entity[], photo?: FileInfo[], document?: FileInfo, new_chat_members?: Person[],
 *   reply_to_message?: Message, reply_markup?: {inline_keyboard?: Button[][]}}} Message
 * @typedef {{seq: number, type: string, chat_id?: number, date?: number, message: Message, message_id: number,
 *   draft_id: number, action: string, text: string, entities?: Entity[], show_alert: boolean, callback_query_id: string,
 *   from: any}} ChatEvent one event; which fields it has depends on `type`
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

/** @returns {Promise<Person[]>} */
export const people = () => request("/api/people");

/** @param {number} id @param {string} language @returns {Promise<Person>} */
export const setLanguageCode = (id, language) => sendJson("PATCH", `/api/people/${id}`, { language_code: language });

/** @returns {Promise<ChatInfo[]>} */
export const chats = () => request("/api/chats");

/** What happened in a chat after event number `after`, without waiting. @param {number} chat @param {number} after @returns {Promise<ChatEvent[]>} */
export const eventsAfter = async (chat, after) =>
  (await request(`/api/chats/${chat}/events?after=${after}&wait=0`)).events;

/** @param {number} chat @param {number} person @returns {Promise<{command: string, description: string}[]>} */
export const commands = (chat, person) => request(`/api/chats/${chat}/commands?from=${person}`);

/**
 * Says something in a chat as a person, with or without a file.
 * @param {number} chat
 * @param {{from: number, text: string, reply_to?: number, file?: File}} said
 * @returns {Promise<Message>}
 */
export function say(chat, said) {
  const path = `/api/chats/${chat}/messages`;
  if (!said.file) return sendJson("POST", path, said);
  const form = new FormData();
  for (const [name, value] of Object.entries(said)) {
    if (value !== undefined) form.append(name, value instanceof File ? value : String(value));
  }
  return request(path, { method: "POST", body: form });
}

/** @param {number} chat @param {number} message @param {number} from @param {string} data @returns {Promise<{callback_query_id: string}>} */
export const tap = (chat, message, from, data) =>
  sendJson("POST", `/api/chats/${chat}/messages/${message}/taps`, { from, data });

/** @param {string} id @returns {string} where the bytes of a file are */
export const fileAddress = (id) => `/api/files/${encodeURIComponent(id)}`;
