"""The picture of the floors in the README, drawn from the table of test_architecture.py: `python tests/floors.py`."""

import sys
from html import escape
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "docs" / "floors.svg"
WIDTH, FLOOR, PAD, LEFT = 1180, 96, 10, 36
STYLE = (
    "text{font-family:'Segoe UI',Roboto,'Liberation Sans',Arial,sans-serif;fill:#1b1f23}.name{font-weight:700;font-size:15px}"
    ".holds{font-size:11.5px}.uses{font-size:11px;fill:#3d3d3d}.floor{font-size:20px;font-weight:700;fill:#12436d}"
)


def picture(rooms) -> str:
    """An SVG with a row a floor and a box a room: its name, what it holds, the rooms it may use. `rooms`: name to Room."""
    floors = sorted({room.floor for room in rooms.values()}, reverse=True)
    boxes = [box for at, floor in enumerate(floors) for box in _row(rooms, floor, PAD + at * FLOOR)]
    height = PAD + len(floors) * FLOOR
    title = "The rooms of the house by floor; a room may use those named in it, all on its floor or below"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"><title>{title}</title>'
    return "\n".join(
        [
            head,
            f"<style>{STYLE}</style>",
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            *boxes,
            "</svg>",
            "",
        ]
    )


def _row(rooms, floor: int, top: int) -> list[str]:
    names = sorted(name for name, room in rooms.items() if room.floor == floor)
    width = (WIDTH - LEFT - PAD * len(names)) / len(names)
    drawn = [f'<text class="floor" x="10" y="{top + 50}">{floor}</text>']
    for at, name in enumerate(names):
        drawn += _box(name, rooms[name], LEFT + at * (width + PAD), top, width)
    return drawn


def _box(name: str, room, left: float, top: int, width: float) -> list[str]:
    letters = int(width / 5.9)
    lines = [("name", name, 20)]
    lines += [("holds", line, 37 + 13 * at) for at, line in enumerate(_wrapped(room.holds, letters)[:2])]
    uses = "uses " + ", ".join(sorted(room.ours)) if room.ours else "uses no other room"
    lines += [("uses", line, 64 + 12 * at) for at, line in enumerate(_wrapped(uses, letters)[:2])]
    words = [f'<text class="{c}" x="{left + 8:.0f}" y="{top + y}">{escape(text)}</text>' for c, text, y in lines]
    return [
        f'<rect x="{left:.0f}" y="{top}" width="{width:.0f}" height="{FLOOR - PAD}" rx="5" fill="#f3f5f7" stroke="#12436d"/>',
        *words,
    ]


def _wrapped(text: str, letters: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > letters and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


if __name__ == "__main__":
    sys.path.insert(0, str(FILE.parent.parent))
    from tests.test_architecture import ROOMS

    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(picture(ROOMS), encoding="utf-8")
