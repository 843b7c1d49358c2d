// Send one message with little patience, and print what happened: {"error": class} or {"sent": message id}.
import { Telegram } from "telegraf";

const [ADDRESS, TOKEN, CHAT] = process.argv.slice(2);
const telegram = new Telegram(TOKEN, { apiRoot: ADDRESS });
const payload = { chat_id: Number(CHAT), text: "one message" };
try {
  // The library itself waits for ever.
  const sent = await telegram.callApi("sendMessage", payload, { signal: AbortSignal.timeout(1000) });
  console.log(JSON.stringify({ sent: sent.message_id }));
} catch (error) {
  console.log(JSON.stringify({ error: error.constructor.name, text: error.message }));
}
