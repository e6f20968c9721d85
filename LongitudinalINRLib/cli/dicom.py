"""`dicom`: a result as DICOM objects, into a folder and to a PACS."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from LongitudinalINRLib.cli.options import AsJson, ResultFolder
from LongitudinalINRLib.cli.outcome import outcome, print_json, print_line, print_warning
from LongitudinalINRLib.dicom_out.extra import require_extra
from LongitudinalINRLib.plain_text import one_line


def dicom(
    directory: ResultFolder,
    output: Annotated[Path, typer.Option(help="Folder for the objects.", metavar="FOLDER")],
    baseline_dicom: Annotated[
        Path | None,
        typer.Option(
            help="Folder with the DICOM series of the baseline, searched as by fit; by default the one that "
            "was fitted."
        ),
    ] = None,
    follow_up_dicom: Annotated[
        list[Path],
        typer.Option(
            help="Folder with a follow-up's DICOM series; once for each, by default those that were fitted. "
            "The objects go into the latest study; into the baseline's if there is no follow-up's."
        ),
    ] = [],  # noqa: B006 (typer copies it)
    labels: Annotated[
        Path | None, typer.Option(help="The fit's segmentation, if it lies elsewhere now.")
    ] = None,
    map_values: Annotated[
        Literal["float", "uint16"],
        typer.Option(help="float: |J| as it is; uint16: in steps of 1e-4, for viewers without float."),
    ] = "float",
    same_person: Annotated[
        bool,
        typer.Option(
            "--same-person",
            help="The series are of one person though their headers differ, if fit was not told.",
        ),
    ] = False,
    send: Annotated[
        str | None, typer.Option(help="Store them in this PACS (C-STORE).", metavar="AET@HOST:PORT")
    ] = None,
    stow: Annotated[
        str | None, typer.Option(help="Store them in this DICOMweb server (STOW-RS).", metavar="URL")
    ] = None,
    calling_aet: Annotated[str, typer.Option(help="AE title of this program, for --send.")] = "LONGINR",
    tls: Annotated[bool, typer.Option("--tls", help="Secure the connection of --send.")] = False,
    ca: Annotated[
        Path | None, typer.Option(help="Certificates (PEM) that the server's is checked against.")
    ] = None,
    cert: Annotated[Path | None, typer.Option(help="Our certificate (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(help="The key of --cert (PEM).")] = None,
    credentials: Annotated[
        Path | None, typer.Option(help="File with user:password or Bearer TOKEN, for --stow.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(help="Seconds to wait for an answer of the PACS.", min=1, max=3600)
    ] = 30.0,
    as_json: AsJson = False,
) -> None:
    """Write a result as DICOM objects, and send them to a PACS."""
    with outcome(as_json):
        require_extra()
        from LongitudinalINRLib.dicom_out.perform import Order, export
        from LongitudinalINRLib.dicom_out.sending.destinations import Wanted, destinations
        from LongitudinalINRLib.dicom_out.sending.send import send as send_all
        from LongitudinalINRLib.dicom_out.sending.tls import Tls

        wanted = Wanted(send, stow, calling_aet, timeout, tls, Tls(ca, cert, key), credentials)
        to = destinations(wanted)
        order = Order(
            directory, baseline_dicom, output, tuple(follow_up_dicom), labels, same_person, map_values
        )
        folder, stored = export(order, print_warning)
        if not as_json:
            print_line(f"{len(stored)} DICOM objects: {one_line(str(folder.path))}")
        sent = {}
        for destination in to:
            sent[destination.name] = send_all(folder, stored, destination)
            if not as_json:
                already = len(stored) - sent[destination.name]
                before = f", {already} were there before" if already else ""
                print_line(f"{one_line(destination.name)}: {sent[destination.name]} sent{before}")
        if as_json:
            print_json({"output": str(folder.path), "objects": [item.name for item in stored], "sent": sent})
