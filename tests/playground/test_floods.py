"""Flood limits: Telegram's rates, on a clock that the tests turn."""

from collections.abc import Callable

import pytest

from bot.playground.api_error import ApiError
from bot.playground.floods import Floods, is_counted


class Clock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def floods(clock: Clock) -> Floods:
    return Floods(clock=clock)


@pytest.fixture
def send(floods: Floods) -> Callable[..., int]:
    """Send to a chat; returns the seconds to wait, 0 if it went out."""

    def send(chat_id: int, *, group: bool = False, messages: int = 1) -> int:
        try:
            floods.check(chat_id, group=group, messages=messages)
        except ApiError as error:
            return int((error.parameters or {})["retry_after"])
        floods.count(chat_id, group=group, messages=messages)
        return 0

    return send


def test_the_refusal_is_telegrams(floods: Floods) -> None:
    floods.count(5, group=False, messages=5)
    with pytest.raises(ApiError) as caught:
        floods.check(5, group=False)
    assert (caught.value.code, caught.value.description) == (429, "Too Many Requests: retry after 5")
    assert caught.value.parameters == {"retry_after": 5}


def test_a_chat_takes_a_burst_and_then_one_a_second(send: Callable[..., int], clock: Clock) -> None:
    assert [send(5) for _ in range(5)] == [0] * 5
    assert send(5) == 5
    clock.now += 4.5
    assert send(5) == 1
    clock.now += 0.5
    assert [send(5) for _ in range(6)] == [0] * 5 + [5]


def test_one_a_second_is_never_too_many(send: Callable[..., int], clock: Clock) -> None:
    for _ in range(300):
        assert send(5) == 0
        clock.now += 1


def test_a_group_takes_twenty_a_minute(send: Callable[..., int], clock: Clock) -> None:
    for _ in range(20):
        assert send(-5, group=True) == 0
        clock.now += 1
    assert send(-5, group=True) == 40
    assert send(5) == 0
    clock.now += 40
    assert [send(-5, group=True), send(-5, group=True)] == [0, 1]


def test_thirty_a_second_go_out_in_all(send: Callable[..., int], clock: Clock) -> None:
    assert [send(chat) for chat in range(30)] == [0] * 30
    assert send(31) == 1
    clock.now += 1
    assert send(31) == 0


def test_a_refused_call_costs_nothing(send: Callable[..., int], clock: Clock) -> None:
    assert [send(5) for _ in range(9)] == [0] * 5 + [5] * 4
    clock.now += 5
    assert send(5) == 0


def test_an_album_counts_each_item(send: Callable[..., int], clock: Clock) -> None:
    assert send(5, messages=3) == 0
    assert send(5, messages=3) == 5
    assert send(5, messages=2) == 0
    clock.now += 5
    assert send(5, messages=10) == 0  # more than the window holds: it must be empty
    clock.now += 1
    assert send(5) == 4


def test_waiting_as_long_as_told_is_enough(send: Callable[..., int], clock: Clock) -> None:
    waits = []
    for step in range(200):
        waits.append(seconds := send(-5, group=True, messages=step % 4 + 1))
        if seconds:
            clock.now += seconds
            assert send(-5, group=True, messages=step % 4 + 1) == 0
        clock.now += 0.37
    assert max(waits) > 5


def test_switched_off_nothing_is_counted(send: Callable[..., int], floods: Floods) -> None:
    floods.switch(on=False)
    assert [send(5) for _ in range(50)] == [0] * 50
    floods.switch(on=True)
    assert [send(5) for _ in range(6)] == [0] * 5 + [5]
    assert floods.chats == 1


def test_chats_are_forgotten_a_minute_later(send: Callable[..., int], floods: Floods, clock: Clock) -> None:
    for chat in range(500):
        assert send(chat) == 0
        clock.now += 0.5
    assert floods.chats == 120


@pytest.mark.parametrize(
    ("method", "counted"),
    [
        ("sendMessage", True),
        ("SENDPHOTO", True),
        ("sendMediaGroup", True),
        ("editMessageText", True),
        ("editMessageReplyMarkup", True),
        ("copyMessages", True),
        ("forwardMessage", True),
        ("sendChatAction", False),
        ("sendMessageDraft", False),
        ("editForumTopic", False),
        ("setMyCommands", False),
        ("getUpdates", False),
        ("deleteMessage", False),
    ],
)
def test_only_what_is_sent_counts(method: str, counted: bool) -> None:
    assert is_counted(method) is counted
