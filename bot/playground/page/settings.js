// @ts-check
/** The drawer with the playground's settings: privacy mode, flood limits, faults, and new people. */

import * as api from "./api.js";
import { openDialog } from "./dialog.js";
import { el, icon } from "./dom.js";
import { t } from "./texts.js";

/** @typedef {import("./notices.js").Notices} Notices */

const FAULTS = /** @type {const} */ (["429", "500", "409", "timeout_after_delivery", "drop"]);
const FAULT_TEXTS = /** @type {const} */ ({
  429: "fault429", 500: "fault500", 409: "fault409", timeout_after_delivery: "faultTimeout", drop: "faultDrop",
});
const METHODS = ["*", "getUpdates", "sendMessage", "sendMessageDraft", "editMessageText", "sendPhoto", "sendPoll", "answerCallbackQuery"];

/** @param {Notices} notices @param {() => void} onPerson told when somebody new came in */
export async function openSettings(notices, onPerson) {
  try {
    const [settings, faults] = await Promise.all([api.settings(), api.faults()]);
    const list = el("ul", { class: "faults", "data-testid": "faults" });
    renderFaults(list, faults, notices);
    openDialog({ title: t("settings"), name: "settings", drawer: true }, switches(settings, notices),
      el("h3", {}, t("faults")), el("p", { class: "hint" }, t("faultsHint")), list, faultForm(list, notices),
      el("h3", {}, t("newPerson")), el("p", { class: "hint" }, t("newPersonHint")), personForm(notices, onPerson));
  } catch (error) {
    notices.problem(error);
  }
}

/** @param {import("./types.js").Settings} settings @param {Notices} notices */
function switches(settings, notices) {
  const one = (/** @type {"privacy_mode" | "flood_limits"} */ name, /** @type {string} */ words, /** @type {string} */ hint) => {
    const box = el("input", { type: "checkbox", role: "switch", "data-testid": name, "aria-describedby": `${name}-hint` });
    box.checked = settings[name];
    box.addEventListener("change", async () => {
      try {
        box.checked = (await api.changeSettings({ [name]: box.checked }))[name];
      } catch (error) {
        box.checked = !box.checked;
        notices.problem(error);
      }
    });
    return el("div", { class: "switch" }, el("label", {}, box, el("span", {}, words)), el("p", { class: "hint", id: `${name}-hint` }, hint));
  };
  return el("div", { class: "switches" }, el("p", { class: "hint" }, `${settings.first_name} · @${settings.username}`),
    one("privacy_mode", t("privacyMode"), t("privacyModeHint")), one("flood_limits", t("floodLimits"), t("floodLimitsHint")));
}

/** @param {HTMLElement} list @param {import("./types.js").Fault[]} faults @param {Notices} notices */
function renderFaults(list, faults, notices) {
  const clear = el("button", { type: "button", class: "quiet wide", "data-testid": "clear-faults", onclick: async () => {
    await api.clearFaults().catch((error) => notices.problem(error));
    await refresh(list, notices);
  } }, icon("trash"), t("clearFaults"));
  const rows = faults.map(({ method, fault, times, retry_after: pause }) => el("li", {},
    el("code", {}, method), el("span", {}, `${t(FAULT_TEXTS[/** @type {keyof typeof FAULT_TEXTS} */ (String(fault))] ?? "fault500")}${pause ? ` (${pause} s)` : ""}`), el("span", {}, `× ${times}`)));
  list.replaceChildren(...(rows.length ? [...rows, el("li", {}, clear)] : [el("li", { class: "hint" }, t("noFaults"))]));
}

/** @param {HTMLElement} list @param {Notices} notices */
async function refresh(list, notices) {
  try {
    renderFaults(list, await api.faults(), notices);
  } catch (error) {
    notices.problem(error);
  }
}

/** @param {HTMLElement} list @param {Notices} notices */
function faultForm(list, notices) {
  const method = el("input", { type: "text", value: "sendMessage", list: "method-names", required: true, maxlength: 64, "data-testid": "fault-method" });
  const fault = el("select", { "data-testid": "fault-kind" }, ...FAULTS.map((name) => el("option", { value: name }, t(FAULT_TEXTS[name]))));
  const times = el("input", { type: "number", value: 1, min: 1, max: 1000, required: true, "data-testid": "fault-times" });
  const pause = el("input", { type: "number", value: 3, min: 1, max: 3600, required: true, "data-testid": "fault-retry" });
  const pauseLabel = el("label", {}, el("span", {}, t("retryAfter")), pause);
  fault.addEventListener("change", () => {
    pauseLabel.hidden = fault.value !== "429";
  });
  const form = el("form", { class: "fields" }, el("datalist", { id: "method-names" }, ...METHODS.map((value) => el("option", { value }))),
    el("label", {}, el("span", {}, t("method")), method), el("label", {}, el("span", {}, t("fault")), fault),
    el("div", { class: "pair" }, el("label", {}, el("span", {}, t("times")), times), pauseLabel),
    el("button", { type: "submit", class: "primary", "data-testid": "add-fault" }, t("addFault")));
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const kind = /^\d+$/.test(fault.value) ? Number(fault.value) : fault.value;
    const given = { method: method.value.trim(), fault: kind, times: times.valueAsNumber, ...(kind === 429 && { retry_after: pause.valueAsNumber }) };
    await api.addFault(given).catch((error) => notices.problem(error));
    await refresh(list, notices);
  });
  return form;
}

/** @param {Notices} notices @param {() => void} onPerson */
function personForm(notices, onPerson) {
  const name = el("input", { type: "text", maxlength: 64, required: true, "data-testid": "person-name" });
  const language = el("select", { "data-testid": "person-language" }, el("option", { value: "es" }, "Español"), el("option", { value: "en" }, "English"));
  const form = el("form", { class: "fields" }, el("label", {}, el("span", {}, t("name")), name), el("label", {}, el("span", {}, t("language")), language),
    el("button", { type: "submit", class: "primary", "data-testid": "add-person" }, t("add")));
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const person = await api.addPerson(name.value.trim(), language.value);
      name.value = "";
      onPerson();
      notices.toast(t("personAdded", { name: person.first_name }));
    } catch (error) {
      notices.problem(error);
    }
  });
  return form;
}
