"""The process protocol of Assay (docs/adapter-protocol.md) for a store written in Python: copy it beside yours.

    assay_adapter.run(Store, name="mine", version="1", features=["static_cache", "static_cache.volatile", ...])

A Store is made once, in the adapter, from the directives; then each worker is forked, so that memory which it shares is
shared by all. An operation calls the method of its name with its parameters, and what that returns is the reply; without a
method it is not supported. Values and keys are as they stand in JSON.
"""
import json
import multiprocessing.connection
import os
import sys
import time

FORK = multiprocessing.get_context("fork")


class Thrown(Exception):
    """What PHP code would have thrown: raise Thrown("ValueError", "the key must not be empty")."""


def elements(array):
    """The pairs of a value that is an array, in order: [[key, value], ...]."""
    return array["$array"] if isinstance(array, dict) else [[i, value] for i, value in enumerate(array)]


def array_of(pairs):
    """The value with these elements, in the one form that it has in JSON."""
    pairs = [list(pair) for pair in pairs]
    if all(type(key) is int and key == i for i, (key, _) in enumerate(pairs)):
        return [value for _, value in pairs]
    return {"$array": pairs}


def meet(place):
    """Waits in the middle of a request until the suite lets it go on."""
    open(place + ".arrived", "w").close()
    while not os.path.exists(place + ".go"):
        time.sleep(0.0002)
    return True


def reply(store, scratch, operation):
    name = operation.pop("op")
    own = {"process_id": os.getpid, "time": lambda: int(time.time()),
           "rendezvous": lambda: meet(f"{scratch}/rendezvous-{operation['name']}")}
    if name in own:
        return {"value": own[name]()}
    if not name.startswith("cache_") or not hasattr(store, name):
        return {"unsupported": f"this store has no {name}"}
    try:
        return {"value": getattr(store, name)(**operation)}
    except Thrown as thrown:
        return {"thrown": {"class": thrown.args[0], "message": thrown.args[1]}}


def serve(store, scratch, pipe):
    """The life of a worker."""
    while True:
        message = json.loads(pipe.recv_bytes())
        replies = [reply(store, scratch, operation) for operation in message["operations"]]
        pipe.send_bytes(json.dumps({"id": message["id"], "replies": replies}).encode())


def say(line):
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


class Adapter:
    def __init__(self, make_store, hello):
        self.make_store, self.hello = make_store, hello
        self.workers, self.busy = {}, {}  # by the number of the worker: its process and pipe; the request that it serves

    def begin(self, number):
        ours, theirs = FORK.Pipe()
        process = FORK.Process(target=serve, args=(self.store, self.scratch, theirs), daemon=True)
        process.start()
        theirs.close()
        self.workers[number] = process, ours
        return process.pid

    def stop(self, number):
        if number in self.workers:
            process, pipe = self.workers.pop(number)
            process.kill()
            process.join()
            pipe.close()

    def start(self):
        self.scratch = self.configuration["scratch"]
        self.store = self.make_store(self.configuration["ini"], self.scratch)
        return [self.begin(number) for number in range(sum(pool["workers"] for pool in self.configuration["pools"]))]

    def answer(self, message):
        """The answer to a message that is no request."""
        if "hello" in message:
            return {"hello": self.hello}
        if "start" in message:
            self.configuration = message["start"]
            return {"workers": self.start()}
        if "replace" in message:
            self.stop(message["replace"])
            return {"workers": [self.begin(message["replace"])]}
        if "reload" in message:
            for number in list(self.workers):
                self.stop(number)
            return {"workers": self.start()}
        return {"error": "this adapter does not know such a message"}

    def take(self, message, line):
        number = message.get("worker")
        if number is None:
            return say(json.dumps({"id": message["id"], **self.answer(message)}).encode())
        self.busy[number] = message["id"]
        try:
            self.workers[number][1].send_bytes(line)
        except (KeyError, OSError):
            self.bury(number)

    def bury(self, number):
        """A worker ended by itself, or was killed."""
        self.stop(number)
        if number in self.busy:
            say(json.dumps({"id": self.busy.pop(number), "died": f"worker {number} ended"}).encode())

    def run(self):
        partial = b""
        while True:
            pipes = {pipe: number for number, (_, pipe) in self.workers.items()}
            ready = multiprocessing.connection.wait([0, *pipes])
            for pipe in set(ready) - {0}:
                try:
                    say(pipe.recv_bytes())
                    del self.busy[pipes[pipe]]
                except (EOFError, OSError):
                    self.bury(pipes[pipe])
            if 0 in ready:
                chunk = os.read(0, 1 << 20) or b'{"end": {}}\n'
                *lines, partial = (partial + chunk).split(b"\n")
                for line in lines:
                    message = json.loads(line)
                    if "end" in message:
                        return
                    self.take(message, line)


def run(make_store, *, name, version, features, choices={}, unknown_operations={}, interposer=False):
    Adapter(make_store, {"protocol": 1, "name": name, "version": version, "features": features, "choices": choices,
                         "unknown_operations": unknown_operations, "interposer": interposer}).run()
