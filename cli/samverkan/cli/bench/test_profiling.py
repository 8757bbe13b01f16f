"""Collapsed stacks become a table: what a function took itself, and what it took with all that it called."""

from samverkan.cli.bench.profiling import as_table

_STACKS = """
main (/x/site-packages/uvloop/__init__.py:90);apply (/src/samverkan/cli/bench/a.py:5) 30
main (/x/site-packages/uvloop/__init__.py:96);apply (/src/samverkan/cli/bench/a.py:9);sha256 (hash.py:1) 60
main (/x/site-packages/uvloop/__init__.py:96) 10
""".strip()


def test_shares_are_of_all_samples_whatever_the_line() -> None:
    assert as_table(_STACKS).splitlines() == [
        " whole    own  function",
        "100.0%  10.0%  main (uvloop/__init__.py)",
        " 90.0%  30.0%  apply (cli/bench/a.py)",
        " 60.0%  60.0%  sha256 (hash.py)",
    ]


def test_shares_are_of_what_the_part_is_about() -> None:
    assert as_table(_STACKS, "/cli/bench/").splitlines() == [
        " whole    own  function",
        "100.0%  33.3%  apply (cli/bench/a.py)",
        " 66.7%  66.7%  sha256 (hash.py)",
    ]


def test_recursion_counts_once() -> None:
    assert as_table("f (a.py:1);f (a.py:1);f (a.py:2) 5").splitlines()[1:] == ["100.0% 100.0%  f (a.py)"]


def test_no_samples_are_no_division_by_zero() -> None:
    assert as_table("") == "No samples: it was too short."
