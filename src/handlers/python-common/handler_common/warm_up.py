"""Loads a model while Lambda starts the sandbox, with a full processor and before the first request."""

import logging
import threading
from collections.abc import Callable, Mapping

# Lambda gives a start on demand 10 s, and then begins anew; a load that takes longer goes on in the first request.
ON_DEMAND_SECONDS = 8.0

_log = logging.getLogger(__name__)


def warm_up(load: Callable[[], object], env: Mapping[str, str]) -> None:
    """Begin to load; wait for it as long as the start may take. The first request tells the caller what went wrong."""

    def attempt() -> None:
        try:
            load()
        except Exception:
            _log.exception("The model could not be loaded; the first request tries again.")

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    # Provisioned concurrency and SnapStart have minutes, and nothing but a loaded model makes them worth it.
    is_on_demand = env.get("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand") == "on-demand"
    thread.join(ON_DEMAND_SECONDS if is_on_demand else None)
