from __future__ import annotations

from LongitudinalINRLib.imaging.reading import read_labels, read_volume


def test_the_demo_simulates_fits_and_says_where_the_report_is_and_what_it_shows(
    command, tiny_subject, tmp_path, monkeypatch
):
    subject = (read_volume(tiny_subject.baseline)[0], read_labels(tiny_subject.labels)[0])
    monkeypatch.setattr("LongitudinalINRLib.simulate.crisp.crisp_subject", lambda: subject)
    output = tmp_path / "demo"
    result = command("demo", "--output", output)
    assert result.exit_code == 0, result.output
    assert str(output / "result" / "report.html") in result.output
    assert (output / "result" / "regions.csv").exists()
    for text in ("Left-Hippocampus", "true change", "measured", "36 months", "percentage points"):
        assert text in result.output


def test_the_demo_goes_to_a_folder_of_its_own_by_default(command, tmp_path, monkeypatch):
    asked = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("LongitudinalINRLib.cli.demo.simulated_request", asked.append)
    monkeypatch.setattr("LongitudinalINRLib.cli.demo.run_new", lambda folder, *_: asked.append(folder.path))
    for shown in ("print_summary", "print_comparison"):
        monkeypatch.setattr(f"LongitudinalINRLib.cli.demo.{shown}", lambda *_: None)
    assert command("demo").exit_code == 0
    assert sorted(path.name for path in asked) == ["result", "subject"]
    assert {path.parent.name for path in asked} == {"longitudinal-inr-demo"}
