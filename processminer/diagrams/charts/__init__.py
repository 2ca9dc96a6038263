"""Statistical charts as plain SVG: one chart a file, small, crisp, and the same bytes on every machine.

A chart is drawn from estimates and counts nothing. All share one look (`paper`), so narrow that they can be read on a
telephone; each says in its caption how many it tells of, whom, and what its limits are.
"""
