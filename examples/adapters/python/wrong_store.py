#!/usr/bin/env python3
"""Stores that are wrong in one way each, for people who want to see Assay find it: wrong_store.py WAY, or: assay demo"""
import contextlib
import fcntl
import os
import sys
import time

import assay_adapter
from assay_adapter import array_of, elements
from store import HELLO, Store, checked


class LosesTheLastWrite(Store):
    """What another worker has stored is never replaced, though the store says so."""

    def cache_set(self, key, value, ttl, backend):
        entry = self.found().get(checked(key))
        self.mine = getattr(self, "mine", set()) if self.size else set()
        if entry and checked(key) not in self.mine:
            return True
        self.mine.add(checked(key))
        return super().cache_set(key, value, ttl, backend)


class TearsValues(Store):
    """A list that replaces a list is there in halves for a moment."""

    def cache_set(self, key, value, ttl, backend):
        old = self.cache_get(key, None, backend)
        if isinstance(old, list) and isinstance(value, list) and len(old) == len(value) > 1:
            half = len(value) // 2
            super().cache_set(key, value[:half] + old[half:], ttl, backend)
        return super().cache_set(key, value, ttl, backend)


class KeepsItsLockWhenKilled(Store):
    """The lock is a file that is there: nobody takes it away when its owner dies."""

    @contextlib.contextmanager
    def locked(self, how):
        while True:
            try:
                os.close(os.open(self.lock_file + ".held", os.O_CREAT | os.O_EXCL))
                break
            except FileExistsError:
                time.sleep(0.0001)
        try:
            yield
        finally:
            os.unlink(self.lock_file + ".held")


class IgnoresTheTtl(Store):
    """Whatever is stored stays."""

    def store(self, pairs, ttl):
        return super().store(pairs, min(ttl, 0))


class ListsFromTwoStates(Store):
    """The keys of a list are looked up one by one."""

    def cache_get_multiple(self, keys, default, backend):
        pairs = elements(super().cache_get_multiple(keys, default, backend) or [])
        for pair in pairs:
            pair[1] = self.cache_get(str(pair[0]) if isinstance(pair[0], int) else pair[0], default, backend)
        return bool(self.size) and array_of(pairs)


class Leaks(Store):
    """The memory of what is deleted is never used again."""

    def change(self, change):
        def kept(entries):
            before = dict(entries)
            change(entries)
            for key in before.keys() - entries.keys():
                entries[f"{key} deleted at {time.clock_gettime_ns(time.CLOCK_BOOTTIME)}, {os.urandom(4).hex()}"] = before[key]
        return super().change(kept)

    def cache_info(self, backend):
        pairs = elements(super().cache_info(backend))
        live = sum(" deleted at " not in key for key in self.found())
        return array_of([key, live if key == "entry_count" else value] for key, value in pairs)


WAYS = {"lost-write": LosesTheLastWrite, "torn-values": TearsValues, "kept-lock": KeepsItsLockWhenKilled,
        "no-ttl": IgnoresTheTtl, "two-states": ListsFromTwoStates, "leak": Leaks}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in WAYS:
        sys.exit(f"wrong_store.py WAY; ways are {', '.join(WAYS)}")
    assay_adapter.run(WAYS[sys.argv[1]], name=f"python-store-{sys.argv[1]}", **HELLO)
