"""Lines of even length: a sentence is broken so that no word is left alone on the last line."""

from collections.abc import Callable, Sequence

GOES_ON = "\N{NO-BREAK SPACE}…"
"""After the last word of a page that is not the last one."""

Measure = Callable[[str], float]
"""Width of a piece of text, in the unit of the box."""


def flow(text: str, width: float, measure: Measure) -> list[str]:
    """Each line as full as it gets, so that the first ones stay as they are while the text grows."""
    words = [piece for word in text.split() for piece in _pieces(word, width, measure)]
    return _greedy(words, width, measure)


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """As few lines as fit, as even as can be. Line breaks in the text stay; a word wider than the box is cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        # str.split would also split at the no-break spaces that keep "kl. 10.00" together.
        words = [piece for word in paragraph.split(" ") if word for piece in _pieces(word, width, measure)]
        if words:
            lines.extend(_even(words, width, measure))
    return lines


def pages(text: str, width: float, lines_each: int, measure: Measure) -> list[str]:
    """The text in pages of so many lines; at least one page. Where a page ends within a paragraph, it says so."""
    lines = wrap(text, width, measure)
    if len(lines) > lines_each:
        room = width - measure(GOES_ON)
        whole = [wrap(paragraph, width, measure) for paragraph in text.split("\n")]
        paragraphs = [wrap(" ".join(each), room, measure) if len(each) > 1 else each for each in whole]
        lines = [line for paragraph in paragraphs for line in paragraph]
        ends = {sum(map(len, paragraphs[: i + 1])) for i in range(len(paragraphs))}
        for last in range(lines_each - 1, len(lines), lines_each):
            lines[last] += "" if last + 1 in ends else GOES_ON
    return ["\n".join(lines[i : i + lines_each]) for i in range(0, len(lines), lines_each)] or [""]


def _even(words: Sequence[str], width: float, measure: Measure) -> list[str]:
    best = _greedy(words, width, measure)
    low, high = max(measure(word) for word in words), width
    while high - low > 1:
        middle = (low + high) / 2
        lines = _greedy(words, middle, measure)
        if len(lines) == len(best):
            best, high = lines, middle
        else:
            low = middle
    return best


def _greedy(words: Sequence[str], width: float, measure: Measure) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and measure(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _pieces(word: str, width: float, measure: Measure) -> list[str]:
    pieces = []
    while measure(word) > width and len(word) > 1:
        fits = max((i for i in range(1, len(word)) if measure(word[:i]) <= width), default=1)
        pieces.append(word[:fits])
        word = word[fits:]
    return [*pieces, word]
