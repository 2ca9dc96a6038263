"""Random playbooks in the manners in which people write YAML: block and flow, quoted and plain, comments anywhere.

Every comment is unique and names the path of the part that it stands in, so that a test can tell whose it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import strategies as st

from processminer.engines.yaml_text import dump_text

STAGES = ("Lead", "Demo", "Price: agreed", "yes", "Vertrag", "2-Scoping", "Größe", "a #b", "It's on", "🎉")
TASKS = ("Call", "Mail: offer", "404", "Besuch vor Ort", "[x]")
TEXTS = ("Ask why", "who: when", "it's", "x # y", "- dash", "ja/nein")


@dataclass
class Page:
    """Lines being written, and how many comments there are so far."""

    draw: Any
    lines: list[str] = field(default_factory=list)
    comments: int = 0

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def scalar(self, text: str) -> str:
        style = self.pick("", "", "'", '"')
        return dump_text(text, style)

    def comment(self, path: str) -> str:
        self.comments += 1
        return f"#{self.comments} {path}"

    def trailing(self, path: str) -> str:
        return f"{self.pick(' ', '   ')}{self.comment(path)}" if self.pick(True, False, False) else ""

    def between(self, indent: int, path: str) -> None:
        """Write blank lines or comments that stand between two parts of the part at `path`."""
        match self.pick("", "", "", "blank", "comment", "both"):
            case "blank":
                self.lines.append("")
            case "comment":
                self.lines.append(" " * indent + self.comment(path))
            case "both":
                self.lines += ["", " " * indent + self.comment(path)]
            case _:
                pass


def flow(page: Page, value: Any) -> str:
    if isinstance(value, dict):
        pad = page.pick("", " ")
        inner = ", ".join(f"{key}: {flow(page, one)}" for key, one in value.items())
        return f"{{{pad}{inner}{pad}}}"
    if isinstance(value, list):
        return f"[{', '.join(flow(page, one) for one in value)}{page.pick('', '', ',')}]" if value else "[]"
    return page.scalar(value) if isinstance(value, str) else {True: "true", False: "false"}.get(value, str(value))


def write(page: Page, key: str, value: Any, indent: int, path: str) -> None:
    """Write a key with its value in some manner."""
    head = f"{' ' * indent}{key}:"
    nested = isinstance(value, list) and any(isinstance(one, dict) for one in value)
    if not isinstance(value, (dict, list)) or not value or (not nested and page.pick(True, False)):
        page.lines.append(f"{head} {flow(page, value)}{page.trailing(path)}")
    elif isinstance(value, dict):
        page.lines.append(head + page.trailing(path))
        write_mapping(page, value, indent + page.pick(2, 4), path)
    elif not nested and page.pick(True, False):
        page.lines.append(f"{head} [{page.trailing(path)}")
        items = ((f"{path}/{place}", one) for place, one in enumerate(value))
        page.lines += [f"{' ' * indent}  {flow(page, one)},{page.trailing(inside)}" for inside, one in items]
        page.lines.append(f"{' ' * indent}]{page.trailing(path)}")
    else:
        page.lines.append(head + page.trailing(path))
        write_list(page, value, indent + page.pick(0, 2, 3), path)


def write_mapping(page: Page, value: dict[str, Any], indent: int, path: str) -> None:
    for place, (key, one) in enumerate(value.items()):
        if place:
            page.between(indent, path)
        write(page, key, one, indent, f"{path}/{key}")


def write_list(page: Page, value: list[Any], indent: int, path: str) -> None:
    for place, one in enumerate(value):
        page.between(indent, path)
        inside = f"{path}/{place}"
        if not isinstance(one, dict) or page.pick(True, False):
            page.lines.append(f"{' ' * indent}- {flow(page, one)}{page.trailing(inside)}")
            continue
        gap = page.pick(1, 1, 3)
        first = len(page.lines)
        write_mapping(page, one, indent + 1 + gap, inside)
        page.lines[first] = f"{' ' * indent}-{' ' * gap}{page.lines[first].lstrip(' ')}"


@st.composite
def plain_playbooks(draw: Any) -> dict[str, Any]:
    """Plain data of playbooks that read without fault."""
    names = draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=4, unique=True))
    stages = []
    for place, name in enumerate(names):
        stage: dict[str, Any] = {"name": name}
        for key, values in (
            ("goal", st.sampled_from(TEXTS)),
            ("optional", st.booleans()),
            ("time_limit", st.sampled_from(["14 days", "2 weeks", 3])),
            ("aliases", st.lists(st.sampled_from([f"alias {place}", f"{place}", f"no: {place}"]), unique=True)),
            ("may_return_to", st.lists(st.sampled_from(names[:place] or ["-"]), unique=True, max_size=2)),
            ("next", st.lists(st.sampled_from([*names[place + 1 :], "Won"]), unique=True, min_size=1, max_size=2)),
            ("exit_criteria", st.lists(criteria(), max_size=2, unique_by=lambda one: one["name"])),
            ("tasks", st.lists(tasks(), max_size=3, unique_by=lambda task: task["do"])),
        ):
            if draw(st.booleans()) and not (key == "may_return_to" and place == 0):
                stage[key] = draw(values)
        order = draw(st.permutations(list(stage)))
        stages.append({key: stage[key] for key in order})
    # A playbook must have a way to won, whatever the other stages say of what follows them.
    stages[-1].pop("next", None)
    book: dict[str, Any] = {
        "name": "Book",
        "stages": stages,
        "outcomes": {"won": ["Won", "Gewonnen"], "lost": ["Lost"]},
    }
    for key, values in frames(names).items():
        if draw(st.integers(0, 3)) == 0:
            book[key] = draw(values)
    return {key: book[key] for key in draw(st.permutations(list(book)))}


def frames(names: list[str]) -> dict[str, st.SearchStrategy[Any]]:
    """What a playbook may say beside its stages."""
    entering = st.sampled_from([*names, "Won"])
    handover = st.fixed_dictionaries(
        {"entering": entering, "from": st.just("SDR"), "to": st.just("AE")},
        optional={"within": st.just("2 days"), "passes": st.lists(st.sampled_from(TEXTS), max_size=2, unique=True)},
    )
    service = st.fixed_dictionaries(
        {"name": st.sampled_from(("Delivery", "Follow-up: call"))},
        optional={"begins_at": st.just("Won"), "within": st.just("1 week"), "opens": st.just(names[0])},
    )
    metric = st.fixed_dictionaries(
        {"name": st.sampled_from(("Win rate", "404"))},
        optional={"target": st.just("at least 25%"), "measure": st.just("win rate")},
    )
    material = st.fixed_dictionaries(
        {"name": st.sampled_from(("script.md", "a #b"))},
        optional={"where": st.sampled_from(("docs/script.md", "x: y")), "reviewed": st.just(date(2026, 1, 31))},
    )
    accepted = st.fixed_dictionaries(
        {"deviation": st.just("skipped"), "subject": st.sampled_from(names), "because": st.sampled_from(TEXTS)},
        optional={"until": st.just(date(2026, 12, 31)), "where": st.just({"segment": ["SMB", "No"]})},
    )
    change = st.fixed_dictionaries(
        {"version": st.sampled_from(("1.1.0", "1.2.0")), "why": st.sampled_from(TEXTS)},
        optional={"day": st.just(date(2026, 1, 31))},
    )
    role = st.fixed_dictionaries(
        {"name": st.sampled_from(("SDR", "AE"))}, optional={"people": st.lists(st.just("O'Hara: Ann"), max_size=1)}
    )
    return {
        "version": st.just("1.2.0"),
        "valid_from": st.just(date(2026, 1, 1)),
        "review_every": st.sampled_from(["90 days", 30]),
        "applies_to": st.dictionaries(
            st.sampled_from(("type", "pipeline")), st.just(["New: big", "yes"]), min_size=1, max_size=2
        ),
        "handovers": st.lists(handover, max_size=2, unique_by=lambda one: one["entering"]),
        "service": st.lists(service, max_size=2, unique_by=lambda one: one["name"]),
        "metrics": st.lists(metric, max_size=2, unique_by=lambda one: one["name"]),
        "materials": st.lists(material, max_size=2, unique_by=lambda one: one["name"]),
        "accepted": st.lists(accepted, max_size=2, unique_by=lambda one: one["subject"]),
        "changes": st.lists(change, max_size=2, unique_by=lambda one: one["version"]),
        "roles": st.lists(role, max_size=2, unique_by=lambda one: one["name"]),
    }


def criteria() -> st.SearchStrategy[dict[str, Any]]:
    named = {"name": st.sampled_from(("BANT", "Signed: yes", "Legal's word"))}
    return st.one_of(
        st.fixed_dictionaries(named, optional={"field": st.just("Pain__c"), "approved_by": st.just("Legal")}),
        st.fixed_dictionaries({**named, "at_least": st.just(2), "of": st.just({"Budget": "b__c", "Need": "n"})}),
    )


def tasks() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"do": st.sampled_from(TASKS)},
        optional={"by": st.sampled_from(["SDR", "AE"]), "optional": st.booleans(), "seen_as": st.just(["Call", "404"])},
    )


@st.composite
def playbook_texts(draw: Any) -> tuple[dict[str, Any], str]:
    """Playbooks with the text that says them."""
    book = draw(plain_playbooks())
    page = Page(draw)
    page.between(0, "")
    write_mapping(page, book, 0, "")
    page.between(0, "")
    newline = page.pick("\n", "\n", "\r\n")
    return book, page.pick("", "", "\ufeff") + newline.join(page.lines) + page.pick(newline, newline, "")
