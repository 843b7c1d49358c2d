// @ts-check
/** A poll to vote in, or what came of it. */

import { el, icon } from "./dom.js";
import { renderText } from "./entities.js";
import { countdown, percent, t } from "./texts.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Poll} Poll
 * @typedef {import("./bubbles.js").MessageActions} MessageActions
 * @typedef {import("./store.js").Chat} Chat
 * @typedef {{poll: Poll, mine: number[], voters: (option: number) => string[], done: boolean,
 *   messageId: number, chat: Chat}} Vote what who looks sees of a poll
 */

/**
 * @param {Message} message
 * @param {Chat} chat
 * @param {MessageActions} actions
 * @returns {HTMLElement}
 */
export function pollCard(message, chat, actions) {
  const vote = voteOf(message, chat, actions);
  const { poll, done } = vote;
  return el("div", { class: `poll ${done ? "done" : ""}`, role: "group", "aria-label": `${t("pollShort")}: ${poll.question}`, "data-testid": "poll" },
    el("div", { class: "question" }, poll.question),
    poll.description && el("p", { class: "poll-about" }, poll.description),
    el("div", { class: "poll-kind" }, kind(poll), timeLeft(poll), lamp(vote, actions)),
    el("ul", { class: "options" }, ...poll.options.map((option, place) => el("li", {}, done ? result(vote, place) : choice(vote, place, actions)))),
    explanation(vote, actions),
    pollFoot(vote, actions));
}

/** @param {Message} message @param {Chat} chat @param {MessageActions} actions @returns {Vote} */
function voteOf(message, chat, actions) {
  const { poll, votes } = chat.polls.get(message.message_id) ?? { poll: /** @type {Poll} */ (message.poll), votes: /** @type {Record<string, number[]>} */ ({}) };
  const mine = votes[chat.viewer] ?? [];
  const voters = (/** @type {number} */ option) => (poll.is_anonymous ? [] : Object.keys(votes).filter((id) => votes[id].includes(option)).map((id) => actions.nameOf(Number(id))));
  return { poll, mine, voters, done: poll.is_closed || mine.length > 0, messageId: message.message_id, chat };
}

/** @param {Poll} poll */
function kind(poll) {
  if (poll.is_closed) return el("span", {}, t("pollClosed"));
  const name = poll.type === "quiz" ? t(poll.is_anonymous ? "quizAnonymous" : "quizPublic") : t(poll.is_anonymous ? "pollAnonymous" : "pollPublic");
  return el("span", {}, poll.allows_multiple_answers ? `${name} · ${t("severalAnswers")}` : name);
}

/** @param {Poll} poll */
function timeLeft({ is_closed: closed, close_date: end }) {
  if (closed || !end) return null;
  return el("span", { class: "countdown", role: "timer", "data-until": end, "data-testid": "countdown" }, countdown(end));
}

/** Brings the time left of every open poll up to date. */
export function tick() {
  for (const node of document.querySelectorAll("[data-until]")) node.textContent = countdown(Number(node.getAttribute("data-until")));
}

/** @param {Vote} vote @param {number} place @param {MessageActions} actions one option, before the vote */
function choice({ poll, messageId, chat }, place, actions) {
  const text = poll.options[place].text;
  const hooks = { "data-testid": `poll-option-${place}`, "data-focus": `vote:${place}` };
  if (!poll.allows_multiple_answers) {
    return el("button", { type: "button", class: "option", ...hooks, onclick: () => actions.onVote(messageId, [place]) }, el("i", { class: "ring" }), el("span", {}, text));
  }
  const chosen = chat.ticked.get(messageId) ?? new Set();
  const box = el("input", { type: "checkbox", ...hooks, onchange: () => {
    if (box.checked) chosen.add(place);
    else chosen.delete(place);
    chat.ticked.set(messageId, chosen);
    actions.onRedraw(messageId);
  } });
  box.checked = chosen.has(place);
  return el("label", { class: "option" }, box, el("span", {}, text));
}

/** @param {Vote} vote @param {number} place one option, after the vote */
function result(vote, place) {
  const { poll, mine } = vote;
  const { text, voter_count: count } = poll.options[place];
  const share = poll.total_voter_count ? count / poll.total_voter_count : 0;
  const mark = verdict(vote, place);
  const bar = el("div", { class: "bar" }, el("i"));
  bar.firstElementChild.style.width = `${Math.max(share * 100, 1.5)}%`;
  const names = vote.voters(place).join(", ");
  return el("div", { class: `option result ${mark?.kind ?? ""}`, "data-testid": `poll-option-${place}` },
    el("span", { class: "share" }, percent(share)),
    el("span", { class: "option-text" }, text, mine.includes(place) && el("span", { class: "visually-hidden" }, ` (${t("yourVote")})`)),
    mark && el("span", { class: "verdict" }, icon(mark.drawing), mark.words && el("span", { class: "visually-hidden" }, mark.words)),
    bar,
    names && el("span", { class: "voters" }, names));
}

/** @param {Vote} vote @param {number} place @returns {{kind: string, drawing: "check" | "close", words: string} | null} */
function verdict({ poll, mine }, place) {
  const chosen = mine.includes(place);
  if (poll.type !== "quiz" || !poll.correct_option_ids) return chosen ? { kind: "mine", drawing: "check", words: "" } : null;
  if (poll.correct_option_ids.includes(place)) return { kind: "right", drawing: "check", words: t("right") };
  return chosen ? { kind: "wrong", drawing: "close", words: t("wrong") } : null;
}

/** @param {Vote} vote */
const isExplained = ({ poll, mine, messageId, chat }) =>
  chat.explained.get(messageId) ?? (mine.length > 0 && mine.some((place) => poll.correct_option_ids && !poll.correct_option_ids.includes(place)));

/** @param {Vote} vote @param {MessageActions} actions */
function lamp(vote, actions) {
  if (!vote.done || !vote.poll.explanation) return null;
  const open = isExplained(vote);
  const toggle = () => {
    vote.chat.explained.set(vote.messageId, !open);
    actions.onRedraw(vote.messageId);
  };
  return el("button", { type: "button", class: "lamp", "aria-expanded": String(open), "aria-label": t("explanation"), title: t("explanation"), "data-testid": "poll-lamp", "data-focus": "lamp", onclick: toggle }, icon("lamp"));
}

/** @param {Vote} vote @param {MessageActions} actions */
function explanation(vote, actions) {
  const { explanation: text, explanation_entities: entities } = vote.poll;
  if (!vote.done || !text || !isExplained(vote)) return null;
  return el("div", { class: "explanation", "data-testid": "poll-explanation" }, icon("lamp"), renderText(text, entities, actions));
}

/** @param {Vote} vote @param {MessageActions} actions */
function pollFoot({ poll, mine, done, messageId, chat }, actions) {
  const count = poll.total_voter_count ? t(poll.total_voter_count === 1 ? "oneVote" : "votes", { count: poll.total_voter_count }) : t("noVotes");
  const chosen = [...(chat.ticked.get(messageId) ?? [])].sort((a, b) => a - b);
  const send = () => {
    chat.ticked.delete(messageId);
    actions.onVote(messageId, chosen);
  };
  const revocable = !poll.is_closed && mine.length > 0 && (poll.allows_revoting ?? poll.type !== "quiz");
  return el("div", { class: "poll-foot" },
    el("span", {}, count),
    !done && poll.allows_multiple_answers && el("button", { type: "button", class: "vote", disabled: !chosen.length, "data-testid": "poll-vote", "data-focus": "send", onclick: send }, t("vote")),
    revocable && el("button", { type: "button", class: "retract", "data-testid": "poll-retract", "data-focus": "retract", onclick: () => actions.onVote(messageId, []) }, icon("undo"), t("retract")));
}
