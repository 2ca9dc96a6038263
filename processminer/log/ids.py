"""One Salesforce id is written with 15 characters or with 18: the last three only repeat which letters are capitals."""

from __future__ import annotations


def same_id(deal: str) -> str:
    """Return the expression of a deal's id without the check letters of Salesforce's long form.

    Any other id stays as it is; ids of digits alone are no such ids (Zoho's have 18 of them).
    """
    long_form = f"regexp_full_match({deal}, '[A-Za-z0-9]{{15}}[A-Z0-5]{{3}}') AND regexp_matches({deal}, '[A-Za-z]')"
    return f"CASE WHEN length({deal}) = 18 AND {long_form} THEN left({deal}, 15) ELSE {deal} END"
