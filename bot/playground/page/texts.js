// @ts-check
/** The page's language, and how it writes times, sizes and shares. */

import { EN } from "./texts_en.js";
import { ES } from "./texts_es.js";

const TEXTS = { es: ES, en: EN };

/** @typedef {keyof typeof TEXTS} Language */
/** @typedef {Exclude<keyof typeof TEXTS["en"], "examples" | "groupExamples">} TextKey */

/** @type {Language} */
let current = "es";

/** @param {string | undefined} code such as "es-MX" @returns {Language} the page's language for it; English where it has none */
export const languageFor = (code) => ((code ?? "es").toLowerCase().startsWith("es") ? "es" : "en");

/** @param {Language} language */
export function setLanguage(language) {
  current = language;
}

export const language = () => current;

/** @param {TextKey} key @param {Record<string, string | number>} [values] @returns {string} */
export function t(key, values = {}) {
  return TEXTS[current][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** @param {boolean} group @returns {string[]} what to try first */
export const examples = (group) => TEXTS[current][group ? "groupExamples" : "examples"];

/** @param {number} seconds since 1970 */
export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString(current, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** @param {number} seconds since 1970 @returns {string} "today", "yesterday", or the date in words */
export function day(seconds) {
  const date = new Date(seconds * 1000);
  const ago = Math.round((startOfDay(date) - startOfDay(new Date())) / 86_400_000);
  if (ago === 0 || ago === -1) return new Intl.RelativeTimeFormat(current, { numeric: "auto" }).format(ago, "day");
  return date.toLocaleDateString(current, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

/** @param {Date} date */
const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** @param {number} seconds @returns {string} minutes and seconds, as on a clock */
export const duration = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** @param {number} end seconds since 1970 @returns {string} the time left until then */
export const countdown = (end) => duration(Math.max(0, end - Date.now() / 1000));

/** @param {number} share from 0 to 1 */
export const percent = (share) => new Intl.NumberFormat(current, { style: "percent", maximumFractionDigits: 0 }).format(share);

/** @param {number | undefined} bytes */
export function size(bytes) {
  if (bytes === undefined) return "";
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const unit = ["byte", "kilobyte", "megabyte"][step];
  return new Intl.NumberFormat(current, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }).format(bytes / 1000 ** step);
}
