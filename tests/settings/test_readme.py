from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_table_in_the_readme_is_the_settings_own() -> None:
    """The README's table is what `vestibule settings --markdown` prints, to the letter."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("VESTIBULE_")}
    command = [sys.executable, "-m", "vestibule", "settings", "--markdown"]
    printed = subprocess.run(command, capture_output=True, text=True, env=env, check=True).stdout.strip()
    text = (ROOT / "README.md").read_text("utf-8")
    begin, end = "<!-- settings: `vestibule settings --markdown` -->\n", "\n<!-- /settings -->"
    assert text[text.index(begin) + len(begin) : text.index(end)] == printed
