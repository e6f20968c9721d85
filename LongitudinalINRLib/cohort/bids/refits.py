"""People who are done and would be fitted anew, because their scans or the settings changed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.done import holds_result
from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.outcome import read_outcome
from LongitudinalINRLib.cohort.plan import PersonPlan, as_text, read_plan
from LongitudinalINRLib.errors import InputError


class Refits:
    """Counts them.

    Parameters
    ----------
    cohort : CohortFolder
        Holds earlier plans and results; not written to.
    """

    def __init__(self, cohort: CohortFolder):
        self._cohort = cohort
        self.people = 0
        self.because: Counter[str] = Counter()

    def look_at(self, plan: PersonPlan) -> None:
        """Count a person who is done and would be fitted anew by a plan."""
        differing = _differing(plan, self._cohort.person(plan.participant))
        if differing:
            self.people += 1
            self.because.update(differing)

    @property
    def message(self) -> str:
        """What would happen."""
        who = "1 person who is" if self.people == 1 else f"{self.people} people who are"
        return f"{who} done would be fitted again."

    @property
    def reasons(self) -> str:
        """What differs, and for how many people."""
        return "; ".join(f"{what} ({count})" for what, count in self.because.most_common())

    def refusal(self) -> InputError:
        """Return what is said where nobody asked for that."""
        return InputError(
            "done-people-change",
            self.message,
            expected="the settings and the scans that they were fitted with, or --redo",
            found=self.reasons,
            advice="Give the options as before; or --redo to fit these people again, which replaces their "
            "results (unless the files turn out to hold the same as before). --keep, --norms and --regions "
            "may change without it.",
        )


def _differing(now: PersonPlan, folder: PersonFolder) -> list[str]:
    """Return what would need another fit of a person who has one."""
    try:
        if folder.plan.read_text("utf-8") == as_text(now) or not holds_result(folder):
            return []
        before = read_plan(folder)
    except (InputError, OSError):  # no earlier plan, or one that nothing can be said of
        return []
    differing = [*_other_scans(before, now), *_other_settings(before.request, now.request)]
    outcome = read_outcome(folder)
    version = "" if outcome is None else outcome.version
    if version not in ("", __version__) and before.request != now.request:
        differing.append(f"version {__version__} of this program, {version} before")
    return differing


def _other_scans(before: PersonPlan, now: PersonPlan) -> list[str]:
    chosen = [[(scan.path, scan.months) for scan in plan.scans] for plan in (before, now)]
    stamps = [[scan.stamp for scan in plan.scans] for plan in (before, now)]
    found = []
    if chosen[0] != chosen[1]:
        found.append("other scans or months")
    elif stamps[0] != stamps[1]:
        found.append("files of scans that were changed")
    if before.labels != now.labels:
        found.append("another segmentation of the baseline")
    return found


def _other_settings(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return the settings that decide a fit (`Job.fit_key`) and differ, as options."""
    was, asked = before.get("config", {}), now.get("config", {})
    options = {
        "--preset": (was.get("preset"), asked.get("preset")),
        "--seed": (was.get("seed"), asked.get("seed")),
        "--align": (before.get("align"), now.get("align")),
        "--bias-correction": (before.get("bias_correction"), now.get("bias_correction")),
    }
    found = [f"{name} {new}, {old} before" for name, (old, new) in options.items() if old != new]
    if was != asked and not any(text.startswith(("--preset", "--seed")) for text in found):
        found.append("what the preset holds in this version of the program")
    return found
