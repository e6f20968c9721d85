"""Slicer's Sample Data module, as strict as that of Slicer 5.10: its sources and the buttons of its panel.

Nothing is downloaded. All lists of a source have to be of one length; a custom downloader is called by the
button alone and never by the functions for scripts.
"""

from __future__ import annotations

import qt
import slicer

_LISTS = ("uris", "fileNames", "nodeNames", "loadFiles", "loadFileTypes", "checksums")


class SampleDataSource:
    """One entry of the Sample Data module."""

    __hash__ = None  # type: ignore[assignment]  # as of every class that says when two are equal

    def __init__(
        self,
        sampleName=None,
        sampleDescription=None,
        uris=None,
        fileNames=None,
        nodeNames=None,
        checksums=None,
        loadFiles=None,
        customDownloader=None,
        thumbnailFileName=None,
        loadFileTypes=None,
        loadFileProperties=None,
        loadFileType=None,
    ):
        if loadFileType is not None and loadFileTypes is not None:
            raise ValueError("loadFileType and loadFileTypes cannot be specified at the same time")
        given = (uris, fileNames, nodeNames, loadFiles, loadFileTypes or loadFileType, checksums)
        fields = _as_lists(dict(zip(_LISTS, given, strict=True)))
        if len({len(each) for each in fields.values()}) > 1:  # TypeError for what is left None, as in Slicer
            raise ValueError(f"All fields of sample data source must have the same length: {fields}")
        vars(self).update(fields)
        self.sampleName = sampleName
        self.sampleDescription = sampleName if sampleDescription is None else sampleDescription
        self.loadFileProperties = {} if loadFileProperties is None else loadFileProperties
        self.customDownloader = customDownloader
        self.thumbnailFileName = thumbnailFileName

    def __eq__(self, other):
        return str(self) == str(other)

    def __str__(self):
        return "\n".join(f"{name}: {value}" for name, value in sorted(vars(self).items()))


def _as_lists(fields):
    """Wrap a single URI and what belongs to it; fill in what may be left out beside a list of URIs."""
    if isinstance(fields["uris"], str):
        return {name: [value] for name, value in fields.items()}
    if isinstance(fields["uris"], (list, tuple)):
        count = len(fields["uris"])
        types = fields["loadFileTypes"]
        optional = {name: fields[name] for name in ("nodeNames", "loadFiles", "checksums")}
        filled = {name: [None] * count if value is None else value for name, value in optional.items()}
        return fields | filled | {"loadFileTypes": types if isinstance(types, list) else [types] * count}
    return fields


class SampleDataLogic:
    """Registers sources and gets the data."""

    @staticmethod
    def registerCustomSampleDataSource(
        category="Custom",
        sampleName=None,
        uris=None,
        fileNames=None,
        nodeNames=None,
        customDownloader=None,
        thumbnailFileName=None,
        loadFileTypes=None,
        loadFiles=None,
        loadFileProperties=None,
        checksums=None,
        loadFileType=None,
    ):
        """Add a source to a category; an equal one is left out."""
        data = uris, fileNames, nodeNames, checksums, loadFiles, customDownloader, thumbnailFileName
        source = SampleDataSource(sampleName, None, *data, loadFileTypes, loadFileProperties, loadFileType)
        registered = SampleDataLogic.sampleDataSourcesByCategory().setdefault(category, [])
        if source not in registered:
            registered.append(source)

    @staticmethod
    def sampleDataSourcesByCategory(category=None):
        """Return all sources, or those of one category."""
        if not hasattr(slicer.modules, "sampleDataSources"):
            slicer.modules.sampleDataSources = {}
        sources = slicer.modules.sampleDataSources
        return sources if category is None else sources.get(category, [])

    def downloadFromSource(self, source, maximumAttemptsCount=3, forceDownload=False):
        """Return what was downloaded from the URIs of a source: here, from none."""
        if source.uris:
            raise AssertionError(f"{source.sampleName} would be downloaded from {source.uris}")
        return []


if slicer.app.minorVersion >= 12:

    def _register(category, title):
        """Take a title of a category, which nothing shows here."""

    SampleDataLogic.registerCustomSampleDataCategory = staticmethod(_register)


class SampleDataWidget:
    """The buttons of the panel."""

    @staticmethod
    def setCategoriesFromSampleDataSources(categoryLayout, dataSources, logic):
        """Add a button for every source; pressed, it calls the custom downloader with the source."""
        for source in [each for category in sorted(dataSources) for each in dataSources[category]]:
            name = source.sampleDescription or source.nodeNames[0]
            button = qt.QToolButton()
            button.setText(name)
            if source.thumbnailFileName:
                button.setIcon(qt.QIcon(source.thumbnailFileName))
            button.name = f"{name}PushButton"
            categoryLayout.addWidget(button)
            button.connect("clicked()", lambda s=source: (s.customDownloader or logic.downloadFromSource)(s))
