"""Makes the packages in this folder with Anki itself: ``python make_anki.py FOLDER``, where the package ``anki`` is.

The same collection is written five times: as a deck package and a collection package of the newest kind, as both for
older versions, and as a deck package of the oldest kind, which Anki itself reads but does not write any more: the
collection of the older one under the name that was used then. Times are fixed; ids of notes and cards are Anki's.
"""

from __future__ import annotations

import sys
import tempfile
import time
import zipfile
from pathlib import Path

from anki.collection import Collection, ExportAnkiPackageOptions
from anki.consts import CARD_TYPE_REV, QUEUE_TYPE_REV

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fea135818e"
    "0000000049454e44ae426082"
)
DAY = 86_400


def fill(col: Collection) -> None:
    media = Path(col.media.dir())
    (media / "dot picture.png").write_bytes(PNG)
    (media / "say.mp3").write_bytes(b"ID3 not really a sound")

    def add(kind: str, deck: str, fields: list[str], tags: str = "") -> None:
        note = col.new_note(col.models.by_name(kind))
        for place, field in enumerate(fields):
            note.fields[place] = field
        note.set_tags_from_str(tags)
        col.add_note(note, col.decks.id(deck))

    add(
        "Basic",
        "ML",
        ["What is <b>bias</b>?", "The error of the <i>mean</i>.<br>Squared: \\(b^2 &lt; 1\\)"],
        "stats ml::basics",
    )
    add("Basic (and reversed card)", "ML::Losses", ["MSE", "mean squared error"])
    add("Basic (type in the answer)", "ML::Losses", ["The loss of medians?", "absolute error"])
    add(
        "Cloze",
        "ML",
        ["{{c1::Hinge::a loss}} is used by {{c2::SVMs}}, \\[\\max(0, 1 - {{c1::y f}})\\]", "Extra <code>x_i</code>"],
    )
    add("Basic", "ML", ['<img src="dot picture.png"> Which colour?', "white [sound:say.mp3]"])
    add(
        "Basic",
        "ML",
        ["[latex]$e^x$[/latex] derived?", "<script>alert(1)</script><ul><li>e<sup>x</sup></li><li>itself</li></ul>"],
    )
    model = col.models.new("Country")
    for name in ("Country", "Capital", "Note"):
        col.models.add_field(model, col.models.new_field(name))
    for name, front, back in (
        (
            "Forward",
            "<div class=q>Capital of {{Country}}?</div>",
            "{{FrontSide}}<hr id=answer>{{Capital}}{{#Note}}<div>{{Note}}</div>{{/Note}}",
        ),
        ("Back", "{{#Capital}}{{Capital}} is the capital of?{{/Capital}}", "{{Country}}"),
    ):
        template = col.models.new_template(name)
        template["qfmt"], template["afmt"] = front, back
        col.models.add_template(model, template)
    col.models.add(model)
    add("Country", "Geography", ["France", "Paris", "on the Seine"])
    add("Country", "Geography", ["Nauru", "", ""])


def history(col: Collection) -> None:
    """Reviews and states, written as Anki stores them."""
    today = col.sched.today
    now = int(time.time())
    by_front = {}
    for card_id in col.find_cards(""):
        card = col.get_card(card_id)
        by_front.setdefault((card.note().fields[0][:10], card.ord), card)

    def review(card, days: int, ease: int, ivl: int, last: int, kind: int, took: int = 5000) -> None:
        at = (now - days * DAY) * 1000 + card.id % 1000
        col.db.execute(
            "insert into revlog values (?,?,?,?,?,?,?,?,?)", at, card.id, -1, ease, ivl, last, 2500, took, kind
        )

    def state(card, ivl: int, due: int, factor: int, reps: int, lapses: int, **more) -> None:
        card.type, card.queue, card.ivl, card.due = CARD_TYPE_REV, QUEUE_TYPE_REV, ivl, today + due
        card.factor, card.reps, card.lapses = factor, reps, lapses
        for name, value in more.items():
            setattr(card, name, value)
        col.update_card(card)

    bias = by_front["What is <b", 0]
    for days, ease, ivl, last, kind in (
        (60, 3, 1, -600, 0),
        (59, 3, 3, 1, 1),
        (56, 1, 1, 3, 1),
        (55, 3, 10, 1, 1),
        (40, 4, 30, 10, 1),
    ):
        review(bias, days, ease, ivl, last, kind)
    review(bias, 20, 3, 30, 30, 3)
    col.db.execute("update revlog set factor = 0 where type = 3")
    state(bias, 50, 10, 2650, 6, 1)
    state(by_front["MSE", 0], 12, 5, 2300, 4, 0)
    fsrs = by_front["MSE", 1]
    state(fsrs, 20, -3, 2500, 5, 0)
    col.db.execute("update cards set data = ? where id = ?", '{"s":33.5,"d":4.25,"dr":0.9}', fsrs.id)
    col.sched.suspend_cards([by_front["The loss o", 0].id])
    col.set_user_flag_for_cards(3, [by_front["{{c1::Hing", 1].id])
    learning = by_front['<img src="', 0]
    review(learning, 0, 1, -60, -60, 0)
    col.db.execute(
        "update cards set type = 1, queue = 1, due = ?, reps = 1, left = 1001 where id = ?", now + 600, learning.id
    )
    forgotten = by_front["[latex]$e^", 0]
    review(forgotten, 30, 3, 1, -600, 0)
    col.db.execute("insert into revlog values (?,?,-1,0,0,1,0,0,4)", (now - 10 * DAY) * 1000, forgotten.id)


def as_oldest(older: Path, oldest: Path) -> None:
    with zipfile.ZipFile(older) as source, zipfile.ZipFile(oldest, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in ("meta", "collection.anki2"):
                target.writestr(name.replace("anki21", "anki2"), source.read(name))


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        col = Collection(str(Path(place) / "collection.anki2"))
        fill(col)
        history(col)
        for name, legacy in (("newest.apkg", False), ("older.apkg", True)):
            options = ExportAnkiPackageOptions(
                with_scheduling=True, with_media=True, with_deck_configs=True, legacy=legacy
            )
            col.export_anki_package(out_path=str(folder / name), options=options, limit=None)
        as_oldest(folder / "older.apkg", folder / "oldest.apkg")
        col.export_collection_package(str(folder / "newest.colpkg"), include_media=True, legacy=False)
        col = Collection(str(Path(place) / "collection.anki2"))
        col.export_collection_package(str(folder / "older.colpkg"), include_media=True, legacy=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
