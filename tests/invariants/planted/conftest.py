"""The table at the end of a run that is told to say more (`-v`)."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each planted bug: which test caught it, and saying what."""
    from bugs import BUGS

    rows = {f"{bug.invariant}: {bug.name}": bug.caught_by for bug in BUGS}
    reports = terminalreporter.getreports("passed")
    caught = [(report, dict(report.user_properties)["caught"]) for report in reports if report.user_properties]
    if terminalreporter.verbosity < 1 or not caught:
        return
    terminalreporter.section("planted bugs")
    for report, said in caught:
        name = report.nodeid.partition("[")[2][:-1]
        if name in rows:
            terminalreporter.line(f"{name}\n    caught by {rows[name]}\n    saying {str(said)[:100]}")
