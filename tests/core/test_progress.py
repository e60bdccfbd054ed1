import io

from rich.console import Console

from xtk.core.progress import OnTerminal

STEP = {"epoch": 0, "step": 5, "steps": 20, "seconds": 60.0, "tokens_per_second": 900.0}
DEV = STEP | {"epoch": 1, "step": 10, "dev": 61.25}


def said(*, terminal: bool) -> str:
    out = io.StringIO()
    report = OnTerminal(Console(file=out, force_terminal=terminal, width=80, _environ={}))
    for record in (STEP, DEV):
        report.training(record)
    report.idle()
    report.note("[done]")
    return out.getvalue()


def test_plain_lines_where_there_is_no_terminal():
    assert said(terminal=False) == (
        "  step 5 of 20, 3 min left\n  epoch 1: dev 61.2 after 60 s (900 tokens/s)\n[done]\n"
    )


def test_a_bar_on_a_terminal_that_gives_the_cursor_back():
    text = said(terminal=True)
    assert "10/20" in text and "dev 61.2" in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")
    assert text.endswith("[done]\n")
