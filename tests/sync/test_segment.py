"""What lies in the store is read as strangers' data: whole, within limits, entry by entry."""

from hashlib import sha256

import msgspec
import pytest
import zstandard

from studyapp.schedule.memory import ENGINE, SchedulerSettings
from studyapp.store.union import SharedEntry
from studyapp.sync import segment
from studyapp.sync.segment import SegmentName, Unreadable

DEVICE = "11111111-2222-4333-8444-555555555555"
OTHER = "99999999-2222-4333-8444-555555555555"
SETTINGS = SchedulerSettings().to_json()
ANSWER = SharedEntry(
    DEVICE, 1, "answer", "a", 1_767_268_800_000, 1_767_268_800_000, 60, 739_617, None, (SETTINGS, ENGINE),
    "review", 3, "correct", 1.0, "slip", "42", '{"x": 1}', "½\u2028\n", 0, 1, 1234,
)  # fmt: skip
UNDO = SharedEntry(
    DEVICE, 2, "undo", "a", 1_767_268_800_500, 1_767_268_800_501, 60, 739_617, (OTHER, 7), None,
    *[None] * 11,
)  # fmt: skip


def named(data, holder=DEVICE, span=(1, 2)):
    name = SegmentName.read(holder, f"{span[0]}-{span[1]}.{sha256(data).hexdigest()}.zst")
    assert name is not None
    return name


def changed(change):
    """A segment of the two entries whose header and lines were changed by a stranger, with a checksum that fits."""
    _, data = segment.write([ANSWER, UNDO], "laptop", DEVICE)
    header, *lines = [msgspec.json.decode(line) for line in segment.unpacked(data).splitlines()]
    change(header, lines)
    text = b"\n".join(msgspec.json.encode(one) for one in (header, *lines)) + b"\n"
    data = segment.packed(text)
    return named(data), data


def test_what_is_written_is_read():
    for holder in (DEVICE, OTHER):
        name, data = segment.write([ANSWER, UNDO], "laptop", holder)
        assert SegmentName.read(holder, name.name) == name and name.origin == DEVICE
        contents = segment.read(name, data)
        assert list(contents.entries) == [ANSWER, UNDO] and contents.refused == 0
        assert contents.label == "laptop"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(lambda line: line.__setitem__(2, 10**13), id="a time after the year 2200"),
        pytest.param(lambda line: line.__setitem__(2, -(10**13)), id="a time before 1970"),
        pytest.param(lambda line: line.__setitem__(3, -1), id="placed before it happened"),
        pytest.param(lambda line: line.__setitem__(3, 10**20), id="a number without end"),
        pytest.param(lambda line: line.__setitem__(5, 4000), id="a day that is not of the time"),
        pytest.param(lambda line: line.__setitem__(0, "bribe"), id="an unknown kind"),
        pytest.param(lambda line: line.__setitem__(0, "flag"), id="a mark with a rating"),
        pytest.param(lambda line: line.__setitem__(1, 5), id="a card that is not named"),
        pytest.param(lambda line: line.__setitem__(6, "cram"), id="practice that moves the schedule"),
        pytest.param(lambda line: line.__setitem__(7, 5), id="a fifth rating"),
        pytest.param(lambda line: line.__setitem__(8, -1), id="a negative duration"),
        pytest.param(lambda line: line.__setitem__(9, 3), id="settings that are not named"),
        pytest.param(lambda line: line.__setitem__(12, "a\x1b[2J"), id="control characters"),
        pytest.param(lambda line: line.__setitem__(13, 1.5), id="a score above one"),
        pytest.param(lambda line: line.__setitem__(15, "--5"), id="a seed that is no number"),
        pytest.param(lambda line: line.__setitem__(16, "[" * 10_000), id="nested too deep"),
        pytest.param(lambda line: line.__setitem__(18, 0), id="an answer that takes something back"),
        pytest.param(lambda line: line.clear(), id="nothing"),
        pytest.param(lambda line: line.__setitem__(4, [[[]]]), id="a list for a number"),
    ],
)
def test_an_entry_that_nothing_could_have_logged_is_refused_and_the_others_are_taken(line):
    contents = segment.read(*changed(lambda header, lines: line(lines[0])))
    assert list(contents.entries) == [UNDO] and contents.refused == 1
    assert "entry 1" in contents.reason


@pytest.mark.parametrize(
    "header",
    [
        {"origin": OTHER},
        {"first": 2},
        {"count": 3},
        {"format": 2},
        {"devices": ["me"]},
        {"label": "\x1b]0;"},
        {"cards": "abc"},
        {"base": -1},
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(header):
    with pytest.raises(Unreadable):
        segment.read(*changed(lambda told, lines: told.update(header)))


@pytest.mark.parametrize(
    "settings", ["{}", "[" * 2000, SETTINGS.replace("0.9", "1e-300"), SETTINGS.replace("36500", "5.5")]
)
def test_settings_that_no_scheduler_has_take_their_entries_with_them(settings):
    contents = segment.read(*changed(lambda header, lines: header.update(schedulers=[[settings, ENGINE]])))
    assert list(contents.entries) == [UNDO]


def test_a_changed_byte_a_bomb_and_nonsense_are_refused():
    name, data = segment.write([ANSWER, UNDO], "laptop", DEVICE)
    for place in range(0, len(data), 7):
        spoilt = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(Unreadable):
            segment.read(name, spoilt)
    for data in (
        b"",
        b"nonsense",
        zstandard.ZstdCompressor().compress(b"[" * 200_000_000),
        segment.packed(b""),
        segment.packed(b"[" * 100_000),
        segment.packed(b"\xff\xfe\n\n"),
    ):
        with pytest.raises(Unreadable):
            segment.read(named(data), data)


@pytest.mark.parametrize(
    "name", ["1-2.zst", "0-2." + "a" * 64 + ".zst", "5-2." + "a" * 64 + ".zst", "1-2." + "a" * 64 + ".zst.part", "../x"]
)
def test_other_names_are_no_segments(name):
    assert SegmentName.read(DEVICE, name) is None
    assert SegmentName.read("..", "1-2." + "a" * 64 + ".zst") is None
