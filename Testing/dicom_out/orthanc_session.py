"""A real Orthanc for the time of some commands, in a network of its own: it binds every interface it finds.

`unshare --net python orthanc_session.py FOLDER` reads FOLDER/commands.json, a list of lists of arguments for
`longitudinal-inr`. What they said goes to FOLDER/said.json. At ["empty"], what the server holds is fetched
to FOLDER/store with its answer to a query, and deleted; at the end it is fetched to FOLDER/stow. Without the
right to raise the loopback interface it ends with 77.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import urllib.request
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

HTTP, DICOM = 18042, 14242
REST = f"http://127.0.0.1:{HTTP}"
CONFIGURATION = {
    "Name": "test",
    "DicomAet": "ORTHANC",
    "HttpPort": HTTP,
    "DicomPort": DICOM,
    "RemoteAccessAllowed": False,
    "AuthenticationEnabled": True,
    "RegisteredUsers": {"reader": "secret"},
    "DicomCheckCalledAet": True,
    "DicomAlwaysAllowStore": True,
    "DicomAlwaysAllowFind": True,
    "UnknownSopClassAccepted": True,
    "Plugins": ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"],
    "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
}


def get(path: str, method: str = "GET") -> bytes:
    request = urllib.request.Request(REST + path, method=method)
    request.add_header("Authorization", "Basic cmVhZGVyOnNlY3JldA==")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def started(folder: Path) -> subprocess.Popen[bytes]:
    storage = {"StorageDirectory": str(folder / "storage"), "IndexDirectory": str(folder / "storage")}
    (folder / "orthanc.json").write_text(json.dumps(CONFIGURATION | storage))
    log = (folder / "orthanc.log").open("ab")
    server = subprocess.Popen(["/usr/sbin/Orthanc", str(folder / "orthanc.json")], stdout=log, stderr=log)
    for _ in range(300):
        try:
            get("/system")
        except OSError:
            time.sleep(0.1)
        else:
            return server
    server.kill()
    raise SystemExit("Orthanc does not answer")


def fetch(fetched: Path) -> None:
    fetched.mkdir()
    for identifier in json.loads(get("/instances")):
        (fetched / f"{identifier}.dcm").write_bytes(get(f"/instances/{identifier}/file"))
    for series in json.loads(get("/series")):
        content = json.loads(get(f"/series/{series}"))
        modality = content["MainDicomTags"]["Modality"]
        instance = content["Instances"][len(content["Instances"]) // 2]
        try:
            (fetched / f"{modality}-{series}.png").write_bytes(get(f"/instances/{instance}/preview"))
        except OSError:
            continue  # it draws no reports


def query() -> str:
    keys = ("QueryRetrieveLevel=SERIES", "StudyInstanceUID", "PatientID", "Modality", "SeriesDescription")
    command = ["findscu", "-S", "-aec", "ORTHANC", "127.0.0.1", str(DICOM)]
    command += [part for key in keys for part in ("-k", key)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return found.stdout + found.stderr


def performed(arguments: list[str]) -> tuple[int, str, str]:
    from LongitudinalINRLib.cli.app import run

    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as error:
        code = run(arguments)
    return code, out.getvalue(), error.getvalue()


def main(folder: Path) -> None:
    if subprocess.run(["ip", "link", "set", "lo", "up"], check=False).returncode:
        raise SystemExit(77)
    server, said = started(folder), []
    try:
        for command in json.loads((folder / "commands.json").read_text()):
            if command == ["empty"]:
                fetch(folder / "store")
                (folder / "found.txt").write_text(query())
                for study in json.loads(get("/studies")):
                    get(f"/studies/{study}", "DELETE")
            else:
                said.append(performed(command))
        fetch(folder / "stow")
    finally:
        server.terminate()
        server.wait()
    (folder / "said.json").write_text(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
