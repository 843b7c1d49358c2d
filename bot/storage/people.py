"""Chats and users as Telegram describes them, and their settings."""

from sqlalchemy.orm import Session

from bot.storage.tables import Chat, User
from bot.storage.upsert import upsert

GROUPS = ("group", "supergroup")


def meet_chat(session: Session, chat_id: int, kind: str, title: str) -> Chat:
    """Return the chat's row, made or brought up to date."""
    row = upsert(session, Chat, ("id",), {"id": chat_id, "type": kind, "title": title})
    return Chat(**row._mapping)  # noqa: SLF001 - a public method, so named beside the columns


def meet_user(session: Session, user_id: int, first_name: str, username: str, language_code: str) -> User:
    """Return the person's row, made or brought up to date."""
    values = {"id": user_id, "first_name": first_name, "username": username, "language_code": language_code}
    return User(**upsert(session, User, ("id",), values)._mapping)  # noqa: SLF001 - as above


def silent(session: Session, chat_id: int, user_id: int) -> bool:
    """Tell whether nothing of what a person says in a chat is stored: they opted out, and it is a group."""
    user, chat = session.get(User, user_id), session.get(Chat, chat_id)
    return bool(user and user.opted_out and chat and chat.type in GROUPS)


def set_user_language(session: Session, user_id: int, language: str) -> None:
    """Store the language that a person chose; empty follows Telegram's language_code."""
    session.get_one(User, user_id).language = language


def set_chat_language(session: Session, chat_id: int, language: str) -> None:
    """Store the language of a chat, for posts that no person signs (channels)."""
    session.get_one(Chat, chat_id).language = language


def set_chat_model(session: Session, chat_id: int, model: str) -> None:
    """Store the chat model that a chat chose."""
    session.get_one(Chat, chat_id).chat_model = model


def set_verbose(session: Session, user_id: int, *, verbose: bool) -> None:
    """Store whether a person's answers carry a footer."""
    session.get_one(User, user_id).verbose = verbose
