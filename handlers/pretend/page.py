"""The one page of the pretend system, for people: what it holds and how it behaves. It fetches no styles or scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from handlers.pretend.records import Held, Mode

WORDS = {
    "ok": ("Work normally", "It works normally and answers at once."),
    "slow": ("Be slow", "It is slow: it keeps what it is sent, but answers only after {seconds:g} seconds."),
    "down": ("Be down", "It is down: it answers 503 to everything it is sent and keeps nothing."),
    "refuse": ("Refuse", "It refuses every record with a reason and keeps nothing."),
}
STYLE = """
body { font: 1.1rem/1.5 Arial, Helvetica, sans-serif; color: #0b0c0c; max-width: 60rem; margin: 0 auto; padding: 1rem; }
.notice { border-left: .5rem solid #505a5f; padding: .5rem 1rem; background: #f3f2f1; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; border-bottom: 1px solid #b1b4b6; padding: .5rem 1rem .5rem 0; }
button { font: inherit; padding: .4rem .8rem; margin: 0 .5rem .5rem 0; border: 2px solid #0b0c0c; background: #fff; }
button:focus, summary:focus { outline: 3px solid #0b0c0c; background: #fd0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .9rem; }
"""


def render(held: Sequence[Held], mode: Mode) -> str:
    """The page as HTML. Everything that was sent is escaped."""
    buttons = "".join(
        f'<button name="mode" value="{name}">{escape(label)}</button>' for name, (label, _) in WORDS.items()
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pretend case-management system</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>Pretend case-management system</h1>
<p class="notice">This is not a real system. It stands in for the authority’s own, keeps the oversight records that it
is sent, and can be told to misbehave, so that you can see what Towpath does then.</p>
<h2>How it behaves now</h2>
<p id="mode"><strong>{escape(WORDS[mode.name][1].format(seconds=mode.seconds))}</strong></p>
<form method="post" action="/control">
<fieldset><legend>Change it</legend>{buttons}</fieldset>
</form>
<h2>What it holds</h2>
{_table(held)}
</main>
</body>
</html>
"""


def _table(held: Sequence[Held]) -> str:
    if not held:
        return "<p>Nothing has been sent yet.</p>"
    rows = "".join(_row(each) for each in reversed(held))
    return (
        f"<table><caption>{len(held)} oversight record{'s' if len(held) != 1 else ''}, newest first</caption>"
        '<thead><tr><th scope="col">Number</th><th scope="col">Reference</th><th scope="col">Received</th>'
        f'<th scope="col">Times sent</th><th scope="col">Record</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(held: Held) -> str:
    record = escape(json.dumps(held.record, indent=2, ensure_ascii=False))
    return (
        f'<tr><th scope="row">{escape(held.receipt()["number"])}</th><td>{escape(held.reference)}</td>'
        f"<td>{escape(held.received_at)}</td><td>{held.deliveries}</td>"
        f"<td><details><summary>Show {escape(held.reference)}</summary><pre>{record}</pre></details></td></tr>"
    )
