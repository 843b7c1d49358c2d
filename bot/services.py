"""What the application is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram.ext import Application

from bot.config import Settings
from bot.delivery import Delivery
from bot.guard import Lanes
from bot.inference.api import Inference
from bot.jobs import Jobs
from bot.library.library import Library
from bot.storage.database import Database

if TYPE_CHECKING:
    from bot.routing import Command


@dataclass(frozen=True, slots=True)
class Services:
    """What the application is made of; app.py builds it once."""

    settings: Settings
    database: Database
    inference: Inference
    delivery: Delivery
    commands: "Sequence[Command]"
    library: Library
    jobs: Jobs
    arrivals: Lanes
    conversations: Lanes


class ServedApplication(Application[Any, Any, Any, Any, Any, Any]):
    """PTB's application with our services beside it."""

    def __init__(self, *, services: Services, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.services = services
