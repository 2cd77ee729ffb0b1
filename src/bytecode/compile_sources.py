"""Compiles modules to bytecode without running them: `compile_sources.py <jobs.json> checked|unchecked`.

Each job is `[source, name, target]`: the file to compile, the name that its code is to have, and the file that takes the bytecode.
A source that does not compile leaves no file. The bytecode holds a hash of its source, as PEP 552 has it, and no time.
"""

import importlib.util
import json
import marshal
import struct
import sys

# Flags of PEP 552.
HASH, CHECK = 0b01, 0b10


def compile_job(source, name, target, flags):
    with open(source, "rb") as file:
        data = file.read()
    try:
        # As importlib does it; "optimize" keeps assertions and docstrings whatever the environment says.
        code = compile(data, name, "exec", dont_inherit=True, optimize=0)
        body = marshal.dumps(code)
    except Exception:  # Each kind of unfit source has an error of its own.
        return
    header = importlib.util.MAGIC_NUMBER + struct.pack("<I", flags) + importlib.util.source_hash(data)
    with open(target, "wb") as file:
        file.write(header + body)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        jobs = json.load(file)
    flags = HASH | CHECK if sys.argv[2] == "checked" else HASH
    for job in jobs:
        compile_job(*job, flags)


main()
