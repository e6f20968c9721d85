from __future__ import annotations

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
NOTEBOOK = REPOSITORY / "docs" / "notebooks" / "simulated_subject.ipynb"

nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed: the extra `notebook`")
nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed: the extra `notebook`")
pytest.importorskip("ipykernel", reason="ipykernel is not installed: the extra `notebook`")
pytest.importorskip("nilearn", reason="nilearn is not installed: the extra `demo`")


def printed(cell):
    """Return what a cell showed, as text and as the kinds of its outputs."""
    text = "".join(output.get("text", "") for output in cell.outputs)
    kinds = [kind for output in cell.outputs for kind in output.get("data", {})]
    return text + "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs), kinds


@pytest.mark.timeout(900)  # under a minute of processor time, but others may be busy
@pytest.mark.filterwarnings("ignore")
def test_the_notebook_runs_from_its_top_and_finds_what_changed(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.delenv("OMP_NUM_THREADS")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    nbclient.NotebookClient(
        notebook, timeout=800, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    card, _ = printed(code[2])
    assert "Changed beyond their 90 % intervals: " in card
    assert '<img src="data:image/jpeg;base64,' in card
    table, _ = printed(code[3])
    assert "Lateral-Ventricle" in table
    _, kinds = printed(code[5])
    assert {"application/vnd.jupyter.widget-view+json", "image/png"} & set(kinds)
    correlation = float(printed(code[6])[0].rpartition(" ")[2])
    assert correlation > 0.7
    assert (tmp_path / "notebook-result" / "results.json").exists()
