"""Loading once, at the start, and from a mounted file system; and ranks."""

import logging
import sys
import tempfile
import threading
import unittest
from unittest import mock

from handler_common import warm_up as module
from handler_common.load_once import load_once
from handler_common.packages_dir import add_packages_dir
from handler_common.rank import rank, softmax
from handler_common.warm_up import warm_up


class LoadOnce(unittest.TestCase):
    def test_loads_once_also_when_asked_side_by_side(self) -> None:
        loads = []
        load = load_once(lambda: loads.append(1) or "model")
        threads = [threading.Thread(target=load) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((load(), len(loads)), ("model", 1))

    def test_a_failed_load_is_tried_again(self) -> None:
        attempts = iter([OSError("not yet"), "model"])

        def attempt():
            outcome = next(attempts)
            if isinstance(outcome, OSError):
                raise outcome
            return outcome

        load = load_once(attempt)
        self.assertRaises(OSError, load)
        self.assertEqual(load(), "model")


class WarmUp(unittest.TestCase):
    def test_waits_for_the_model(self) -> None:
        loaded = []
        warm_up(lambda: loaded.append(1), {})
        self.assertEqual(loaded, [1])

    def test_a_failure_is_logged_and_the_start_goes_on(self) -> None:
        def load():
            raise OSError("EFS is away")

        with self.assertLogs("handler_common", logging.ERROR) as logged:
            warm_up(load, {})
        self.assertIn("EFS is away", logged.output[0])

    def test_a_start_on_demand_does_not_wait_for_ever_the_others_do(self) -> None:
        done, loaded = threading.Event(), []

        def load() -> None:
            done.wait(5)
            loaded.append(1)

        with mock.patch.object(module, "ON_DEMAND_SECONDS", 0.05):
            warm_up(load, {"AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand"})
            self.assertEqual(loaded, [])
            threading.Timer(0.2, done.set).start()
            warm_up(load, {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"})
            self.assertIn(1, loaded)


class PackagesDir(unittest.TestCase):
    def test_it_comes_last_and_once(self) -> None:
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(sys, "path", ["/var/task"]):
            for _ in range(2):
                add_packages_dir({"PACKAGES_DIR": folder})
            self.assertEqual(sys.path, ["/var/task", folder])

    def test_without_it_nothing_changes_and_a_missing_one_is_told(self) -> None:
        with mock.patch.object(sys, "path", ["/var/task"]):
            add_packages_dir({})
            self.assertEqual(sys.path, ["/var/task"])
        with self.assertRaisesRegex(ValueError, "is the file system mounted"):
            add_packages_dir({"PACKAGES_DIR": "/mnt/away"})


class Rank(unittest.TestCase):
    def test_the_best_three_come_first_and_equals_keep_their_order(self) -> None:
        found = rank([0.1, 0.33333, 0.1, 0.46667], ["a", "b", "c", "d"])["predictions"]
        self.assertEqual(
            [(each["label"], each["probability"]) for each in found],
            [("d", 0.4667), ("b", 0.3333), ("a", 0.1)],
        )

    def test_labels_have_to_fit(self) -> None:
        with self.assertRaisesRegex(ValueError, "has 2 labels, but the model gives 3"):
            rank([1, 2, 3], ["a", "b"])

    def test_softmax_does_not_overflow(self) -> None:
        self.assertEqual(softmax([1000, 1000]), [0.5, 0.5])
        self.assertAlmostEqual(softmax([0, 1])[1], 0.7310586)
