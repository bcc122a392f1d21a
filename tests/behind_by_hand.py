"""What stands behind one cell, from numbers alone, as a shape is given it; and what is exact of an answer, told plainly."""

import numpy as np

from journeys.answer.grid import NOT_COUNTED, ByOwn, Grid
from journeys.answer.shapes import waiting
from journeys.answer.shapes.shape import Behind


def of_cell(owns, counts, people=None, *, has_shared=False):
    """`counts` and `people`: own labels to name to number."""
    grid = Grid(tuple(counts), _columns(counts, 0), 1, is_there=np.ones((1, len(counts)), bool))
    people = people or {}
    behind = ByOwn(tuple(people), _columns(people, NOT_COUNTED), 1, NOT_COUNTED)
    return Behind(grid, behind, tuple(owns), np.ones((1, len(owns)), bool), has_shared)


def _columns(counts, otherwise):
    names = dict.fromkeys(name for mine in counts.values() for name in mine)
    return {name: np.array([[mine.get(name, otherwise) for mine in counts.values()]]) for name in names}


def of_curve(owns, days):
    """`days`: (day, events, competing, censored)."""
    columns = dict(zip(waiting.COLUMNS, list(zip(*days, strict=True))[1:] or [()] * 3, strict=True))
    curve = waiting.ByDay([day for day, *_ in days], columns)
    grid, nobody = Grid((), {}, 1, curves=(curve,)), ByOwn((), {}, 1, NOT_COUNTED)
    return Behind(grid, nobody, tuple(owns), np.ones((1, len(owns)), bool))


def shown(shape, rule, behind):
    """What may be shown of the cell under each of its own labels."""
    protected, code = shape.released(rule, behind)
    return [protected[i] for i in code[0].tolist()]


def told(grid, cells):
    """The counts of a grid by cell and own labels, where there are any."""
    return {
        cell: {
            own: {name: one[i, j].item() for name, one in grid.counts.items()}
            for j, own in enumerate(grid.owns)
            if not isinstance(grid, Grid) or grid.is_there[i, j]
        }
        for i, cell in enumerate(cells)
    }


def exact(found, question):
    """All that is exact of an answer: counts, curves, people, sizes of regions and what the guard hides."""
    grid, cells = found.grid, question.cells
    people = {
        cell: {own: {name: n for name, n in one.items() if n != NOT_COUNTED} for own, one in mine.items()}
        for cell, mine in told(found.people, cells).items()
    }
    return {
        "counts": {cell: mine for cell, mine in told(grid, cells).items() if mine},
        "curves": [
            sorted(zip(*(one.tolist() for one in (curve._days, *curve._counts.values())), strict=True))
            for curve in grid.curves
        ],
        "people": {cell: {own: one for own, one in mine.items() if one} for cell, mine in people.items()},
        "sizes": {own: sizes.tolist() for own, sizes in zip(grid.sized, grid.sizes, strict=True) if sizes.any()},
        "guarded": {(grid.sized[i], cells[j]) for i, j in np.argwhere(found.guarded).tolist()},
        "has_shared": found.has_shared,
    }


def unguarded(rule, most_rows, sizes, own, wider):
    """In place of the guard: it hides nothing."""
    return np.zeros((len(sizes), len(own)), bool), np.zeros((0, 3), int)
