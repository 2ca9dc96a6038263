"""Where the playbooks and samples that ship with the program lie: in the checkout, or inside the installed package."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import processminer
from processminer.errors import InputError
from processminer.words import say_list

_PACKAGE = Path(processminer.__file__).parent


def _folder(name: str) -> Path:
    inside = _PACKAGE / "shipped" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def samples() -> tuple[Path, ...]:
    """Return the folders of the shipped samples, by name."""
    return tuple(sorted(truth.with_suffix("").with_suffix("") for truth in _folder("samples").glob("*.truth.json")))


def sample(name: str) -> Path:
    """Return the folder of a shipped sample. Raises InputError, naming those there are."""
    have = {path.name: path for path in samples()}
    if name not in have:
        message = f"There is no sample {name!r}."
        raise InputError(message, hint=f"There are: {say_list(have)}.")
    return have[name]


def playbooks() -> tuple[str, ...]:
    """Return the names of the shipped playbooks, in their order."""
    return tuple(sorted(path.stem for path in _folder("playbooks").glob("*.yaml")))


def template(name: str) -> Path:
    """Return a shipped playbook by its name. Raises InputError, naming the nearest or those there are."""
    have = playbooks()
    if name not in have:
        message = f"There is no template {name!r}."
        near = get_close_matches(name.lower(), have, 1)
        raise InputError(message, hint=f"Did you mean {near[0]!r}?" if near else f"There are: {say_list(have, 20)}.")
    return _folder("playbooks") / f"{name}.yaml"


def playbook(name: str) -> Path:
    """Return a playbook by its path, or by the name of a shipped one (`b2b-saas`)."""
    path = Path(name)
    shipped = _folder("playbooks") / f"{name.removesuffix('.yaml')}.yaml"
    return shipped if not path.exists() and path.parent == Path() and shipped.exists() else path


SAMPLE_PLAYBOOK = "b2b-saas"
"""The playbook that the shipped samples are held against."""
