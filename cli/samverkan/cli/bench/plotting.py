"""The figures as SVG, for docs/performance."""

from pathlib import Path

from samverkan.cli.bench.figures import Figures


def plot(figures: Figures, folder: Path) -> None:
    """Draw them."""
    raise NotImplementedError(f"{len(figures.parts)} parts into {folder}")
