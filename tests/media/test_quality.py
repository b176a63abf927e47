"""One word for how well a call does: soon worse, slowly better."""

import pytest

from kiosk.media.quality import BETTER_AFTER, WORSE_AFTER, Quality, Second, Verdict, heard, judged

GOOD, WEAK, BAD = Second(), Second(loss_out=0.07), Second(concealed_share=0.4)


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (Second(), Quality.GOOD),
        (Second(0.04, 0.1, 0.04, 399.0), Quality.GOOD),
        (Second(concealed_share=0.06), Quality.WEAK),
        (Second(frozen_s=0.3), Quality.WEAK),
        (Second(rtt_ms=500.0), Quality.WEAK),
        (Second(loss_out=0.2), Quality.BAD),
        (Second(frozen_s=0.7, rtt_ms=500.0), Quality.BAD),
        (Second(rtt_ms=1500.0), Quality.BAD),
    ],
)
def test_the_worst_part_of_a_second_counts(second: Second, expected: Quality) -> None:
    assert judged(second) is expected


def said(*seconds: Second) -> list[Quality]:
    verdict, words = Verdict(), []
    for second in seconds:
        verdict = heard(verdict, second)
        words.append(verdict.quality)
    return words


def test_one_bad_second_says_nothing() -> None:
    assert set(said(GOOD, BAD, GOOD, BAD, BAD, GOOD)) == {Quality.GOOD}


def test_it_is_soon_worse_and_slowly_better() -> None:
    words = said(*[BAD] * WORSE_AFTER, *[GOOD] * BETTER_AFTER)
    assert words[WORSE_AFTER - 2] is Quality.GOOD
    assert words[WORSE_AFTER - 1] is Quality.BAD
    assert words[-2] is Quality.BAD
    assert words[-1] is Quality.GOOD


def test_it_goes_only_as_far_as_all_agree() -> None:
    assert said(BAD, WEAK, BAD)[-1] is Quality.WEAK
    assert said(*[BAD] * 3, *[GOOD, WEAK] * 4)[-1] is Quality.WEAK
