// @ts-check
/** Why the server refused something, in the page's language. */

import { t } from "./texts.js";

/** What a person can bring about, by the server's own words. @type {Map<string, import("./texts.js").TextKey>} */
const KNOWN = new Map([
  ["text must not be empty", "problemEmpty"],
  ["the text is too long", "problemLong"],
  ["the message to reply to was not found", "problemNoMessage"],
  ["the message to forward was not found", "problemNoMessage"],
  ["message not found", "problemNoMessage"],
  ["chat not found", "problemNoChat"],
  ["this person is not in this chat", "problemNotHere"],
  ["this group became a supergroup", "isMigrated"],
  ["unblock the bot first", "isBlocked"],
  ["only administrators write in a channel", "onlyAdmins"],
  ["only administrators of a supergroup write anonymously", "problemAnonymous"],
  ["only administrators change topics", "problemAdmins"],
  ["only administrators may do this", "problemAdmins"],
  ["there is no such topic", "problemNoTopic"],
  ["this topic is closed", "isClosed"],
  ["there are too many topics", "problemManyTopics"],
  ["there are too many people", "problemManyPeople"],
  ["there are too many faults", "problemManyFaults"],
  ["method must be the name of a method, or * for every one", "problemMethod"],
  ["this person is banned here", "problemBanned"],
  ["only a group can become a supergroup, and only once", "isMigrated"],
  ["the file is empty", "problemEmptyFile"],
  ["the file is larger than 20 MB", "problemLargeFile"],
  ["this file is no picture that can be shown as a photo", "problemNoPicture"],
  ["this message is somebody else's", "problemNotYours"],
  ["this message has no text that can be changed", "problemNoText"],
  ["this message cannot be forwarded", "problemForward"],
  ["non-anonymous polls can't be sent to channel chats", "problemNamedPoll"],
  ["this message has no button with this data", "problemNoButton"],
  ["the poll is closed", "problemPollClosed"],
  ["votes in this poll cannot be changed", "problemRevote"],
  ["nobody asked this, or too long ago", "problemLate"],
  ["the bot gave no such result", "problemLate"],
  ["this file is on the web, which the playground does not reach", "problemWeb"],
]);

/** @param {string} words the server's @returns {string} */
export function problemText(words) {
  const key = KNOWN.get(words);
  return key ? t(key) : t("problemOther", { words });
}
