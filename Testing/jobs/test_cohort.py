from __future__ import annotations

import shutil

import pytest

from LongitudinalINRLib.analysis.norms.building import Measurement
from LongitudinalINRLib.analysis.region_row import read_regions
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.cohort import read_cohort

LONG = "person,age_years,sex,region,mean_percent_per_year,label,years\n"
SHORT = "person,age_years,sex,result\n"


def written(tmp_path, text):
    path = tmp_path / "cohort.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_lines_of_regions_are_read_as_they_stand(tmp_path):
    text = LONG + 'a,71.5,F,"Cortex, left",-0.5,3,2\n\nb,40,M,brain,0.25,,\n'
    assert read_cohort(written(tmp_path, "\ufeff" + text)) == [
        Measurement("a", 71.5, "F", "Cortex, left", 3, -0.5, 2.0),
        Measurement("b", 40.0, "M", "brain", None, 0.25),
    ]


def test_of_a_result_the_regions_at_its_last_scan_count(tmp_path, a_result):
    shutil.copy(a_result / "regions.csv", tmp_path / "other.csv")
    cohort = read_cohort(written(tmp_path, f"{SHORT}a,71.5,F,{a_result}\nb,40,M,other.csv\n"))
    last = [row for row in read_regions(a_result / "regions.csv") if row.months == 24]
    assert [row.label for row in last] == [0, 17, 53]
    for person, part in (("a", cohort[:3]), ("b", cohort[3:])):
        known = (71.5, "F", "preview", "given") if person == "a" else (40.0, "M", None, None)
        assert part == [
            Measurement(person, *known[:2], row.region, row.label, row.mean_percent_per_year, 2.0, *known[2:])
            for row in last
        ]
        for row in last:
            assert row.mean_percent_per_year == pytest.approx(row.volume_change_percent / 2, rel=1e-5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column person"),
        ("person,age,sex,result\na,70,F,r\n", "no column age_years"),
        ("person,age_years,sex,region,mm_per_year\n", "mm_per_year"),
        ("person,age_years,sex,region,volume_change_percent\n", "percent per year"),
        (LONG.replace("label", "region"), "twice"),
        (LONG + "a,70\n", "2 cells in line 2"),
        (LONG + "a,70,W,brain,-1,,\n", "F or M"),
        (LONG + "a,70,f,brain,-1,,\n", "F or M"),
        (LONG + "a,70,,brain,-1,,\n", "F or M"),
        (LONG + ",70,F,brain,-1,,\n", "person"),
        (LONG + "a,1950-01-01,F,brain,-1,,\n", "age_years"),
        (LONG + "a,121,F,brain,-1,,\n", "age_years"),
        (LONG + "a,nan,F,brain,-1,,\n", "age_years"),
        (LONG + "a,70,F,,-1,,\n", "region"),
        (LONG + "a,70,F,brain,,,\n", "mean_percent_per_year"),
        (LONG + "a,70,F,brain,inf,,\n", "mean_percent_per_year"),
        (LONG + "a,70,F,brain,-1,1.5,\n", "label"),
        (LONG + "a,70,F,brain,-1,,-2\n", "years"),
        (LONG + "a,70,F,brain,-1,,\na,71,F,cortex,-1,,\n", "one age"),
        (SHORT + "a,70,F,nowhere\n", "finished fit"),
        (SHORT + "a,70,F,nowhere.csv\n", "finished fit"),
        (SHORT + "a,70,F,cohort.csv\n", "regions.csv"),
        (SHORT + 'a,70,F,"open\n', "end of data"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_line(tmp_path, text, said):
    with pytest.raises(InputError) as caught:
        read_cohort(written(tmp_path, text))
    assert said in str(caught.value)
    assert caught.value.advice


def test_a_result_that_was_changed_is_refused(tmp_path, a_done_job):
    with a_done_job.regions.open("a") as file:
        file.write("\n")
    with pytest.raises(InputError) as caught:
        read_cohort(written(tmp_path, f"{SHORT}a,70,F,{a_done_job.path}\n"))
    assert "regions.csv" in str(caught.value)
