"""Chats and users as Telegram describes them, and their settings."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.tables import Chat, User


async def meet_chat(session: AsyncSession, chat_id: int, kind: str, title: str) -> Chat:
    """Return the chat's row, made or brought up to date."""
    row = await session.get(Chat, chat_id)
    if row is None:
        row = Chat(id=chat_id, type=kind, title=title, language="", chat_model="")
        session.add(row)
    row.type, row.title = kind, title
    return row


async def meet_user(session: AsyncSession, user_id: int, first_name: str, username: str, language_code: str) -> User:
    """Return the person's row, made or brought up to date."""
    row = await session.get(User, user_id)
    if row is None:
        row = User(id=user_id, language="")
        session.add(row)
    row.first_name, row.username, row.language_code = first_name, username, language_code
    return row


async def set_user_language(session: AsyncSession, user_id: int, language: str) -> None:
    """Store the language that a person chose; empty follows Telegram's language_code."""
    (await session.get_one(User, user_id)).language = language


async def set_chat_language(session: AsyncSession, chat_id: int, language: str) -> None:
    """Store the language of a chat, for posts that no person signs (channels)."""
    (await session.get_one(Chat, chat_id)).language = language


async def set_chat_model(session: AsyncSession, chat_id: int, model: str) -> None:
    """Store the chat model that a chat chose."""
    (await session.get_one(Chat, chat_id)).chat_model = model
