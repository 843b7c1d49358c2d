// @ts-check
/** The page's own words in each language, and how it writes times and sizes. */

const TEXTS = {
  es: {
    tagline: "un círculo de estudio",
    chats: "Conversaciones",
    you: "Eres",
    language: "Idioma",
    theme: "Cambiar entre claro y oscuro",
    back: "Volver a las conversaciones",
    messages: "Mensajes",
    placeholder: "Escribe un mensaje",
    send: "Enviar",
    stop: "Detener",
    attach: "Adjuntar un archivo",
    removeFile: "Quitar {name}",
    commands: "Comandos",
    reply: "Responder a {name}",
    replyingTo: "Respuesta a {name}",
    cancelReply: "No responder",
    goToMessage: "Ir al mensaje de {name}",
    edited: "editado",
    newMessages: "Mensajes nuevos",
    toEnd: "Ir al final",
    typing: "{name} está escribiendo",
    uploading: "{name} está enviando un archivo",
    draft: "{name} está respondiendo",
    writing: "escribiendo",
    unreachable: "No se pudo enviar: el servidor no responde",
    reconnecting: "Sin conexión con el servidor. Reconectando…",
    copy: "Copiar",
    copied: "Copiado",
    showSpoiler: "Texto oculto: pulsa para verlo",
    showAll: "Ver todo",
    showLess: "Ver menos",
    picture: "Imagen de {name}",
    openPicture: "Abrir la imagen",
    file: "archivo",
    download: "Descargar {name}",
    joined: "{name} se ha unido",
    unsupported: "Este mensaje no se puede mostrar aquí",
    unread: "{count} sin leer",
    members: "{names} y el bot",
    bot: "bot del grupo de estudio",
    nobody: "Todavía no hay mensajes",
    pictureShort: "Imagen",
    dropHere: "Suelta aquí los archivos",
    accept: "Entendido",
    me: "Tú",
    choose: "Elige una conversación",
    emptyTitle: "¿Qué estudiamos hoy, {name}?",
    emptyText: "Pregunta lo que quieras, o escribe / para ver lo que el bot sabe hacer. Por ejemplo:",
    emptyGroupTitle: "La mesa del grupo",
    emptyGroupText: "Aquí hablan todos. El bot contesta a los comandos. Por ejemplo:",
    examples: [
      "¿Qué es la recursividad? Explícamela con un ejemplo corto.",
      "Escribe una función de Python que diga si un número es primo.",
      "Hazme tres preguntas sobre la fotosíntesis.",
    ],
    groupExamples: ["/ayuda", "/generar Un saludo para un grupo que estudia álgebra", "/generar Tres consejos para repasar antes de un examen"],
  },
  en: {
    tagline: "a study circle",
    chats: "Chats",
    you: "You are",
    language: "Language",
    theme: "Switch between light and dark",
    back: "Back to the chats",
    messages: "Messages",
    placeholder: "Write a message",
    send: "Send",
    stop: "Stop",
    attach: "Attach a file",
    removeFile: "Remove {name}",
    commands: "Commands",
    reply: "Reply to {name}",
    replyingTo: "Replying to {name}",
    cancelReply: "Do not reply",
    goToMessage: "Go to the message by {name}",
    edited: "edited",
    newMessages: "New messages",
    toEnd: "Go to the end",
    typing: "{name} is typing",
    uploading: "{name} is sending a file",
    draft: "{name} is answering",
    writing: "writing",
    unreachable: "Not sent: the server does not answer",
    reconnecting: "No connection to the server. Reconnecting…",
    copy: "Copy",
    copied: "Copied",
    showSpoiler: "Hidden text: press to show it",
    showAll: "Show all",
    showLess: "Show less",
    picture: "Picture by {name}",
    openPicture: "Open the picture",
    file: "file",
    download: "Download {name}",
    joined: "{name} joined",
    unsupported: "This message cannot be shown here",
    unread: "{count} unread",
    members: "{names} and the bot",
    bot: "the study group's bot",
    nobody: "No messages yet",
    pictureShort: "Picture",
    dropHere: "Drop the files here",
    accept: "All right",
    me: "You",
    choose: "Choose a chat",
    emptyTitle: "What shall we study today, {name}?",
    emptyText: "Ask anything, or type / to see what the bot can do. For example:",
    emptyGroupTitle: "The group's table",
    emptyGroupText: "Everyone talks here. The bot answers commands. For example:",
    examples: [
      "What is recursion? Explain it with a short example.",
      "Write a Python function that says whether a number is prime.",
      "Ask me three questions about photosynthesis.",
    ],
    groupExamples: ["/help", "/generate A greeting for a group that studies algebra", "/generate Three tips for revising before an exam"],
  },
};

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

/** @param {number | undefined} bytes */
export function size(bytes) {
  if (bytes === undefined) return "";
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const unit = ["byte", "kilobyte", "megabyte"][step];
  return new Intl.NumberFormat(current, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }).format(bytes / 1000 ** step);
}
