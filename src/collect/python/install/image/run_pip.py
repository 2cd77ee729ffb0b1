"""Runs pip with names of temporary folders that are the same each time, since compilers write them into what they make."""

import itertools
import runpy
import sys
import tempfile
import uuid

numbers = itertools.count(1)
tempfile._name_sequence = map("{:08d}".format, numbers)
uuid.uuid4 = lambda: uuid.UUID(int=next(numbers))
sys.argv[0] = "pip"
runpy.run_module("pip", run_name="__main__", alter_sys=True)
