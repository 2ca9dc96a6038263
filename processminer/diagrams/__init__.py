"""Pictures and models as text: the stage map, charts, DOT, Mermaid, BPMN and PNML.

Everything is drawn from counts and estimates that lower rooms made; nothing is counted anew, and nothing is judged.
The same input gives the same bytes. Names from logs and playbooks are hostile until they went through `markup`.
"""
