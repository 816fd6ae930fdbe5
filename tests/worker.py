"""What a worker does with what was left to it, done here: the broker is the real one."""

from __future__ import annotations

from queue import Empty

from common import queues
from portal.celery import app


def waiting_tasks() -> list[tuple[str, list[object]]]:
    """Take every task of accounts and the portal from its queue, the oldest first."""
    found = [task for name in (queues.AT_ONCE, queues.DUTIES) for task in waiting_in(name)]
    return [
        (name, arguments) for name, arguments in found if name.startswith(("accounts.", "portal."))
    ]


def waiting_in(name: str) -> list[tuple[str, list[object]]]:
    found = []
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue(name)
        while True:
            try:
                message = queue.get(block=False)
            except Empty:
                break
            message.ack()
            found.append((message.headers["task"], message.payload[0]))
        queue.close()
    return found


def run_waiting_tasks() -> list[str]:
    """Do them; gives their names."""
    taken = waiting_tasks()
    for name, arguments in taken:
        app.tasks[name](*arguments)
    return [name for name, _arguments in taken]
