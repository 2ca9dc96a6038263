"""Guidance written as HTML, as the paragraphs that a person reads."""

from __future__ import annotations

from html.parser import HTMLParser

from processminer.playbook.imports.said import tidy

_BREAKS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "blockquote", "pre"}
_UNSEEN = {"script", "style"}

LONGEST = 10_000
"""Characters; Salesforce allows a tenth of it."""


def paragraphs(html: str) -> list[str]:
    """Return the text of HTML, one entry for each paragraph or item of a list, without what no reader sees.

    >>> paragraphs("<p>Find the <b>pain</b></p><ul><li>Ask</li><li>Listen &amp; write</li></ul><script>x</script>")
    ['Find the pain', 'Ask', 'Listen & write']
    """
    reader = _Paragraphs()
    reader.feed(html[:LONGEST])
    reader.close()
    found = [tidy(one) for one in reader.found]
    return [one for one in found if one]


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = [""]
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._unseen += tag in _UNSEEN
        if tag in _BREAKS:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(self._unseen - (tag in _UNSEEN), 0)
        if tag in _BREAKS:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found[-1] += data
