"""SQLite with one process-wide queue in front of every write.

SQLite has one writer at a time. Threads that find it busy sleep and try again, and some sleep for long (p95 13 to 18 times
the median was measured); threads that stand in a queue do not (1.7 times). The writer's place is taken before BEGIN IMMEDIATE,
or around a single writing statement outside a transaction, and given back at commit, rollback or close.

A server whose threads take turns keeps one connection warm, not one in each thread: whatever another connection has committed
makes SQLite forget the pages that it knows and the mapping of the file, and each page of the clinic commits, to the trail.
So a thread gives its connection back when the request has ended, and the one that was given back last is taken first.
"""
from __future__ import annotations

import contextlib
from collections import defaultdict
from typing import Any

from django.db import OperationalError, connections
from django.db.backends.sqlite3 import base

from waterneedle.clinic.database.sqlite.queue import Queue

_QUEUES: defaultdict[str, Queue] = defaultdict(Queue)  # one for each database file
_FREE: defaultdict[str, list[Any]] = defaultdict(list)  # connections that no thread has, by database file
_READS = ("SELECT", "PRAGMA", "EXPLAIN", "WITH", "VALUES")


class DatabaseWrapper(base.DatabaseWrapper):
    _held: Queue | None = None
    _gave_back: list[Any] | None = None  # where the connection went that this thread had

    def ensure_connection(self) -> None:
        if self.connection is None and self._gave_back:
            with contextlib.suppress(IndexError):  # another thread was faster
                self.connection = self._gave_back.pop()
                return
        super().ensure_connection()

    def give_back(self) -> None:
        """Let the next request have the connection, whichever thread answers it; but not one with something unfinished."""
        if self.connection is None or self.in_atomic_block or self.errors_occurred or self.connection.in_transaction:
            return
        connection, self.connection = self.connection, None
        self._gave_back = _FREE[str(self.settings_dict["NAME"])]
        self._gave_back.append(connection)

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=Cursor)
        cursor.wrapper = self
        return cursor

    def acquire_writer(self) -> None:
        """Wait for the only writer's place, at most as long as SQLite itself would wait."""
        if self._held is not None:
            return
        queue = _QUEUES[str(self.settings_dict["NAME"])]
        if not queue.acquire(self.settings_dict["OPTIONS"].get("timeout", 5)):
            raise OperationalError("database is locked by another thread of this process")
        self._held = queue

    def release_writer(self) -> None:
        if self._held is not None:
            queue, self._held = self._held, None
            queue.release()

    def _start_transaction_under_autocommit(self) -> None:
        self.acquire_writer()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.release_writer()
            raise

    def _commit(self) -> None:
        super()._commit()
        self.release_writer()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self.release_writer()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self.release_writer()


def give_back_after_requests(**signal: Any) -> None:
    """A receiver of `request_finished`, where a server's threads answer."""
    for here in connections.all(initialized_only=True):
        if isinstance(here, DatabaseWrapper):
            here.give_back()


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that takes the writer's place for a single writing statement outside a transaction."""

    wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        return self._alone(query, super().execute, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        return self._alone(query, super().executemany, param_list)

    def _alone(self, query: str, run: Any, params: Any) -> Any:
        if self.wrapper._held is not None or self.connection.in_transaction or query.lstrip()[:8].upper().startswith(_READS):
            return run(query, params)
        self.wrapper.acquire_writer()
        try:
            return run(query, params)
        finally:
            if not self.connection.in_transaction:
                self.wrapper.release_writer()
