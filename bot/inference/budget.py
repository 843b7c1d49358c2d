"""What models take on each device, and what is left: figures only, so that nobody loads what does not fit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Booking:
    """Memory on a device that a loading or loaded model has to itself, in bytes."""

    model: str
    engine: str
    device: str
    size: int


@dataclass(slots=True)
class Budget:
    """The bookings on all devices. A model is booked with an estimate and corrected once it is measured.

    Pure and not thread-safe. What was measured stands in for the estimate at the model's next load there.
    """

    capacity: Mapping[str, int] = field(default_factory=dict)
    _bookings: list[Booking] = field(default_factory=list)
    _measured: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def book(self, model: str, engine: str, device: str, size: int) -> Booking:
        """Set memory aside before a load."""
        booking = Booking(model, engine, device, size)
        self._bookings.append(booking)
        return booking

    def measured(self, booking: Booking, size: int) -> None:
        """Correct a booking by what the loaded model really takes; 0 means that it could not be measured."""
        if size > 0:
            booking.size = self._measured[booking.model, booking.engine, booking.device] = size

    def release(self, booking: Booking) -> None:
        """Give a booking's memory back; a second time changes nothing."""
        if booking in self._bookings:
            self._bookings.remove(booking)

    def need(self, model: str, engine: str, device: str, estimate: int) -> int:
        """Return what a model takes: as measured, or else the estimate."""
        return self._measured.get((model, engine, device), estimate)

    def used(self, device: str) -> int:
        """Return how much is booked on a device."""
        return sum(booking.size for booking in self._bookings if booking.device == device)

    def room(self, without: Iterable[Booking] = ()) -> dict[str, int]:
        """Return what is left on each device, were the bookings `without` released; never below 0."""
        spared = {id(booking) for booking in without}
        left = dict(self.capacity)
        for booking in self._bookings:
            if id(booking) not in spared:
                left[booking.device] = left.get(booking.device, 0) - booking.size
        return {device: max(size, 0) for device, size in left.items()}
