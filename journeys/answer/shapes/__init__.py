"""The four shapes of an answer, each a module: count, proportion, waiting, change."""

from collections.abc import Mapping

from journeys.answer.shapes import change, count, proportion, waiting
from journeys.answer.shapes.shape import Shape

SHAPES: Mapping[str, Shape] = {"count": count, "proportion": proportion, "waiting": waiting, "change": change}
