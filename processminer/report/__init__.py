"""The telling of a study as HTML, text, Markdown and JSON. Renders; never counts deals or judges. Reads study."""
