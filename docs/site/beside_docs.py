"""Brings what lies beside docs/ into the site: README as its home, more pages, the pictures they show."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
PAGES = {"README.md": "index.md", "CONTRIBUTING.md": "CONTRIBUTING.md", "CHANGELOG.md": "CHANGELOG.md"}
PICTURES = "Resources/Screenshots"
ELSEWHERE = "https://github.com/LongitudinalINR/SlicerLongitudinalINR/blob/main/"
_LINK = re.compile(r"\]\((?P<path>[^)#:\s]+)(?P<anchor>#[^)\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages and pictures."""
    for source, page in PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text(encoding="utf-8")))
    for picture in sorted((ROOT / PICTURES).glob("*.png")):
        files.append(File.generated(config, f"{PICTURES}/{picture.name}", abs_src_path=str(picture)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Point links to where their files lie in the site, or to the repository."""
    folder = ROOT if page.file.src_uri in PAGES.values() else ROOT / "docs"
    return _LINK.sub(lambda link: f"]({_target(folder, link['path'])}{link['anchor'] or ''})", markdown)


def _target(folder: Path, path: str) -> str:
    """Return the target of a link from a page whose source lies in a folder; pages lie side by side."""
    place = (folder / path).resolve()
    if not place.exists():
        return path  # a broken link, which the build then names
    inside = place.relative_to(ROOT).as_posix()
    if inside in PAGES:
        return PAGES[inside]
    if inside.startswith("docs/") and place.suffix in (".md", ".png", ".ipynb"):
        return inside.removeprefix("docs/")
    return inside if inside.startswith(PICTURES) else ELSEWHERE + inside
