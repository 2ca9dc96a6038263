"""Whether stages, roles and outcomes go by names that can be told apart, and that outlast the people."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from processminer.engines.yaml_text import dump
from processminer.playbook.lint.page import Found, Page, Path, Rule, role_keys, spoken_roles
from processminer.playbook.lint.people import is_person
from processminer.playbook.references import did_you_mean
from processminer.words import fold, say_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Stage


def persons(playbook: Playbook) -> Iterator[tuple[Path, str]]:
    """Yield every place that names a person where a role belongs."""
    people = {fold(name) for role in playbook.roles for name in role.people}
    roles = role_keys(playbook)
    for path, said in spoken_roles(playbook):
        if fold(said) in people or (is_person(said) and fold(said) not in roles):
            yield path, said
    for at, role in enumerate(playbook.roles):
        if is_person(role.name):
            yield ("roles", at), role.name


def strange_roles(playbook: Playbook) -> Iterator[tuple[Path, str]]:
    """Yield every place that names a role which is not declared, where roles are."""
    known = role_keys(playbook)
    told = {path for path, _ in persons(playbook)}
    if known:
        yield from (
            (path, said) for path, said in spoken_roles(playbook) if path not in told and fold(said) not in known
        )


def _person_not_role(page: Page) -> Iterator[Found]:
    """Find owners that are people, by the names under their roles or by their shape."""
    of_role = {fold(name): role.name for role in page.playbook.roles for name in role.people}
    for path, said in persons(page.playbook):
        role = of_role.get(fold(said))
        message = f"{said!r} is a person, not a role." if role else f"{said!r} looks like a person, not a role."
        entry = dump({"name": "Account executive", "people": [said]})
        mend = f"Write {role!r}." if role else f"Write the role, and who has it in one place: `roles: [{entry}]`."
        yield Found(path, message, mend)


def _unknown_role(page: Page) -> Iterator[Found]:
    """Find roles that own, do or take something and are not declared, where others are."""
    names = [role.name for role in page.playbook.roles]
    for path, said in strange_roles(page.playbook):
        near = did_you_mean(said, names)
        mend = near or f"Write one of the roles there are ({say_list(names)}), or `- name: {said}` under `roles`."
        yield Found(path, f"{said!r} is none of the declared roles.", mend)


def _spoken(text: str) -> str:
    """Return the letters and digits of a name, folded: what is left of it when it is said aloud."""
    return "".join(one for one in fold(text) if unicodedata.category(one)[0] in "LNM") or fold(text)


def _double_alias(page: Page) -> Iterator[Found]:
    """Find aliases that the log reader takes for the stage's own name, or for another alias of it."""
    for at, stage in enumerate(page.playbook.stages):
        seen = {fold(stage.name): stage.name}
        for place, alias in enumerate(stage.aliases):
            if (twin := seen.get(fold(alias))) is not None:
                message = f"{alias!r} is no other name of {stage.name!r}: {twin!r} is read as the same."
                yield Found(("stages", at, "aliases", place), message, f"Take {alias!r} out of `aliases`.")
            seen.setdefault(fold(alias), alias)


def _names_of(at: int, stage: Stage) -> Iterator[tuple[Path, str]]:
    yield ("stages", at, "name"), stage.name
    yield from ((("stages", at, "aliases", place), alias) for place, alias in enumerate(stage.aliases))


def _confusable_name(page: Page) -> Iterator[Found]:
    """Find names of two stages, or of a stage and an outcome, that differ in case, blanks or punctuation alone."""
    ends = page.playbook.outcomes
    owners = {_spoken(name): (name, "a name of won") for name in ends.won}
    owners |= {_spoken(name): (name, "a name of lost") for name in ends.lost}
    for at, stage in enumerate(page.playbook.stages):
        own = list(_names_of(at, stage))
        for path, name in own:
            twin, whose = owners.get(_spoken(name), (None, ""))
            if twin is not None:
                message = f"{name!r} differs from {twin!r}, {whose}, in case, blanks or punctuation alone."
                yield Found(path, message, "Give one of the two another name, or keep it at one stage.")
        for _, name in own:
            owners.setdefault(_spoken(name), (name, f"a name of the stage {stage.name!r}"))


def _nameless_end(page: Page) -> Iterator[Found]:
    """Find outcomes without a name."""
    for end, usual in (("won", "Closed Won"), ("lost", "Closed Lost")):
        if not getattr(page.playbook.outcomes, end):
            mend = f"Write what the log calls it, such as `{end}: [{usual}]`."
            yield Found(("outcomes", end), f"no name is given for {end}.", mend)


RULES = (
    Rule(
        "person-not-role",
        _person_not_role,
        "People leave and change desks; what belongs to a person has to be rewritten each time, and mostly is not.",
    ),
    Rule(
        "unknown-role",
        _unknown_role,
        "A role that is written in two ways is two roles to the audit, and nobody has the second.",
    ),
    Rule(
        "double-alias",
        _double_alias,
        "What adds nothing makes the next reader look for the difference.",
    ),
    Rule(
        "confusable-name",
        _confusable_name,
        "People and exports write such names in both ways, and a deal lands in the wrong stage.",
    ),
    Rule(
        "nameless-end",
        _nameless_end,
        "Without its names in the log, a won or lost deal looks open for ever.",
    ),
)
"""Rules on names."""
