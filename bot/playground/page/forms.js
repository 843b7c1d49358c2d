// @ts-check
/** The forms behind the composer's menu: a poll, a place, one's own number. */

import { openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { t } from "./texts.js";

/** @typedef {import("./types.js").NewPoll} NewPoll */

const MAX_OPTIONS = 12;
// Madrid's Puerta del Sol, from where Spain's roads are measured.
const SOMEWHERE = { latitude: 40.4169, longitude: -3.7035 };

/** @param {string} words @param {Record<string, any>} properties @returns {{label: HTMLElement, input: any}} */
function field(words, properties) {
  const input = el("input", { type: "text", ...properties });
  return { label: el("label", {}, el("span", {}, words), input), input };
}

/** @param {string} words @param {string} name @param {boolean} [checked] */
function tick(words, name, checked = false) {
  const input = el("input", { type: "checkbox", "data-testid": name });
  input.checked = checked;
  return { label: el("label", { class: "tick" }, input, el("span", {}, words)), input };
}

/** @param {string} title @param {string} name @param {string} accept @param {Node[]} parts @param {() => boolean | void} onAccept false keeps it open */
function openForm(title, name, accept, parts, onAccept) {
  const form = el("form", { class: "fields" }, ...parts, el("button", { type: "submit", class: "primary", "data-testid": `${name}-send` }, accept));
  const dialog = openDialog({ title, name }, form);
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    if (onAccept() !== false) dialog.close();
  });
  return form;
}

/**
 * Has a poll written.
 * @param {{only?: string, mustBeAnonymous: boolean}} limits `only`: "quiz" or "regular" where the bot asked for one kind
 * @param {(poll: NewPoll) => void} onPoll
 */
export function askPoll({ only, mustBeAnonymous }, onPoll) {
  const question = field(t("question"), { maxlength: 300, required: true, "data-testid": "poll-question" });
  const options = el("div", { class: "poll-inputs", role: "group", "aria-label": t("options") });
  const anonymous = tick(t("anonymousVotes"), "poll-anonymous", true);
  const several = tick(t("severalAnswers"), "poll-several");
  const quiz = tick(t("isQuiz"), "poll-quiz", only === "quiz");
  const explanation = field(t("explanation"), { maxlength: 200, "data-testid": "poll-explain" });
  anonymous.input.disabled = mustBeAnonymous;
  quiz.input.disabled = only !== undefined && only !== "";
  const rows = () => [...options.children].map((row) => ({ text: row.querySelector("[type=text]").value.trim(), right: row.querySelector("[type=radio]").checked }));
  const follow = () => {
    for (const input of options.querySelectorAll("[type=text]")) input.setCustomValidity("");
    const isQuiz = quiz.input.checked;
    several.label.hidden = isQuiz;
    explanation.label.hidden = !isQuiz;
    for (const radio of options.querySelectorAll("[type=radio]")) radio.hidden = !isQuiz;
    const last = options.lastElementChild?.querySelector("[type=text]");
    if (options.children.length < MAX_OPTIONS && (!last || last.value)) options.append(optionRow(options.children.length, isQuiz));
  };
  options.addEventListener("input", follow);
  quiz.input.addEventListener("change", follow);
  for (let place = 0; place < 2; place += 1) options.append(optionRow(place, false));
  follow();
  openForm(t("newPoll"), "poll-form", t("send"), [question.label, el("span", { class: "legend" }, t("options")), options, anonymous.label, several.label, quiz.label, explanation.label], () => {
    const given = rows().filter(({ text }) => text);
    if (given.length < 1 || (quiz.input.checked && rightIsBlank(options))) return false;
    const poll = { question: question.input.value.trim(), options: given.map(({ text }) => text), is_anonymous: anonymous.input.checked };
    if (!quiz.input.checked) onPoll({ ...poll, type: "regular", allows_multiple_answers: several.input.checked });
    else onPoll({ ...poll, type: "quiz", correct_option_ids: [given.findIndex(({ right }) => right)], ...(explanation.input.value && { explanation: explanation.input.value }) });
  });
}

/** Whether no words stand beside the mark of the right answer; if so one is told there. @param {HTMLElement} options */
function rightIsBlank(options) {
  const input = [...options.children].find((row) => row.querySelector("[type=radio]:checked"))?.querySelector("[type=text]");
  if (!(input instanceof HTMLInputElement) || input.value.trim()) return false;
  input.setCustomValidity(t("rightIsBlank"));
  // Which also puts the focus there.
  return !input.reportValidity();
}

/** @param {number} place @param {boolean} isQuiz */
function optionRow(place, isQuiz) {
  const label = t("option", { number: place + 1 });
  const radio = el("input", { type: "radio", name: "right", "aria-label": `${label}: ${t("right")}`, hidden: !isQuiz });
  radio.checked = place === 0;
  return el("div", { class: "poll-input" }, radio,
    el("input", { type: "text", maxlength: 100, placeholder: label, "aria-label": label, "data-testid": `poll-input-${place}`, required: place === 0 }));
}

/** Has a place chosen. @param {(location: import("./types.js").Location) => void} onPlace */
export function askPlace(onPlace) {
  const hooks = { type: "number", step: "any", required: true };
  const latitude = field(t("latitude"), { ...hooks, min: -90, max: 90, value: SOMEWHERE.latitude, "data-testid": "latitude" });
  const longitude = field(t("longitude"), { ...hooks, min: -180, max: 180, value: SOMEWHERE.longitude, "data-testid": "longitude" });
  openForm(t("location"), "place-form", t("send"), [latitude.label, longitude.label], () =>
    onPlace({ latitude: latitude.input.valueAsNumber, longitude: longitude.input.valueAsNumber }));
}

/** Asks whether one's number is to be shared; the numbers here are made up. @param {import("./types.js").Person} person @param {(contact: import("./types.js").Contact) => void} onContact */
export function askContact(person, onContact) {
  const phone = field(t("phone"), { type: "tel", required: true, maxlength: 32, value: `+34 600 00 ${person.id}`, "data-testid": "phone" });
  openForm(t("shareContact"), "contact-form", t("send"), [phone.label], () =>
    onContact({ phone_number: phone.input.value, first_name: person.first_name }));
}
