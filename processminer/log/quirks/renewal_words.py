"""By which words, in eight languages, a deal with a customer of old is told from new business."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from processminer.log.names import fold
from processminer.log.sources.profile import header_key

if TYPE_CHECKING:
    from processminer.log.sources.recognise import Part

_TYPES = {
    "type", "dealtype", "recordtype", "recordtypename", "recordtypeid", "opportunitytype", "opportunityrecordtype",
    "businesstype", "pipeline", "pipelinename", "category", "dealcategory", "motion", "salesmotion",
    "tipo", "tipologia", "typ", "dealtyp", "typededeal", "typedaffaire", "categoria", "商机类型", "类型",
}  # fmt: skip
"""Headers of columns that say of what type a deal is, letters and digits alone."""

_WORDS = re.compile(
    r"renew|expansion|up-?sell|up sell|cross-?sell|cross sell|upgrade|add-?on|existing (business|customer)"
    r"|rinnov|espansione|cliente esistente|clienti esistenti"
    r"|renouvel|client existant|extension de contrat"
    r"|verlängerung|erneuerung|bestandskund|erweiterung"
    r"|renovaci|ampliaci|cliente existente"
    r"|renovaç|expansão|ampliação"
    r"|продлен|допродаж"
    r"|续约|续签|续费|增购|老客户|复购"
)


def renewal_columns(part: Part) -> tuple[str, ...]:
    """Return the headers of a deals table that say of what type a deal is, its pipeline last."""
    mapped = part.columns.get("pipeline")
    fitting = [header for header in part.table.columns if header_key(header) in _TYPES and header != mapped]
    return (*fitting, *((mapped,) if mapped is not None else ()))


def speaks_of_renewal(value: str) -> bool:
    """Tell whether a type of deal is a renewal or an expansion.

    >>> speaks_of_renewal("Existing Customer - Upgrade"), speaks_of_renewal("Rinnovo"), speaks_of_renewal("New")
    (True, True, False)
    """
    return _WORDS.search(fold(value)) is not None
