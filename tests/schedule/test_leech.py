"""Leeches: pointed out at eight lapses and at every fourth after."""

from studyapp.schedule.leech import is_alarm, is_leech


def test_the_alarm_sounds_at_8_12_16_lapses_and_only_when_one_is_added():
    assert [lapses for lapses in range(1, 21) if is_alarm(lapses - 1, lapses)] == [8, 12, 16, 20]
    assert not is_alarm(8, 8)
    assert [is_leech(7), is_leech(8), is_leech(9)] == [False, True, True]
