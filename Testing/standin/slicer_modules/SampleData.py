"""Slicer's Sample Data module: sources are registered and made on the spot, nothing is downloaded."""

from __future__ import annotations

import slicer


class SampleDataSource:
    """One entry of the Sample Data module."""

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
        lists = [each for each in (uris, fileNames, nodeNames, checksums) if isinstance(each, list)]
        if len({len(each) for each in lists}) > 1:
            raise ValueError("all fields of a source must have the same length")
        self.sampleName = sampleName
        self.sampleDescription = sampleDescription or sampleName
        self.uris, self.fileNames, self.nodeNames, self.checksums = uris, fileNames, nodeNames, checksums
        self.loadFiles, self.loadFileTypes = loadFiles, loadFileTypes or loadFileType
        self.loadFileProperties = loadFileProperties or {}
        self.customDownloader = customDownloader
        self.thumbnailFileName = thumbnailFileName


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
        """Add a source to a category."""
        source = SampleDataSource(
            sampleName,
            sampleName,
            uris,
            fileNames,
            nodeNames,
            checksums,
            loadFiles,
            customDownloader,
            thumbnailFileName,
            loadFileTypes,
            loadFileProperties,
            loadFileType,
        )
        if not hasattr(slicer.modules, "sampleDataSources"):
            slicer.modules.sampleDataSources = {}
        slicer.modules.sampleDataSources.setdefault(category, []).append(source)

    @staticmethod
    def sampleDataSourcesByCategory(category=None):
        """Return all sources, or those of one category."""
        sources = getattr(slicer.modules, "sampleDataSources", {})
        return sources if category is None else sources.get(category, [])

    def sourceForSampleName(self, sampleName):
        """Return the source of that name, or None."""
        sources = [each for group in self.sampleDataSourcesByCategory().values() for each in group]
        return next((each for each in sources if each.sampleName == sampleName), None)

    def downloadSamples(self, sampleName):
        """Make the data of a source; return the nodes."""
        made = self.sourceForSampleName(sampleName).customDownloader(self.sourceForSampleName(sampleName))
        return made if isinstance(made, list) else [made]

    def downloadSample(self, sampleName):
        """Make the data of a source; return the first node."""
        return self.downloadSamples(sampleName)[0]


if slicer.app.minorVersion >= 12:

    def _register(category, title):
        """Give a category a title that people read."""
        titles = slicer.modules.__dict__.setdefault("sampleDataCategoryTitles", {})
        titles[category] = title

    SampleDataLogic.registerCustomSampleDataCategory = staticmethod(_register)


def downloadSample(sampleName):
    """Make the data of a source; return the first node."""
    return SampleDataLogic().downloadSample(sampleName)


def downloadSamples(sampleName):
    """Make the data of a source; return the nodes."""
    return SampleDataLogic().downloadSamples(sampleName)
