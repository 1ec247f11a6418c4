#!/usr/bin/env python3
"""A cache of values over multiprocessing.shared_memory, for Assay: assay run --target process:command="python3 store.py"

The memory holds two halves, each a whole image of the entries, and a byte that says which one is valid. A change is written
into the other half; then the byte is changed. Whoever dies in between has changed nothing, and the record lock dies with it.
"""
import bisect
import contextlib
import fcntl
import json
import os
import pickle
import time
from multiprocessing.shared_memory import SharedMemory

from assay_adapter import Thrown, array_of, elements, run

MIB = 1 << 20
RESERVED = ("pinned_static_class:", "volatile_static_class:")


def checked(key):
    """A key as it is stored: text or bytes, nothing else, and not empty."""
    key = str(key) if type(key) is int else key
    is_text = isinstance(key, str) and key != "" and not key.startswith(RESERVED)
    if is_text or (isinstance(key, dict) and "$bytes" in key):
        return json.dumps(key)
    raise Thrown("ValueError", "a key must be an integer or a text, not empty, without a reserved prefix")


def element_key(key):
    """PHP arrays have integer keys for decimal texts."""
    is_decimal = isinstance(key, str) and key.isascii() and key.removeprefix("-").isdecimal() and str(int(key)) == key
    return int(key) if is_decimal and -2**63 <= int(key) < 2**63 else key


class Store:
    def __init__(self, ini, scratch):
        self.size = int(ini.get("opcache.static_cache.volatile_size_mb", "8")) * MIB
        self.half = self.size + 64
        self.lock_file, self.opened_by = scratch + "/store.lock", None
        self.memory = SharedMemory(create=True, size=1 + 2 * self.half)
        self.memory.unlink()  # workers have it; nothing is left behind, whoever dies
        self.write({})

    @contextlib.contextmanager
    def locked(self, how):
        if self.opened_by != os.getpid():
            self.lock, self.opened_by = open(self.lock_file, "a+b"), os.getpid()
        fcntl.lockf(self.lock, how)
        try:
            yield
        finally:
            fcntl.lockf(self.lock, fcntl.LOCK_UN)

    def read(self):
        at = 1 + self.memory.buf[0] * self.half
        return pickle.loads(self.memory.buf[at + 8:at + 8 + int.from_bytes(self.memory.buf[at:at + 8], "little")])

    def write(self, entries):
        """False where they do not fit: nothing has changed then."""
        image = pickle.dumps(entries)
        if len(image) > self.size and entries:
            return False
        other = 1 - self.memory.buf[0]
        at = 1 + other * self.half
        self.memory.buf[at + 8:at + 8 + len(image)] = image
        self.memory.buf[at:at + 8] = len(image).to_bytes(8, "little")
        self.memory.buf[0] = other
        return True

    def entries(self):
        """The live ones: key -> (value, end of its life, 0 for none)."""
        now = int(time.time())
        return {key: entry for key, entry in self.read().items() if not entry[1] or now < entry[1]}

    def store(self, pairs, ttl):
        """One by one, up to the first that does not fit."""
        if ttl < 0:
            raise Thrown("ValueError", "the time to live must be greater than or equal to 0")
        pairs = [(checked(key), value) for key, value in pairs]
        with self.locked(fcntl.LOCK_EX):
            entries = self.entries()
            stored = [(key, (json.dumps(value), int(time.time()) + ttl if ttl else 0)) for key, value in pairs]
            first = bisect.bisect(range(len(stored)), False, key=lambda i: not self.write({**entries, **dict(stored[:i + 1])}))
            return self.write({**entries, **dict(stored[:first])}) and first == len(stored)

    def change(self, change):
        with self.locked(fcntl.LOCK_EX):
            entries = self.entries()
            change(entries)
            return self.write(entries)

    def found(self):
        """Who was found to be expired stays so, also if the clock goes back."""
        with self.locked(fcntl.LOCK_EX):
            entries = self.entries()
            if len(entries) < len(self.read()):
                self.write(entries)
            return entries

    def cache_get(self, key, default, backend):
        key = checked(key)
        entry = self.found().get(key)
        return False if not self.size else json.loads(entry[0]) if entry else default

    def cache_get_multiple(self, keys, default, backend):
        keys = {checked(key): element_key(key) for _, key in elements(keys)}
        entries = self.found()
        pairs = ((name, json.loads(entries[key][0]) if key in entries else default) for key, name in keys.items())
        return bool(self.size) and array_of(pairs)

    def cache_set(self, key, value, ttl, backend):
        return self.store([(key, value)], ttl)

    def cache_set_multiple(self, values, ttl, backend):
        if any(isinstance(key, int) for key, _ in elements(values)):
            raise Thrown("ValueError", "setMultiple needs string keys")
        return self.store(elements(values), ttl)

    def cache_has(self, key, backend):
        key = checked(key)
        return bool(self.size) and key in self.found()

    def cache_delete(self, key, backend):
        return self.cache_delete_multiple([key], backend)

    def cache_delete_multiple(self, keys, backend):
        keys = [checked(key) for _, key in elements(keys)]
        return bool(self.size) and self.change(lambda entries: [entries.pop(key, None) for key in keys])

    def cache_clear(self, backend):
        return bool(self.size) and self.change(dict.clear)

    def cache_info(self, backend):
        on = bool(self.size)
        return array_of({
            "enabled": on, "available": on, "startup_failed": False, "backend_initialized": on,
            "configured_memory": self.size, "shared_memory": self.size, "entry_count": len(self.found()),
            "segment_count": int(on), "shared_model": "shared_memory" if on else "", "failure_reason": None}.items())


HELLO = {
    "version": "1", "interposer": True,
    "features": ["static_cache", "static_cache.volatile", "static_cache.ttl", "workers", "workers.processes", "reload",
                 "rendezvous", "clock.virtual", "fault", "fault.kill"],
    "choices": {"evict": "refuse", "multi-read": "snapshot", "class-keys": "no", "scalar-inline": "no"}}

if __name__ == "__main__":
    run(Store, name="python-store", **HELLO)
