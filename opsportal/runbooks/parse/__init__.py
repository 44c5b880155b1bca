"""Reading runbooks: `parse` turns the bytes of a Markdown file into records with their places.

Nothing is refused and nothing dropped: what no reader knows becomes a SECTION record with its Markdown, and what looks
wrong becomes a problem with its line. How a value's place is to be read and rewritten is told in `parse.spans`.
"""

from opsportal.runbooks.parse.read import parse

__all__ = ["parse"]
