"""`vestibule settings`: every setting with its value here, or as the table in the README."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from vestibule.cli.options import Home, Json
from vestibule.cli.output import as_json, say, table
from vestibule.settings import ENV_PREFIX, Settings, load


def settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="The table of the README: defaults, no values.")] = False,
    json: Json = False,
    home: Home = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="Settings file to read too.", show_default=False)
    ] = None,
) -> None:
    """Show every setting: what it is here, what it means.

    A setting is given as VESTIBULE_<NAME> in the environment, or in $VESTIBULE_HOME/vestibule.toml.
    """
    if markdown:
        say(as_markdown())
        return
    current = load(config, home=home)
    if json:
        as_json({name: _shown(getattr(current, name)) for name in Settings.model_fields})
        return
    rows = [
        (name, str(_shown(getattr(current, name))), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    table(("SETTING", "VALUE", "MEANING"), rows)


def as_markdown() -> str:
    """All settings as a Markdown table."""
    lines = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = _shown(field.default)
        shown = f"`{default}`" if default != "" else ""
        meaning = (field.description or "").replace("|", "\\|")
        lines.append(f"| `{ENV_PREFIX}{name.upper()}` | {shown} | {meaning} |")
    return "\n".join(lines)


def _shown(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return "***" if value.get_secret_value() else ""
    if value is None or value == ():
        return ""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value if isinstance(value, (bool, int, float)) else str(value)
