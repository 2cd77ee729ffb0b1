"""Runs pip inside the image of the runtime: `run_steps.py <folder>`.

The folder has `steps.json`, a list of argument lists for pip, which are run until one fails. What they print goes to `log`, the exit
code of the last one to `code`.
"""

import json
import os
import subprocess
import sys

folder = sys.argv[1]
code = 0
with open(os.path.join(folder, "steps.json")) as file:
    steps = json.load(file)
with open(os.path.join(folder, "log"), "wb") as log:
    for step in steps:
        code = subprocess.call([sys.executable, "-m", "pip"] + step, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        if code != 0:
            break
with open(os.path.join(folder, "code"), "w") as file:
    file.write(str(code))
