"""Jobs of this Slicer: taken on, watched by a timer, loaded into the scene."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import qt
import slicer

from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRModule.background.python_process import make_runner
from LongitudinalINRModule.background.signal import Signal
from LongitudinalINRModule.background.stepper import Stepper
from LongitudinalINRModule.background.steps import Steps, here
from LongitudinalINRModule.jobs.job import BackgroundJob
from LongitudinalINRModule.jobs.job_queue import JobQueue, Runner
from LongitudinalINRModule.jobs.job_store import JobStore, StoredJob
from LongitudinalINRModule.jobs.preparation import prepare_job
from LongitudinalINRModule.settings.fit_settings import JobSettings

POLL_MS = 100
JOBS_SETTING = "LongitudinalINR/JobsFolder"


class JobService:
    """What the logic does in the background.

    Attributes
    ----------
    changed : Signal
        Emitted when a job was added or ended.
    loaded, load_failed : Signal
        Emitted with the result that came into the scene, or with the job and why it did not.
    preparing, arriving : Stepper
        Bring scans into a job and results into the scene, while the window answers.

    Parameters
    ----------
    runner : callable, optional
        Makes the process of a job folder; the real worker by default.
    """

    def __init__(self, runner: Callable[[JobFolder], Runner] | None = None):
        self.queue = JobQueue(runner or make_runner)
        self.changed, self.loaded, self.load_failed = Signal(), Signal(), Signal()
        self.preparing, self.arriving = Stepper(), Stepper()
        self._folders: list[tuple[Any, JobFolder]] = []
        self._shown: list[StoredJob] = []
        self._timer = qt.QTimer()
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def busy(self) -> bool:
        """Whether scans are on their way into a job, or a result into the scene."""
        return self.preparing.busy or self.arriving.busy

    @property
    def store(self) -> JobStore:
        """Where jobs lie: a folder of the settings, else Slicer's temporary folder."""
        chosen = slicer.util.settingsValue(JOBS_SETTING, "", settings=slicer.app.userSettings())
        return JobStore(Path(chosen) if chosen else Path(slicer.app.temporaryPath) / "LongitudinalINR")

    def taking_on(
        self,
        scans: Sequence[tuple[Any, float]],
        settings: JobSettings,
        segmentation: Any = None,
        mask: Any = None,
        exclude: Any = None,
    ) -> Steps[BackgroundJob]:
        """Prepare a job and start it, or let it wait in line; in steps.

        Raises
        ------
        InputError
            The scans cannot be used, the folder cannot be written, or the line is full.
        """
        self.queue.refuse_when_full()
        database = getattr(slicer, "dicomDatabase", None)  # none where Slicer was built without DICOM
        prepared = prepare_job(self.store, scans, settings, segmentation, mask, exclude, database)
        stored, warnings = yield from prepared
        job = BackgroundJob(stored, scans[0][0], slicer.app.processEvents)
        for warning in warnings:
            job.take(events.Warning(warning))
        self._add(job)
        return job

    def resume(self, stored: StoredJob, before: BackgroundJob | None = None) -> BackgroundJob:
        """Go on with a job from its checkpoint.

        Parameters
        ----------
        stored : StoredJob
            A job that is not finished.
        before : BackgroundJob, optional
            The same job earlier in this session: it knows the baseline.
        """
        self.queue.refuse_when_full()
        baseline = before.baseline(slicer.mrmlScene) if before else None
        if before is None:
            stored.own()
        job = BackgroundJob(stored, baseline, slicer.app.processEvents)
        self._add(job)
        return job

    def load(self, job: BackgroundJob) -> Any:
        """Bring the result of a finished job into the scene; its baseline comes along if it is gone."""
        return here(self.loading(job))

    def loading(self, job: BackgroundJob) -> Steps[Any]:
        """Do the same in steps."""
        from LongitudinalINRModule.jobs.arrival import bring_in

        job.result = yield from bring_in(slicer.mrmlScene, job.stored, job.baseline(slicer.mrmlScene))
        yield None
        self._folders.append((job.result.browser, job.folder))
        if job.folder.results.exists():  # one that was cut short can still be resumed
            self._shown.append(job.stored)
        self.loaded.emit(job.result)
        return job.result

    def let_go(self, job: BackgroundJob) -> None:
        """Leave a job that has ended to whoever looks for jobs that were left."""
        job.stored.release()
        self.changed.emit()

    def folder_of(self, result: Any) -> JobFolder | None:
        """Return the job folder of a result that was loaded from it in this session, else None.

        Told by the node itself: after a scene was closed, another node gets the same ID.
        """
        return next((folder for browser, folder in self._folders if browser is result.browser), None)

    def left(self) -> list[StoredJob]:
        """Return the jobs that wait for somebody to go on with them or to look at them."""
        return self.store.left()

    def loading_stored(self, stored: StoredJob) -> Steps[Any]:
        """Bring the result of a job that was found at start into the scene, in steps.

        The job is let go again when it cannot be loaded.
        """
        stored.own()
        try:
            result = yield from self.loading(BackgroundJob(stored))
        except BaseException:
            stored.release()
            raise
        return result

    def load_folder(self, path: Path) -> Any:
        """Bring a result that lies anywhere into the scene; the folder is left as it is."""
        return here(self.loading_folder(path))

    def loading_folder(self, path: Path) -> Steps[Any]:
        """Do the same in steps."""
        return self._loading_folder(path)

    def loading_person(self, path: Path, name: str) -> Steps[Any]:
        """Do the same with the job of a person of a cohort, whose scans may be elsewhere, under a name."""
        return self._loading_folder(path, name=name, mask_stands_in=True)

    def _loading_folder(self, path: Path, **wanted: Any) -> Steps[Any]:
        from LongitudinalINRModule.jobs.arrival import bring_in

        stored = StoredJob(JobFolder(path))
        result = yield from bring_in(slicer.mrmlScene, stored, **wanted)
        yield None
        self._folders.append((result.browser, stored.folder))
        self.loaded.emit(result)
        return result

    def close(self) -> None:
        """End what runs, because the module goes; unfinished jobs are found again at the next start.

        Those whose result was shown are done with only now: after a crash their scene was not saved.
        """
        self._timer.stop()
        self._timer.timeout.disconnect(self._poll)
        self.preparing.close()
        self.arriving.close()
        self.queue.end_all()
        for stored in self._shown:
            if stored.folder.path.is_dir():
                with suppress(OSError):  # it is offered once more then
                    stored.mark_shown()

    def _add(self, job: BackgroundJob) -> None:
        job.ended.connect(lambda event: self._ended(job, event))
        self.queue.add(job)
        self._timer.start()
        self.changed.emit()

    def _poll(self) -> None:
        self.queue.poll()
        if self.queue.idle:
            self._timer.stop()

    def _ended(self, job: BackgroundJob, event: events.Event) -> None:
        try:
            if isinstance(event, events.Done):
                if job.baseline(slicer.mrmlScene) is None:
                    # Its scene was closed: the result waits until somebody asks for it.
                    job.stored.release()
                else:
                    self._start_loading(job)
        finally:
            self.changed.emit()

    def _start_loading(self, job: BackgroundJob) -> None:
        job.arriving = True

        def arrived(_result: Any = None) -> None:
            job.arriving = False

        def failed(error: LongitudinalError) -> None:
            arrived()
            if job.baseline(slicer.mrmlScene) is None:  # the scene was closed meanwhile
                job.stored.release()
            else:
                self.load_failed.emit(job, error)

        self.arriving.start(self.loading(job), arrived, failed, arrived)
