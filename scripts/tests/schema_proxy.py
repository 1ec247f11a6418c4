#!/usr/bin/env python3
"""Stands between the suite and an adapter and holds each line against the JSON Schema: schema_proxy.py SCHEMA LOG COMMAND...
What does not fit is a line of LOG; so is, at the end, how many lines were held against it."""
import json
import os
import select
import signal
import subprocess
import sys

import jsonschema

schema, log, command = json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3:]
counts = {}


def validator(name):
    return jsonschema.Draft202012Validator({**{k: v for k, v in schema.items() if k != "anyOf"}, "$ref": f"#/$defs/{name}"})


def note(text):
    with open(log, "a") as file:
        file.write(text + "\n")


def hold(name, line):
    message = json.loads(line)
    for error in list(VALIDATORS[name].iter_errors(message))[:1]:
        note(f"WRONG {name}: {error.message[:300]}: {line[:300]!r}")
    kinds = [kind for kind in ("hello", "start", "operations", "replace", "reload", "end", "workers", "replies", "died", "error") if kind in message]
    counts[name + " " + kinds[0]] = counts.get(name + " " + kinds[0], 0) + 1


VALIDATORS = {name: validator(name) for name in ("from_suite", "from_adapter")}
adapter = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
ends = {0: ("from_suite", adapter.stdin.fileno()), adapter.stdout.fileno(): ("from_adapter", 1)}
partial = {end: b"" for end in ends}
while True:
    ready, _, _ = select.select(list(ends), [], [])
    ended = False
    for end in ready:
        name, other = ends[end]
        chunk = os.read(end, 1 << 20)
        ended = ended or not chunk
        *lines, partial[end] = (partial[end] + chunk).split(b"\n")
        for line in lines:
            # The self-check says on purpose what no schema has.
            if b"assay_no_such" not in line:
                hold(name, line)
            view = memoryview(line + b"\n")
            while view:
                view = view[os.write(other, view):]
    if ended:
        break
note("held " + json.dumps(counts))
adapter.stdin.close()
sys.exit(adapter.wait())
