"""Run inside Slicer by CTest: all of the panel, from scans to a bundle, with the real worker."""

from __future__ import annotations

import unittest

import slicer
from LongitudinalINRModule.dependencies.requirements import missing
from LongitudinalINRModule.selftest.journey import walk_through


class LongitudinalINRSelfTest(unittest.TestCase):
    """What a person does with the module."""

    def setUp(self):
        """Start from an empty scene."""
        slicer.mrmlScene.Clear(0)

    def test_scans_become_an_exported_map(self):
        """Take the scans, run the preview, look at all there is, export, and bring a bundle back."""
        wanted = ", ".join(each.specifier for each in missing())
        if wanted:
            self.skipTest(f"needs {wanted}: install them from the module's panel")
        walk_through(print)
