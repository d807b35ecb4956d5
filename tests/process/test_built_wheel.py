"""What a built wheel brings along."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[2]
STATIC = "vestibule/edge/http/static"


def test_a_wheel_brings_the_web_app(tmp_path: Path) -> None:
    """Git ignores what `make web` built, the wheel does not: an installed Vestibule needs no Node."""
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "app"))
    built = tmp_path / "src" / STATIC / "app"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html>")
    (built / "assets" / "main-abc.js").write_text("")

    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"], cwd=tmp_path, check=True, capture_output=True
    )

    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {f"{STATIC}/app/index.html", f"{STATIC}/app/assets/main-abc.js", f"{STATIC}/page.html"} <= names
