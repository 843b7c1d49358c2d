// The bot of README.md on Telegraf 4 (made for Bot API 7.1): scenes, and webhook answers that carry a call.
import { createServer } from "node:http";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Input, Markup, Scenes, Telegraf, session } from "telegraf";
import { message, channelPost, editedMessage } from "telegraf/filters";

const [ADDRESS, TOKEN, STATE, PORT, PICTURE] = process.argv.slice(2);
const SECRET = "a-secret-of-both-sides";
const ALL_UPDATES = [
  "message", "edited_message", "channel_post", "callback_query", "poll", "poll_answer", "inline_query",
  "message_reaction", "chat_member", "my_chat_member",
];

const kept = existsSync(STATE) ? JSON.parse(readFileSync(STATE, "utf8")) : {};
const save = () => writeFileSync(STATE, JSON.stringify(kept));
const store = {
  get: (key) => kept[key],
  set: (key, value) => { kept[key] = value; save(); },
  delete: (key) => { delete kept[key]; save(); },
};

const bot = new Telegraf(TOKEN, { telegram: { apiRoot: ADDRESS } });
const polls = new Map();
let lastChange = "nothing";

const book = new Scenes.WizardScene(
  "book",
  async (ctx) => {
    await ctx.reply("Which title?");
    return ctx.wizard.next();
  },
  async (ctx) => {
    ctx.wizard.state.title = ctx.message.text;
    await ctx.reply("Who wrote it?");
    return ctx.wizard.next();
  },
  async (ctx) => {
    await ctx.reply(`Saved: ${ctx.wizard.state.title} by ${ctx.message.text}.`);
    return ctx.scene.leave();
  },
);
book.command("cancel", async (ctx) => {
  await ctx.reply("Cancelled.");
  return ctx.scene.leave();
});

const download = async (fileId) => {
  const answer = await fetch(await bot.telegram.getFileLink(fileId));
  return (await answer.arrayBuffer()).byteLength;
};
const counter = (taps) => [`Taps: ${taps}`, Markup.inlineKeyboard([Markup.button.callback("+1", `count:${taps + 1}`)])];
const emojis = (reactions) => reactions.map((reaction) => reaction.emoji).join("") || "-";

bot.use(session({ store }));
bot.use(new Scenes.Stage([book]).middleware());

bot.on(editedMessage("text"), (ctx) =>
  ctx.reply(`Edited: ${ctx.editedMessage.text}`, { reply_parameters: { message_id: ctx.editedMessage.message_id } }));
bot.on(channelPost("text"), (ctx) =>
  ctx.reply(`Noted: ${ctx.channelPost.text}`, { reply_parameters: { message_id: ctx.channelPost.message_id } }));

bot.start((ctx) => ctx.replyWithHTML(`Hello, <b>${ctx.from.first_name}</b>.${ctx.payload && ` (${ctx.payload})`}`));
bot.command("book", (ctx) => ctx.scene.enter("book"));
bot.command("count", (ctx) => ctx.reply(...counter(0)));
bot.action(/^count:(\d+)$/, async (ctx) => {
  await ctx.editMessageText(...counter(Number(ctx.match[1])));
  await ctx.answerCbQuery("Counted");
});
bot.command("quiz", async (ctx) => {
  // Out of the webhook's answer, which has no result: the poll's id is needed.
  const sent = await bot.telegram.sendQuiz(ctx.chat.id, "2 + 2?", ["3", "4", "5"], {
    correct_option_id: 1, is_anonymous: false, explanation: "Arithmetic",
  });
  polls.set(sent.poll.id, sent.chat.id);
});
bot.command("poll", async (ctx) => {
  const sent = await bot.telegram.sendPoll(ctx.chat.id, "Who next?", ["Rulfo", "Woolf", "Borges"], {
    is_anonymous: false, allows_multiple_answers: true,
  });
  polls.set(sent.poll.id, sent.chat.id);
});
bot.on("poll_answer", (ctx) => {
  const { poll_id, user, option_ids } = ctx.pollAnswer;
  return ctx.telegram.sendMessage(polls.get(poll_id), `${user.first_name} chose ${option_ids.join(", ") || "nothing"}`);
});
bot.command("close", async (ctx) => {
  const poll = await bot.telegram.stopPoll(ctx.chat.id, ctx.message.reply_to_message.message_id);
  await ctx.reply(`Votes: ${poll.options.map((option) => option.voter_count).join(" ")}`);
});
bot.command("picture", (ctx) =>
  ctx.replyWithPhoto(Input.fromLocalFile(PICTURE), { caption: "<i>A picture</i>", parse_mode: "HTML" }));
bot.command("album", (ctx) => ctx.replyWithMediaGroup([
  { type: "photo", media: Input.fromLocalFile(PICTURE) },
  { type: "photo", media: Input.fromLocalFile(PICTURE), caption: "Two of two" },
]));
bot.command("remind", async (ctx) => {
  await ctx.reply("I will remind you.");
  setTimeout(() => bot.telegram.sendMessage(ctx.chat.id, "Reminder!"), 50);
});
bot.command("topic", async (ctx) => {
  const made = await bot.telegram.createForumTopic(ctx.chat.id, ctx.payload);
  await ctx.telegram.sendMessage(ctx.chat.id, `Talk here: ${made.name}`, { message_thread_id: made.message_thread_id });
});
bot.command("where", (ctx) => {
  const thread = ctx.message.is_topic_message ? ctx.message.message_thread_id : undefined;
  return ctx.reply(`Topic ${thread ?? "none"}`, { message_thread_id: thread });
});
bot.command("like", (ctx) => ctx.react("👍"));
bot.on("message_reaction", (ctx) => {
  const { chat, user, old_reaction, new_reaction } = ctx.messageReaction;
  return ctx.telegram.sendMessage(chat.id, `${user.first_name}: ${emojis(old_reaction)} > ${emojis(new_reaction)}`);
});
bot.on("inline_query", (ctx) => ctx.answerInlineQuery([{
  type: "article", id: "1", title: "Echo", description: "Says it again",
  input_message_content: { message_text: `Echo: <b>${ctx.inlineQuery.query}</b>`, parse_mode: "HTML" },
}], { cache_time: 0 }));
bot.on("chat_member", (ctx) => {
  const { chat, old_chat_member, new_chat_member } = ctx.chatMember;
  const name = new_chat_member.user.first_name;
  return ctx.telegram.sendMessage(chat.id, `${name}: ${old_chat_member.status} > ${new_chat_member.status}`);
});
bot.on("my_chat_member", async (ctx) => {
  const { chat, new_chat_member } = ctx.myChatMember;
  lastChange = `${chat.id} ${new_chat_member.status}`;
  if (new_chat_member.status === "administrator") await ctx.telegram.sendMessage(chat.id, "Thank you.");
});
bot.command("last", (ctx) => ctx.reply(`Last: ${lastChange}`));
bot.command("members", async (ctx) => {
  const chat = await bot.telegram.getChat(ctx.chat.id);
  const number = await bot.telegram.getChatMembersCount(ctx.chat.id);
  const admins = await bot.telegram.getChatAdministrators(ctx.chat.id);
  const names = admins.map((admin) => admin.user.first_name).sort();
  await ctx.reply(`${chat.title}: ${number} members, ${names.join(", ")}`);
});
bot.command("copy", (ctx) => ctx.telegram.copyMessage(ctx.chat.id, ctx.chat.id, ctx.message.reply_to_message.message_id));
bot.command("forward", (ctx) =>
  ctx.telegram.forwardMessage(ctx.chat.id, ctx.chat.id, ctx.message.reply_to_message.message_id));
bot.command("pin", (ctx) => ctx.pinChatMessage(ctx.message.reply_to_message.message_id, { disable_notification: true }));
bot.command("contact", (ctx) =>
  ctx.reply("May I have it?", Markup.keyboard([Markup.button.contactRequest("My number")]).resize().oneTime()));

bot.on(message("contact"), (ctx) => ctx.reply(`Phone ${ctx.message.contact.phone_number}`, Markup.removeKeyboard()));
bot.on(message("location"), (ctx) => {
  const { latitude, longitude } = ctx.message.location;
  return ctx.reply(`At ${latitude.toFixed(2)}, ${longitude.toFixed(2)}`);
});
bot.on(message("document"), async (ctx) => {
  const { file_id, file_name } = ctx.message.document;
  await ctx.reply(`${file_name}: ${await download(file_id)} bytes`);
});
bot.on(message("photo"), async (ctx) => {
  const { file_id, width, height } = ctx.message.photo.at(-1);
  await ctx.reply(`Picture ${width}x${height}: ${await download(file_id)} bytes`);
});
bot.on(message("new_chat_members"), (ctx) => {
  const names = ctx.message.new_chat_members.filter((user) => !user.is_bot).map((user) => user.first_name);
  return names.length ? ctx.reply(`Welcome, ${names.join(", ")}.`) : undefined;
});
bot.on(message("migrate_to_chat_id"), (ctx) => {
  const moved = ctx.message.migrate_to_chat_id;
  return ctx.telegram.sendMessage(moved, `Moved to ${moved}`);
});
bot.catch((error) => console.error(error));

await bot.telegram.setMyCommands([
  { command: "start", description: "Begin" },
  { command: "book", description: "Save a book" },
]);
await bot.telegram.setMyCommands([{ command: "start", description: "Empezar" }], { language_code: "es" });
if (PORT === "0") {
  process.once("SIGTERM", () => bot.stop("SIGTERM"));
  await bot.launch({ allowedUpdates: ALL_UPDATES });
} else {
  // Its own launch() would set an https address, whatever the domain says.
  const server = createServer(bot.webhookCallback("/hook", { secretToken: SECRET }));
  server.listen(Number(PORT), "127.0.0.1");
  process.once("SIGTERM", () => {
    server.close();
    setInterval(() => server.closeIdleConnections(), 20).unref(); // those that were busy
  });
  await bot.telegram.setWebhook(`http://127.0.0.1:${PORT}/hook`, { secret_token: SECRET, allowed_updates: ALL_UPDATES });
}
