// Send one message with little patience, and print what happened: {"error": class} or {"sent": message id}.
import { Api } from "grammy";

const [ADDRESS, TOKEN, CHAT] = process.argv.slice(2);
const api = new Api(TOKEN, { apiRoot: ADDRESS, timeoutSeconds: 1 });
try {
  console.log(JSON.stringify({ sent: (await api.sendMessage(Number(CHAT), "one message")).message_id }));
} catch (error) {
  console.log(JSON.stringify({ error: error.name, text: error.message }));
}
