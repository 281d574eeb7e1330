"""The queue in front of the writer: in order, with an end to waiting, and never lost."""
from __future__ import annotations

import threading

from waterneedle.clinic.database.sqlite.queue import Queue


def waiting(queue: Queue) -> int:
    return len(queue._waiting)


def stands_in(queue: Queue, work, timeout_s: float = 60) -> threading.Thread:
    """Somebody who has come into the queue before this returns."""
    before = waiting(queue)
    thread = threading.Thread(target=lambda: work(queue.acquire(timeout_s)))
    thread.start()
    while waiting(queue) == before:
        thread.join(0.001)
    return thread


def test_who_comes_first_is_first_and_who_gave_it_back_stands_last():
    queue, order = Queue(), []
    assert queue.acquire(1)

    def work(number):
        def done(got):
            order.append((number, got))
            queue.release()
        return done

    threads = [stands_in(queue, work(number)) for number in range(5)]
    queue.release()
    assert queue.acquire(60)  # asked again at once: behind the five
    order.append(("again", True))
    queue.release()
    for one in threads:
        one.join()

    assert order == [*((number, True) for number in range(5)), ("again", True)]
    assert queue.acquire(0)


def test_who_has_waited_long_enough_leaves_and_the_next_one_is_served():
    queue, got = Queue(), []
    assert queue.acquire(1)
    impatient = threading.Thread(target=lambda: got.append(queue.acquire(0.01)))
    impatient.start()
    impatient.join()
    patient = stands_in(queue, got.append)
    queue.release()
    patient.join()

    assert got == [False, True]


def test_a_place_that_comes_at_the_end_of_the_wait_is_not_lost():
    """Some waits end just as the place is handed over: whoever was told yes holds it alone, and it is free in the end."""
    queue, inside, most, served = Queue(), [0], [0], []

    def work():
        for _ in range(300):
            if queue.acquire(0.0002):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                served.append(1)
                inside[0] -= 1
                queue.release()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert most == [1] and served
    assert queue.acquire(0) and waiting(queue) == 0
