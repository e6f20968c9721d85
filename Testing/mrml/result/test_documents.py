from __future__ import annotations

import shutil

import pytest
import slicer
from LongitudinalINRModule.jobs.loading import load_maps, remove_result
from LongitudinalINRModule.result.documents import FILE_NAMES, documents_of, has_document, write_document
from LongitudinalINRModule.result.result import results_in
from LongitudinalINRModule.result.result_files import ResultFiles

from LongitudinalINRLib.errors import InputError

WRITTEN = {
    "regions.csv": b"region,months\r\nHippocampus,0.12345678901234567\r\n",
    "report.html": "<p>Größe &amp; |J|  \n\n</p>\n".encode() * 60,
}


@pytest.fixture
def job_with_documents(job_folder, tmp_path):
    folder = tmp_path / "job"
    shutil.copytree(job_folder, folder)
    for name, content in WRITTEN.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def with_documents(scene, a_baseline, job_with_documents):
    return load_maps(scene, ResultFiles.of(job_with_documents), a_baseline)


def test_documents_go_through_a_bundle_unchanged_without_the_job_folder(
    scene, with_documents, job_with_documents, new_application, tmp_path
):
    assert scene.WriteToMRB(str(tmp_path / "scene.mrb"))
    shutil.rmtree(job_with_documents)
    other = new_application()
    assert other.scene.ReadFromMRB(str(tmp_path / "scene.mrb"), True)
    (result,) = results_in(other.scene)
    nodes = documents_of(result, FILE_NAMES)
    for name, node in nodes.items():
        write_document(node, tmp_path / name)
    assert {name: (tmp_path / name).read_bytes() for name in nodes} == WRITTEN
    assert [has_document(result, kind) for kind in ("regions", "trajectories", "report")] == [
        True,
        False,
        True,
    ]


def test_documents_stand_beside_the_result_and_go_with_it(scene, a_baseline, with_documents):
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
    parents = {
        hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node))
        for node in (*with_documents.documents, a_baseline)
    }
    assert len(parents) == 1
    remove_result(with_documents)
    assert scene.GetNumberOfNodesByClass("vtkMRMLTextNode") == 0


def test_a_document_that_cannot_be_read_is_told_and_leaves_the_scene_as_it_was(
    scene, a_baseline, job_with_documents
):
    (job_with_documents / "report.html").write_bytes(b"\xff\xfe\x00")
    before = scene.GetNumberOfNodesByClass("vtkMRMLNode")
    with pytest.raises(InputError, match=r"report\.html of the job cannot be read"):
        load_maps(scene, ResultFiles.of(job_with_documents), a_baseline)
    assert results_in(scene) == []
    assert scene.GetNumberOfNodesByClass("vtkMRMLTextNode") == 0
    assert scene.GetNumberOfNodesByClass("vtkMRMLNode") <= before + 1, "the colour table may stay"
