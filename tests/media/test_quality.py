"""One word for how well each way of a call does: soon worse, slowly better."""

import pytest

from kiosk.consultation.model import Quality
from kiosk.media.quality import BETTER_AFTER, WORSE_AFTER, Second, Verdict, heard, incoming, outgoing

GOOD, WEAK, BAD = Quality


@pytest.mark.parametrize(
    ("second", "here", "there"),
    [
        (Second(), GOOD, GOOD),
        (Second(0.04, 0.1, 0.04, 399.0), GOOD, GOOD),
        (Second(concealed_share=0.06), WEAK, GOOD),
        (Second(frozen_s=0.3), WEAK, GOOD),
        (Second(rtt_ms=500.0), WEAK, WEAK),
        (Second(loss_out=0.07), GOOD, WEAK),
        (Second(loss_out=0.2), GOOD, BAD),
        (Second(concealed_share=0.4, loss_out=0.07), BAD, WEAK),
        (Second(frozen_s=0.7, rtt_ms=500.0), BAD, WEAK),
        (Second(rtt_ms=1500.0), BAD, BAD),
    ],
)
def test_the_worst_part_of_a_second_counts(second: Second, here: Quality, there: Quality) -> None:
    assert (incoming(second), outgoing(second)) == (here, there)


def said(*seconds: Quality) -> list[Quality]:
    verdict, words = Verdict(), []
    for second in seconds:
        verdict = heard(verdict, second)
        words.append(verdict.quality)
    return words


def test_one_bad_second_says_nothing() -> None:
    assert set(said(GOOD, BAD, GOOD, BAD, BAD, GOOD)) == {GOOD}


def test_it_is_soon_worse_and_slowly_better() -> None:
    words = said(*[BAD] * WORSE_AFTER, *[GOOD] * BETTER_AFTER)
    assert words[WORSE_AFTER - 2] is GOOD
    assert words[WORSE_AFTER - 1] is BAD
    assert words[-2] is BAD
    assert words[-1] is GOOD


def test_it_goes_only_as_far_as_all_agree() -> None:
    assert said(BAD, WEAK, BAD)[-1] is WEAK
    assert said(*[BAD] * 3, *[GOOD, WEAK] * 4)[-1] is WEAK
