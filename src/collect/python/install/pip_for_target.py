"""Runs pip as if the markers of requirements were asked on the target: `pip_for_target.py <environment|-> <arguments of pip>`.

With --platform and --python-version pip picks the wheels of the target, but it still decides by the Python that runs it whether a
requirement such as `tomli; python_version < "3.11"` is meant (https://github.com/pypa/pip/issues/11664).
"""

import json
import runpy
import sys


def ask_as_target(environment):
    """Makes pip's copy of `packaging` give the target's environment; fails where a future pip asks elsewhere."""
    from pip._vendor.packaging import markers

    markers.default_environment = lambda: dict(environment)
    probe = "python_full_version == '%s' and sys_platform == '%s'" % (
        environment["python_full_version"],
        environment["sys_platform"],
    )
    if not markers.Marker(probe).evaluate() or markers.Marker("os_name == 'none'").evaluate():
        sys.exit("lambda-slim: this pip cannot be told what the target is; another version of pip, or uv, can")


if __name__ == "__main__":
    if sys.argv[1] != "-":
        ask_as_target(json.loads(sys.argv[1]))
    sys.argv[1:] = sys.argv[2:]
    # pip tells of a conflict in parts on both streams; as one they arrive in order.
    sys.stdout = sys.stderr
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
