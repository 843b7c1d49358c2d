"""What models take and what is left, and how fast they write: figures alone."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inference.budget import Budget
from bot.inference.throughput import Throughput


def test_a_booking_takes_room_until_it_is_released() -> None:
    budget = Budget({"cpu": 10, "cuda:0": 5})
    booking = budget.book("a", "torch", "cpu", 4)
    assert budget.room() == {"cpu": 6, "cuda:0": 5}
    assert budget.used("cpu") == 4
    assert budget.room(without=[booking]) == {"cpu": 10, "cuda:0": 5}
    budget.release(booking)
    budget.release(booking)
    assert budget.room() == {"cpu": 10, "cuda:0": 5}


def test_what_was_measured_corrects_the_booking_and_the_next_estimate() -> None:
    budget = Budget({"cpu": 10})
    booking = budget.book("a", "torch", "cpu", budget.need("a", "torch", "cpu", 4))
    budget.measured(booking, 6)
    assert budget.used("cpu") == 6
    budget.release(booking)
    assert budget.need("a", "torch", "cpu", 4) == 6
    assert budget.need("a", "openvino", "cpu", 4) == 4
    assert budget.need("a", "torch", "cuda:0", 4) == 4


def test_what_could_not_be_measured_stays_an_estimate() -> None:
    budget = Budget({"cpu": 10})
    budget.measured(budget.book("a", "torch", "cpu", 4), 0)
    assert (budget.used("cpu"), budget.need("a", "torch", "cpu", 4)) == (4, 4)


def test_a_device_that_holds_more_than_it_should_has_no_room() -> None:
    budget = Budget({"cpu": 10})
    budget.book("a", "torch", "cpu", 14)
    assert budget.room() == {"cpu": 0}


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(1, 50)), max_size=20), st.data())
def test_room_and_use_add_up_to_the_capacity(sizes: list[tuple[str, int]], data: st.DataObject) -> None:
    budget = Budget({"a": 1000, "b": 1000})
    bookings = [budget.book("m", "torch", device, size) for device, size in sizes]
    for booking in bookings:
        if data.draw(st.booleans()):
            budget.release(booking)
    assert {device: left + budget.used(device) for device, left in budget.room().items()} == budget.capacity


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_speed_is_that_of_the_time_in_which_something_was_written() -> None:
    clock = Clock()
    throughput = Throughput(clock)
    assert throughput.per_second() == 0
    for clock.now in (1.0, 2.0, 100.0):  # one second each, and nothing for long in between
        throughput.add(8, 1.0)
    assert throughput.per_second() == pytest.approx(8)


def test_two_models_that_write_at_once_add_up() -> None:
    clock = Clock(1.0)
    throughput = Throughput(clock)
    throughput.add(10, 1.0)
    throughput.add(20, 1.0)
    assert throughput.per_second() == pytest.approx(30)


def test_speed_forgets_after_five_minutes() -> None:
    clock = Clock(1.0)
    throughput = Throughput(clock)
    throughput.add(100, 1.0)
    clock.now = 200.0
    throughput.add(10, 1.0)
    clock.now = 302.0
    assert throughput.per_second() == pytest.approx(10)
    clock.now = 600.0
    assert throughput.per_second() == 0


def test_a_long_answer_leaves_the_window_in_slices() -> None:
    clock = Clock()
    throughput = Throughput(clock)
    for second in range(1, 601):
        clock.now = float(second)
        throughput.add(2 if second <= 300 else 4, 1.0)
    assert throughput.per_second() == pytest.approx(4, rel=0.05)


def test_steps_that_write_nothing_do_not_count() -> None:
    clock = Clock(5.0)
    throughput = Throughput(clock)
    throughput.add(0, 5.0)
    assert throughput.per_second() == 0
