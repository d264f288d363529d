"""Adapter. A thread makes the next items while the present one is worked on."""

from __future__ import annotations

from collections.abc import Generator
from queue import SimpleQueue
from threading import Event, Semaphore, Thread, current_thread
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


def ahead(items: Generator[_Item], most: int) -> Generator[_Item]:
    """Yield what a generator yields, made ahead by a thread.

    What the generator raises is raised here, at the item that it did not make. Closing this one closes the other, and no thread
    is left.

    Args:
        items: runs in the thread alone, from its first item to its end.
        most: so many items are kept ready, besides the one that was given out.
    """
    maker = _Maker(items, most)
    thread = Thread(target=maker.run, name="ahead", daemon=True)
    thread.start()
    try:
        yield from maker.taken()
    finally:
        maker.stop()
        if thread is not current_thread():  # whoever forgets a generator may have it collected in any thread
            thread.join()


class _Maker(Generic[_Item]):
    """Makes items in one thread for another. No pool of threads: collected as garbage, it may drop what it was told to close."""

    def __init__(self, items: Generator[_Item], most: int) -> None:
        self._items, self._room, self._leaving = items, Semaphore(most), Event()
        self._made = SimpleQueue[_Item | _End]()

    def run(self) -> None:
        end = _End()
        try:
            while self._may_go_on() and (item := next(self._items, end)) is not end:
                self._made.put(item)
            self._items.close()
        except BaseException as fault:  # noqa: BLE001 - it is raised where the item is missing
            end.fault = fault
        self._made.put(end)

    def _may_go_on(self) -> bool:
        self._room.acquire()
        return not self._leaving.is_set()

    def taken(self) -> Generator[_Item]:
        while not isinstance(item := self._made.get(), _End):
            self._room.release()
            yield item
        if item.fault:
            raise item.fault

    def stop(self) -> None:
        self._leaving.set()
        self._room.release()


class _End:
    """Stands behind the last item, with what kept the next one from being made."""

    fault: BaseException | None = None
