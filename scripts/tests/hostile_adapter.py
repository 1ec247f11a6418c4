#!/usr/bin/env python3
"""An adapter that keeps to the protocol but in the one way that its argument names: hostile_adapter.py WAY"""
import json
import os
import signal
import subprocess
import sys
import time

way = sys.argv[1]
store = {}


def raw(text):
    os.write(1, text if isinstance(text, bytes) else text.encode())


def say(message):
    raw(json.dumps(message) + "\n")


def sleep():
    while True:
        time.sleep(3600)


def never_ending(text):
    while True:
        raw(text)


def go_to_the_background():
    """The child answers when its parent has ended, not before: who asks could not know of it."""
    parent = os.getpid()
    if os.fork():
        os._exit(0)
    while os.getppid() == parent:
        time.sleep(0.001)


HELLO = {"protocol": 1, "name": "hostile", "version": "1", "features": ["static_cache", "static_cache.volatile"]}
AT_ONCE = {
    "exits": lambda: (print("no memory today", file=sys.stderr), sys.exit(3)),
    "exits-with-0": lambda: sys.exit(0),
    "is-killed": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "is-silent": sleep,
    "closes-its-output": lambda: (os.close(1), sleep()),
    "closes-its-input": lambda: (os.close(0), sleep()),
    "stops-itself": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "prints-a-banner": lambda: raw("Welcome to my cache!\n"),
    "prints-bytes": lambda: raw(bytes(range(128, 256)) + b"\n"),
    "floods": lambda: never_ending('{"id":77,"replies":[]}\n' * 1000),
    "floods-one-line": lambda: never_ending("x" * 65536),
    "spins": lambda: [None for _ in iter(int, 1)],
    "goes-to-the-background": go_to_the_background,
    "leaves-a-child": lambda: subprocess.Popen(["sleep", "1000"], start_new_session=True, stdin=subprocess.DEVNULL),
    "leaves-a-child-with-its-output": lambda: (subprocess.Popen(["sleep", "1000"], start_new_session=True), sys.exit(4)),
}
HELLOS = {
    "speaks-version-2": {**HELLO, "protocol": 2},
    "has-no-version": {k: v for k, v in HELLO.items() if k != "protocol"},
    "has-a-field-too-many": {**HELLO, "feature": []},
    "has-no-name": {**HELLO, "name": ""},
    "has-no-features": {k: v for k, v in HELLO.items() if k != "features"},
    "features-are-a-text": {**HELLO, "features": "static_cache"},
    "choices-are-numbers": {**HELLO, "choices": {"evict": 1}},
    "unknown-operation-in-hello": {**HELLO, "unknown_operations": {"cache_get_all": "not there"}},
    "interposer-is-a-text": {**HELLO, "interposer": "yes"},
    "hello-is-a-list": [1],
}
LINES = {
    "answers-another-message": '{"id":99,"hello":{}}\n',
    "answers-without-a-number": '{"hello":{}}\n',
    "answers-with-a-list": '[1,2]\n',
    "answers-half-a-line": '{"id":1,"hel',
    "answers-with-a-text-as-id": '{"id":"1","hello":{}}\n',
    "answers-with-a-huge-id": '{"id":4294967297,"hello":{}}\n',
}
PROCESSES = {
    "names-init": lambda: 1,
    "names-itself": os.getpid,
    "names-the-suite": os.getppid,
    "names-nobody": lambda: 4194303,
    "names-a-zombie": lambda: zombie(),
    "names-no-process": lambda: None,
    "names-a-text": lambda: "4711",
    "names-a-negative": lambda: -1,
}


def zombie():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    return pid


def bystander():
    return subprocess.Popen(["sleep", "1000"]).pid


def lossy(how, value):
    """What becomes of a value on the way through an adapter that cannot carry it."""
    if how == "rounds-numbers" and isinstance(value, int) and not isinstance(value, bool):
        return int(float(value)) if abs(value) < 2**63 - 1000 else 2**63 - 1025
    if how == "loses-bytes" and isinstance(value, dict) and "$bytes" in value:
        return "?"
    if how == "sorts-arrays" and isinstance(value, dict) and "$array" in value:
        return {"$array": sorted(value["$array"], key=lambda pair: str(pair[0]))}
    return value


def reply(operation):
    name = operation["op"]
    if name == "cache_set":
        value = operation["value"]
        if way == "its-store-rounds-numbers":
            value = lossy("rounds-numbers", value)
        store[operation["key"]] = value
        return {"value": True}
    if name == "cache_get":
        return {"value": lossy(way, store.get(operation["key"], operation["default"]))}
    if name == "cache_delete":
        return {"value": store.pop(operation["key"], True) and True}
    if name == "process_id":
        return {"value": os.getpid()}
    if name == "time" and way == "claims-the-clock":
        return {"value": int(time.time())}
    return {"value": True} if way == "knows-every-operation" else {"unsupported": "not here"}


def answer(message):
    id = message["id"]
    if "hello" in message:
        features = HELLO["features"] + (["workers", "workers.processes"] if way in PROCESSES or way in (
            "names-one-twice", "names-bystanders", "waits-for-the-stopped") else [])
        features += ["clock.virtual"] if way == "claims-the-clock" else []
        features += ["fault", "fault.kill"] if way in ("claims-faults", "claims-faults-for-nobody") else []
        say({"id": id, "hello": HELLOS.get(way, {**HELLO, "features": features, "interposer": way == "claims-faults-for-nobody"})})
        if way == "exits-after-hello":
            sys.exit(5)
        if way == "answers-twice":
            say({"id": id, "hello": HELLO})
    elif "start" in message:
        count = sum(pool["workers"] for pool in message["start"]["pools"])
        if way == "refuses-to-start":
            return say({"id": id, "error": "the port 4711 is in use"})
        if way == "is-silent-at-start":
            sleep()
        if way == "starts-too-few":
            return say({"id": id, "workers": []})
        if way == "starts-with-another-field":
            return say({"id": id, "pids": [None] * count})
        if way == "names-one-twice":
            return say({"id": id, "workers": [bystander()] * count})
        if way in ("names-bystanders", "waits-for-the-stopped"):
            workers.extend(bystander() for _ in range(count))
            return say({"id": id, "workers": workers})
        say({"id": id, "workers": [PROCESSES[way]() if way in PROCESSES else None] * count})
    elif "operations" in message:
        if way == "refuses-unknown-fields" and "assay_unknown_field" in message:
            return say({"id": id, "error": "unknown field"})
        if way == "waits-for-the-stopped":
            time.sleep(0.3)
            while " T" in open(f"/proc/{workers[0]}/stat").read()[:40]:
                time.sleep(0.01)
        replies = [reply(operation) for operation in message["operations"]]
        if way == "waits-for-the-stopped":
            replies = [{"unsupported": "not here"} if "process" in r["op"] else a for r, a in zip(message["operations"], replies)]
        if way == "replies-too-often":
            replies.append({"value": 1})
        if way == "replies-nothing-known":
            replies = [{"result": 1} for _ in replies]
        if way == "dies-in-a-request" and replies:
            os.abort()
        say({"id": id, "replies": replies})
    elif way == "overlooks-messages":
        pass
    elif way == "takes-every-message":
        say({"id": id, "replies": []})
    elif "end" in message:
        if way == "does-not-end":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            sleep()
        sys.exit(0)
    else:
        say({"id": id, "error": "unknown message"})


workers = []
if way in AT_ONCE:
    AT_ONCE[way]()
for line in sys.stdin:
    if way in LINES:
        raw(LINES[way])
        continue
    answer(json.loads(line))
