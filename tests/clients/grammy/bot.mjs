// The bot of README.md on grammY: sessions in a file, long polling or Node's own HTTP server.
import { createServer } from "node:http";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Bot, InlineKeyboard, InlineQueryResultBuilder, InputFile, InputMediaBuilder, Keyboard, session, webhookCallback } from "grammy";

const [ADDRESS, TOKEN, STATE, PORT, PICTURE] = process.argv.slice(2);
const SECRET = "a-secret-of-both-sides";
const ALL_UPDATES = [
  "message", "edited_message", "channel_post", "callback_query", "poll", "poll_answer", "inline_query",
  "message_reaction", "chat_member", "my_chat_member",
];
// What needs no result may go out in the body of the answer to an update.
const IN_THE_ANSWER = ["answerCallbackQuery", "answerInlineQuery", "setMessageReaction"];

const kept = existsSync(STATE) ? JSON.parse(readFileSync(STATE, "utf8")) : {};
const save = () => writeFileSync(STATE, JSON.stringify(kept));
const storage = {
  read: (key) => kept[key],
  write: (key, value) => { kept[key] = value; save(); },
  delete: (key) => { delete kept[key]; save(); },
};

const bot = new Bot(TOKEN, { client: { apiRoot: ADDRESS, canUseWebhookReply: (method) => IN_THE_ANSWER.includes(method) } });
const polls = new Map();
let lastChange = "nothing";

// By webhook bot.catch is not asked, and an error would end the process.
bot.use((ctx, next) => next().catch((error) => console.error(error)));
bot.use(session({ initial: () => ({ step: "idle" }), storage, getSessionKey: (ctx) => ctx.chat && ctx.from && `${ctx.chat.id}:${ctx.from.id}` }));

const download = async (ctx) => {
  const file = await ctx.getFile();
  const answer = await fetch(`${ADDRESS}/file/bot${TOKEN}/${file.file_path}`);
  return (await answer.arrayBuffer()).byteLength;
};
const counter = (taps) => [`Taps: ${taps}`, { reply_markup: new InlineKeyboard().text("+1", `count:${taps + 1}`) }];
const emojis = (reactions) => reactions.map((reaction) => reaction.emoji).join("") || "-";

// Edited messages and channel posts first: bot.command would take edited commands for new ones.
bot.on("edited_message:text", (ctx) =>
  ctx.reply(`Edited: ${ctx.editedMessage.text}`, { reply_parameters: { message_id: ctx.editedMessage.message_id } }));
bot.on("channel_post:text", (ctx) =>
  ctx.reply(`Noted: ${ctx.channelPost.text}`, { reply_parameters: { message_id: ctx.channelPost.message_id } }));

bot.command("start", (ctx) =>
  ctx.reply(`Hello, <b>${ctx.from.first_name}</b>.${ctx.match && ` (${ctx.match})`}`, { parse_mode: "HTML" }));
bot.command("book", async (ctx) => {
  ctx.session = { step: "title" };
  await ctx.reply("Which title?");
});
bot.command("cancel", async (ctx) => {
  ctx.session = { step: "idle" };
  await ctx.reply("Cancelled.");
});
bot.command("count", (ctx) => ctx.reply(...counter(0)));
bot.callbackQuery(/^count:(\d+)$/, async (ctx) => {
  await ctx.editMessageText(...counter(Number(ctx.match[1])));
  await ctx.answerCallbackQuery("Counted");
});
bot.command("quiz", async (ctx) => {
  const sent = await ctx.replyWithPoll("2 + 2?", ["3", { text: "4" }, { text: "5" }], {
    type: "quiz", correct_option_ids: [1], is_anonymous: false, explanation: "Arithmetic",
  });
  polls.set(sent.poll.id, sent.chat.id);
});
bot.command("poll", async (ctx) => {
  const sent = await ctx.replyWithPoll("Who next?", ["Rulfo", "Woolf", "Borges"], {
    is_anonymous: false, allows_multiple_answers: true,
  });
  polls.set(sent.poll.id, sent.chat.id);
});
bot.on("poll_answer", (ctx) => {
  const { poll_id, user, option_ids } = ctx.pollAnswer;
  return ctx.api.sendMessage(polls.get(poll_id), `${user.first_name} chose ${option_ids.join(", ") || "nothing"}`);
});
bot.command("close", async (ctx) => {
  const poll = await ctx.api.stopPoll(ctx.chat.id, ctx.message.reply_to_message.message_id);
  await ctx.reply(`Votes: ${poll.options.map((option) => option.voter_count).join(" ")}`);
});
bot.command("picture", (ctx) =>
  ctx.replyWithPhoto(new InputFile(PICTURE), { caption: "<i>A picture</i>", parse_mode: "HTML" }));
bot.command("album", (ctx) => ctx.replyWithMediaGroup([
  InputMediaBuilder.photo(new InputFile(PICTURE)),
  InputMediaBuilder.photo(new InputFile(PICTURE), { caption: "Two of two" }),
]));
bot.command("remind", async (ctx) => {
  await ctx.reply("I will remind you.");
  setTimeout(() => bot.api.sendMessage(ctx.chat.id, "Reminder!"), 50);
});
bot.command("topic", async (ctx) => {
  const made = await ctx.createForumTopic(ctx.match);
  await bot.api.sendMessage(ctx.chat.id, `Talk here: ${made.name}`, { message_thread_id: made.message_thread_id });
});
bot.command("where", (ctx) => {
  const thread = ctx.message.is_topic_message ? ctx.message.message_thread_id : undefined;
  return ctx.reply(`Topic ${thread ?? "none"}`, { message_thread_id: thread });
});
bot.command("like", (ctx) => ctx.react("👍"));
bot.on("message_reaction", (ctx) => {
  const { chat, user, old_reaction, new_reaction } = ctx.messageReaction;
  return bot.api.sendMessage(chat.id, `${user.first_name}: ${emojis(old_reaction)} > ${emojis(new_reaction)}`);
});
bot.on("inline_query", (ctx) => {
  const article = InlineQueryResultBuilder.article("1", "Echo", { description: "Says it again" })
    .text(`Echo: <b>${ctx.inlineQuery.query}</b>`, { parse_mode: "HTML" });
  return ctx.answerInlineQuery([article], { cache_time: 0 });
});
bot.on("chat_member", (ctx) => {
  const { chat, old_chat_member, new_chat_member } = ctx.chatMember;
  const name = new_chat_member.user.first_name;
  return bot.api.sendMessage(chat.id, `${name}: ${old_chat_member.status} > ${new_chat_member.status}`);
});
bot.on("my_chat_member", async (ctx) => {
  const { chat, new_chat_member } = ctx.myChatMember;
  lastChange = `${chat.id} ${new_chat_member.status}`;
  if (new_chat_member.status === "administrator") await bot.api.sendMessage(chat.id, "Thank you.");
});
bot.command("last", (ctx) => ctx.reply(`Last: ${lastChange}`));
bot.command("members", async (ctx) => {
  const chat = await ctx.getChat();
  const number = await ctx.getChatMemberCount();
  const names = (await ctx.getChatAdministrators()).map((admin) => admin.user.first_name).sort();
  await ctx.reply(`${chat.title}: ${number} members, ${names.join(", ")}`);
});
bot.command("copy", (ctx) => ctx.api.copyMessage(ctx.chat.id, ctx.chat.id, ctx.message.reply_to_message.message_id));
bot.command("forward", (ctx) => ctx.api.forwardMessage(ctx.chat.id, ctx.chat.id, ctx.message.reply_to_message.message_id));
bot.command("pin", (ctx) => ctx.pinChatMessage(ctx.message.reply_to_message.message_id, { disable_notification: true }));
bot.command("contact", (ctx) =>
  ctx.reply("May I have it?", { reply_markup: new Keyboard().requestContact("My number").resized().oneTime() }));

bot.on("message:contact", (ctx) =>
  ctx.reply(`Phone ${ctx.message.contact.phone_number}`, { reply_markup: { remove_keyboard: true } }));
bot.on("message:location", (ctx) => {
  const { latitude, longitude } = ctx.message.location;
  return ctx.reply(`At ${latitude.toFixed(2)}, ${longitude.toFixed(2)}`);
});
bot.on("message:document", async (ctx) => ctx.reply(`${ctx.message.document.file_name}: ${await download(ctx)} bytes`));
bot.on("message:photo", async (ctx) => {
  const { width, height } = ctx.message.photo.at(-1);
  await ctx.reply(`Picture ${width}x${height}: ${await download(ctx)} bytes`);
});
bot.on("message:new_chat_members", (ctx) => {
  const names = ctx.message.new_chat_members.filter((user) => !user.is_bot).map((user) => user.first_name);
  return names.length ? ctx.reply(`Welcome, ${names.join(", ")}.`) : undefined;
});
bot.on("message:migrate_to_chat_id", (ctx) => {
  const moved = ctx.message.migrate_to_chat_id;
  return bot.api.sendMessage(moved, `Moved to ${moved}`);
});
bot.on("message:text", async (ctx) => {
  if (ctx.session.step === "title") {
    ctx.session = { step: "author", title: ctx.message.text };
    await ctx.reply("Who wrote it?");
  } else if (ctx.session.step === "author") {
    const { title } = ctx.session;
    ctx.session = { step: "idle" };
    await ctx.reply(`Saved: ${title} by ${ctx.message.text}.`);
  }
});

await bot.api.setMyCommands([{ command: "start", description: "Begin" }, { command: "book", description: "Save a book" }]);
await bot.api.setMyCommands([{ command: "start", description: "Empezar" }], { language_code: "es" });
if (PORT === "0") {
  process.once("SIGTERM", () => bot.stop());
  await bot.start({ allowed_updates: ALL_UPDATES });
} else {
  const server = createServer(webhookCallback(bot, "http", { secretToken: SECRET }));
  server.listen(Number(PORT), "127.0.0.1");
  process.once("SIGTERM", () => {
    server.close();
    setInterval(() => server.closeIdleConnections(), 20).unref(); // those that were busy
  });
  await bot.api.setWebhook(`http://127.0.0.1:${PORT}/hook`, { secret_token: SECRET, allowed_updates: ALL_UPDATES });
}
