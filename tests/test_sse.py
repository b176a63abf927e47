"""Server-sent events, in every slicing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.sse import Parser, Record

STREAM = (
    b'\xef\xbb\xbf: hello\nid: YQ==\nevent: one\ndata: {"a": 1}\n\n'
    b"data: x\r\ndata:y\r\rretry: 5\n\nevent: two\ndata: \xc3\xb8\n\n"
)
RECORDS = [Record("one", '{"a": 1}'), Record("message", "x\ny"), Record("two", "ø")]

TABLE = {
    b"": [],
    b"data: a\n": [],
    b"data: a\n\n": [Record("message", "a")],
    b"data:  a\n\n": [Record("message", " a")],
    b"data: a\r\rdata: b\r\r": [Record("message", "a"), Record("message", "b")],
    b"event: e\n\ndata: a\n\n": [Record("message", "a")],
    b"event: e\ndata\n\n": [],
    b"event: bye\ndata:\n\n": [],
    b"event: bye\ndata: null\n\n": [Record("bye", "null")],
    b"event\ndata: a: b\n\n": [Record("message", "a: b")],
    b": ping\n\n: ping\n\n": [],
    b"unknown: field\ndata: a\n\n": [Record("message", "a")],
    b"data: \xff\xfe\n\n": [Record("message", "\ufffd\ufffd")],
}


@pytest.mark.parametrize("chunk", TABLE)
def test_bytes_become_records(chunk: bytes) -> None:
    assert Parser().feed(chunk) == TABLE[chunk]


@given(st.lists(st.integers(0, len(STREAM))))
def test_the_slicing_does_not_matter(cuts: list[int]) -> None:
    parser = Parser()
    places = [0, *sorted(cuts), len(STREAM)]
    records = []
    for begin, end in pairwise(places):
        records += parser.feed(STREAM[begin:end])
    assert records == RECORDS


@pytest.mark.parametrize("step", [1, 7, 1000])
@pytest.mark.parametrize(
    "large",
    [b"data: " + b"x" * 200, b"data: x\n" * 20, b": " + b"x" * 200 + b"\ndata: 1", b"data: 1\n" + b"y" * 200],
    ids=["one line", "many lines", "comment", "no field"],
)
def test_a_record_that_is_too_large_is_dropped_whole_and_the_next_is_read(large: bytes, step: int) -> None:
    parser = Parser(limit_bytes=100)
    stream = large + b"\n\nevent: next\ndata: 1\n\n"
    records = []
    for begin in range(0, len(stream), step):
        records += parser.feed(stream[begin : begin + step])
    assert records == [Record("next", "1")]
    assert parser.dropped == 1


def test_comments_alone_never_add_up_to_a_large_record() -> None:
    parser = Parser(limit_bytes=100)
    assert parser.feed(b": keep-alive\n" * 1000 + b"data: 1\n\n") == [Record("message", "1")]
    assert parser.dropped == 0


def test_an_endless_line_is_not_kept() -> None:
    parser = Parser(limit_bytes=1000)
    for _ in range(100):
        parser.feed(b"x" * 1000)
    assert len(parser._line) <= 1000


@given(st.lists(st.binary(max_size=40)))
def test_no_bytes_are_too_strange(chunks: list[bytes]) -> None:
    parser = Parser(limit_bytes=20)
    for chunk in chunks:
        for record in parser.feed(chunk):
            assert 0 < len(record.data) <= 20
