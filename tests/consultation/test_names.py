"""How much of a patient's name the others see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.consultation.model import NameShown
from kiosk.consultation.names import shown_name


@pytest.mark.parametrize(
    ("full", "first", "initials"),
    [
        ("Kari Nordmann", "Kari", "K. N."),
        ("Kari Anne Nordmann-Berg", "Kari Anne", "K. N."),
        ("  Åse \t ødegård\n", "Åse", "Å. Ø."),
        ("Kari", "Kari", "K."),
        ("(Ola) 'Nordmann'", "(Ola)", "O. N."),
        ("Terminal 42", "Terminal", "T. 4."),
        ("ßu -", "ßu", "S. -."),
        ("", "", ""),
        (" \n ", "", ""),
    ],
)
def test_names(full: str, first: str, initials: str) -> None:
    assert shown_name(full, NameShown.FULL) == " ".join(full.split())
    assert shown_name(full, NameShown.FIRST) == first
    assert shown_name(full, NameShown.INITIALS) == initials


@given(st.text(), st.sampled_from(NameShown))
def test_never_more_than_the_name_and_never_nothing_of_one(full: str, shown: NameShown) -> None:
    told = shown_name(full, shown)
    assert bool(told) == bool(full.split())
    if shown is NameShown.FIRST and len(full.split()) > 1:
        assert full.rsplit(maxsplit=1)[-1] not in told.split() or full.rsplit(maxsplit=1)[-1] in full.split()[:-1]
    if shown is NameShown.INITIALS:
        assert len(told) <= len("K. N.")
