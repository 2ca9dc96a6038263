"""BPMN of every kind that the program writes: playbooks that ship, random ones, hostile names, mined processes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

from processminer.diagrams.block_bpmn import draw_block
from processminer.diagrams.bpmn import draw_bpmn
from processminer.engines.petri import inductive_process
from processminer.playbook.model import Playbook
from processminer.playbook.read import read_playbook
from tests.diagram_stories import HOSTILE, sales
from tests.roaming import drawn_at_random

ROOT = Path(__file__).parent.parent
RANDOM = 30
STRANGE = (*HOSTILE, "\ufeff", "\x01\x02", "won", "a\nb\tc", "x_shape", "x shape", "&amp;", "\u202e", "long " * 40)
"""Names that broke ids, ended attributes, or were nothing once what cannot be printed was gone."""


@cache
def bpmn_files() -> dict[str, str]:
    """Return BPMN by a name for its file."""
    files = {file.stem: draw_bpmn(read_playbook(file)) for file in sorted((ROOT / "playbooks").glob("*.yaml"))}
    chance = Random(11)
    files |= {f"random-{count}": draw_bpmn(drawn_at_random(chance)) for count in range(RANDOM)}
    files["sales"] = draw_bpmn(sales()[1])
    files["strange"] = draw_bpmn(_strange())
    files["mined-strange"] = draw_block(inductive_process({STRANGE: 3, STRANGE[::-1]: 2, STRANGE[:3]: 2}), STRANGE[0])
    files |= {f"mined-{count}": _mined(chance) for count in range(8)}
    files["mined-sample"] = _sample()
    return files


def _strange() -> Playbook:
    stages = [
        {
            "name": name,
            "goal": name,
            "owner": name,
            "optional": place % 2 == 1,
            "may_return_to": STRANGE[:place:4],
            "tasks": [{"do": name, "how": name}],
            "exit_criteria": [{"name": name, "of": {name: name}}],
        }
        for place, name in enumerate(STRANGE)
    ]
    outcomes = {"won": STRANGE[0], "lost": STRANGE[1]}
    handover = {"entering": STRANGE[2], "from": STRANGE[3], "to": STRANGE[4], "passes": list(STRANGE)}
    service = [{"name": name, "begins_at": STRANGE[0]} for name in STRANGE]
    said = {"name": STRANGE[7], "stages": stages, "outcomes": outcomes, "handovers": [handover], "service": service}
    return Playbook.model_validate(said)


def _mined(chance: Random) -> str:
    paths = {tuple(chance.choices("ABCDEF", k=chance.randint(1, 7))): chance.randint(1, 40) for _ in range(12)}
    return draw_block(inductive_process(paths, noise=chance.choice([0.0, 0.2])), "Mined")


def _sample() -> str:
    """Return what `mine --format bpmn` makes of the sample of a Salesforce export."""
    from processminer.log.options import Options
    from processminer.report.mined import Wish, render_mined
    from processminer.study import mine

    text, _ = render_mined(
        mine(str(ROOT / "samples" / "salesforce"), None, Options()), Wish("bpmn", "frequency", "stages", 80)
    )
    assert isinstance(text, str)
    return text
