"""A walk through every method of the playground, each called the way that a bot would, and each answer kept."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.playground.world import CHANNEL_ID, FORUM_ID, GROUP_ID, PLAYGROUND_TOKEN

from .asked import ask
from .conftest import say
from .pictures import PNG, png

LUCIA, BEN, THE_BOT = 1001, 1002, 7000
KEYBOARD = {"inline_keyboard": [[{"text": "Sí", "callback_data": "yes"}, {"text": "Web", "url": "https://a.org"}]]}
VOICE, AUDIO, VIDEO = (b"OggS" + bytes(60), b"ID3" + bytes(60), b"\0\0\0\x18ftypmp42" + bytes(60))
WEBP = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + (4 | 5 << 14).to_bytes(4, "little")


@dataclass
class Walk:
    """Calls methods and remembers (method, result); `started` is a message that Lucía wrote in private."""

    people: httpx.AsyncClient
    started: int
    answers: list[tuple[str, Any]] = field(default_factory=list)

    async def call(self, method: str, files: Any = None, **params: Any) -> Any:
        body = {"data": params, "files": files} if files else {"json": params}
        answer = (await self.people.post(f"/bot{PLAYGROUND_TOKEN}/{method}", **body)).json()
        assert answer["ok"], (method, answer)
        self.answers.append((method, answer["result"]))
        return answer["result"]

    async def everywhere(self) -> None:
        """Take the whole walk."""
        for part in (
            talk,
            files,
            copies,
            albums,
            places,
            polls,
            inline,
            chats,
            topics,
            administration,
            settings,
            moving,
        ):
            await part(self)


async def talk(walk: Walk) -> None:
    reply = {"message_id": walk.started, "quote": "ola"}
    sent = await walk.call(
        "sendMessage",
        chat_id=LUCIA,
        text="<b>uno</b>",
        parse_mode="HTML",
        reply_parameters=reply,
        reply_markup=KEYBOARD,
    )
    await walk.call("sendMessage", chat_id=LUCIA, text="a", reply_markup={"keyboard": [["sí", "no"]]})
    await walk.call("sendMessage", chat_id=CHANNEL_ID, text="[b](https://a.org)", parse_mode="Markdown")
    await walk.call("sendMessageDraft", chat_id=LUCIA, draft_id=5, text="un")
    await walk.call("sendChatAction", chat_id=LUCIA, action="typing")
    where = {"chat_id": LUCIA, "message_id": sent["message_id"]}
    await walk.call("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "👍"}])
    await walk.call("editMessageText", **where, text="dos", reply_markup=KEYBOARD)
    path = f"/api/chats/{LUCIA}/messages/{sent['message_id']}/taps"
    tapped = await ask(walk.people, "POST", path, **{"from": LUCIA, "data": "yes"})
    await walk.call("answerCallbackQuery", callback_query_id=tapped["callback_query_id"], text="ok")
    await walk.call("editMessageReplyMarkup", **where)
    await walk.call("pinChatMessage", **where)
    await walk.call("getChat", chat_id=LUCIA)
    await walk.call("unpinChatMessage", **where)
    await walk.call("unpinAllChatMessages", chat_id=LUCIA)
    await walk.call("deleteMessage", **where)
    await walk.call("deleteMessages", chat_id=LUCIA, message_ids=[walk.started + 1, 5])


async def files(walk: Walk) -> None:
    to = {"chat_id": str(LUCIA), "caption": "#uno"}
    sent = await walk.call("sendPhoto", files={"photo": ("a.png", PNG)}, **to)
    where = {"chat_id": LUCIA, "message_id": sent["message_id"]}
    await walk.call("editMessageCaption", **where, caption="*dos*", parse_mode="MarkdownV2")
    media = {"type": "photo", "media": "attach://other", "caption": "tres"}
    # A form carries JSON as text.
    body = {"chat_id": str(LUCIA), "message_id": str(sent["message_id"]), "media": json.dumps(media)}
    await walk.call("editMessageMedia", files={"other": ("b.png", png(20, 30))}, **body)
    document = await walk.call("sendDocument", files={"document": ("a.txt", b"hola")}, **to)
    await walk.call("getFile", file_id=document["document"]["file_id"])
    await walk.call("sendVoice", files={"voice": ("a.ogg", VOICE)}, duration="3", **to)
    await walk.call("sendAudio", files={"audio": ("a.mp3", AUDIO)}, title="Uno", **to)
    await walk.call("sendVideo", files={"video": ("a.mp4", VIDEO)}, **to)
    await walk.call("sendAnimation", files={"animation": ("a.mp4", VIDEO)}, **to)
    await walk.call("sendVideoNote", files={"video_note": ("a.mp4", VIDEO)}, chat_id=str(LUCIA))
    await walk.call("sendSticker", files={"sticker": ("a.webp", WEBP)}, chat_id=str(LUCIA))


async def copies(walk: Walk) -> None:
    sent = await walk.call("sendMessage", chat_id=LUCIA, text="una nota")
    post = await say(walk.people, CHANNEL_ID, LUCIA, "un anuncio")
    to = {"chat_id": GROUP_ID, "from_chat_id": LUCIA}
    await walk.call("forwardMessage", **to, message_id=sent["message_id"])
    await walk.call("forwardMessage", chat_id=GROUP_ID, from_chat_id=CHANNEL_ID, message_id=post)
    await walk.call("copyMessage", **to, message_id=sent["message_id"])
    both = sorted((walk.started, sent["message_id"]))
    await walk.call("forwardMessages", **to, message_ids=both)
    await walk.call("copyMessages", **to, message_ids=both)


async def albums(walk: Walk) -> None:
    photo = await walk.call("sendPhoto", files={"photo": ("a.png", PNG)}, chat_id=str(LUCIA))
    item = {"type": "photo", "media": photo["photo"][0]["file_id"]}
    await walk.call("sendMediaGroup", chat_id=LUCIA, media=[item | {"caption": "una"}, item])


async def places(walk: Walk) -> None:
    where = {"chat_id": LUCIA, "latitude": 40.4, "longitude": -3.7}
    await walk.call("sendLocation", **where)
    await walk.call("sendVenue", **where, title="Biblioteca", address="Calle Mayor 1")
    await walk.call("sendContact", chat_id=LUCIA, phone_number="+34600000000", first_name="Ana")
    await walk.call("sendDice", chat_id=LUCIA)


async def polls(walk: Walk) -> None:
    quiz = {"type": "quiz", "is_anonymous": False, "correct_option_ids": [1], "explanation": "<i>dos</i>"}
    asked = {"question": "¿1 + 1?", "options": ["uno", {"text": "dos"}], "explanation_parse_mode": "HTML"}
    sent = await walk.call("sendPoll", chat_id=GROUP_ID, **asked, **quiz)
    path = f"/api/chats/{GROUP_ID}/messages/{sent['message_id']}/votes"
    await ask(walk.people, "POST", path, **{"from": BEN, "options": [0]})
    await walk.call("stopPoll", chat_id=GROUP_ID, message_id=sent["message_id"])
    await walk.call("sendPoll", chat_id=CHANNEL_ID, question="¿Cuándo?", options=["lunes", "martes"], open_period=600)


async def inline(walk: Walk) -> None:
    body = {"from": LUCIA, "chat_id": GROUP_ID, "query": "token"}
    asked = await ask(walk.people, "POST", "/api/inline", **body)
    content = {"message_text": "Un token es un trozo de texto"}
    result = {
        "type": "article",
        "id": "1",
        "title": "Token",
        "input_message_content": content,
        "reply_markup": KEYBOARD,
    }
    await walk.call("answerInlineQuery", inline_query_id=asked["inline_query_id"], results=[result])
    path = f"/api/inline/{asked['inline_query_id']}/choose"
    await ask(walk.people, "POST", path, **{"from": LUCIA, "result_id": "1"})
    *_, chosen = await walk.call("getUpdates", offset=-1)
    inline_id = chosen["chosen_inline_result"]["inline_message_id"]
    await walk.call("editMessageText", inline_message_id=inline_id, text="Un trozo")


async def chats(walk: Walk) -> None:
    for chat_id in (LUCIA, GROUP_ID, FORUM_ID, CHANNEL_ID):
        await walk.call("getChat", chat_id=chat_id)
        await walk.call("getChatMemberCount", chat_id=chat_id)
        for user_id in (LUCIA, BEN, 1003, THE_BOT):
            await walk.call("getChatMember", chat_id=chat_id, user_id=user_id)
    for chat_id in (GROUP_ID, FORUM_ID, CHANNEL_ID):
        await walk.call("getChatAdministrators", chat_id=chat_id)
    await walk.call("getUserProfilePhotos", user_id=LUCIA)
    await walk.call("setChatMenuButton", chat_id=LUCIA, menu_button={"type": "commands"})
    await walk.call("getChatMenuButton", chat_id=LUCIA)
    await walk.call("getChatMenuButton")


async def topics(walk: Walk) -> None:
    await walk.call("getForumTopicIconStickers")
    topic = await walk.call("createForumTopic", chat_id=FORUM_ID, name="Uno")
    where = {"chat_id": FORUM_ID, "message_thread_id": topic["message_thread_id"]}
    await walk.call("sendMessage", **where, text="dentro")
    await walk.call("editForumTopic", **where, name="Dos")
    await walk.call("closeForumTopic", **where)
    await walk.call("reopenForumTopic", **where)
    await walk.call("unpinAllForumTopicMessages", **where)
    await walk.call("deleteForumTopic", **where)
    await walk.call("editGeneralForumTopic", chat_id=FORUM_ID, name="Plaza")
    for done in ("close", "reopen", "hide", "unhide"):
        await walk.call(f"{done}GeneralForumTopic", chat_id=FORUM_ID)
    await walk.call("unpinAllGeneralForumTopicMessages", chat_id=FORUM_ID)


async def administration(walk: Walk) -> None:
    person = {"chat_id": FORUM_ID, "user_id": BEN}
    await walk.call("promoteChatMember", **person, can_manage_chat=True)
    await walk.call("promoteChatMember", **person, can_manage_chat=False)
    await walk.call("banChatMember", **person)
    await walk.call("getChatMember", **person)
    await walk.call("unbanChatMember", **person)
    await walk.call("getChatMember", **person)
    await walk.call("setChatTitle", chat_id=FORUM_ID, title="Taller")
    await walk.call("setChatDescription", chat_id=FORUM_ID, description="Los jueves")
    await walk.call("exportChatInviteLink", chat_id=FORUM_ID)
    await walk.call("getChat", chat_id=FORUM_ID)


async def settings(walk: Walk) -> None:
    await walk.call("getMe")
    await walk.call("setMyCommands", commands=[{"command": "help", "description": "Ayuda"}], language_code="es")
    assert len(await walk.call("getMyCommands", language_code="es")) == 1
    await walk.call("deleteMyCommands", language_code="es")
    for name, field_name in (
        ("Name", "name"),
        ("Description", "description"),
        ("ShortDescription", "short_description"),
    ):
        await walk.call(f"setMy{name}", **{field_name: "Tertulia de libros"}, language_code="es")
        assert (await walk.call(f"getMy{name}", language_code="es"))[field_name] == "Tertulia de libros"


async def moving(walk: Walk) -> None:
    await walk.call("getUpdates")
    await walk.call("setWebhook", url="http://127.0.0.1:9/hook", allowed_updates=["message"])
    await walk.call("getWebhookInfo")
    await walk.call("deleteWebhook")
    await walk.call("getWebhookInfo")
    await walk.call("leaveChat", chat_id=FORUM_ID)
    await walk.call("close")
    await walk.call("logOut")
