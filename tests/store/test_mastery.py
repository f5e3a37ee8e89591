"""Which topics are weak, and how well each is known."""

import sqlite3
from contextlib import closing

from studyapp.deck.topics import StudyTopic, Topics
from studyapp.schedule.rating import Rating
from studyapp.store.log import AnswerRecord, Mode
from studyapp.store.mastery import DAYS, FEWEST_ANSWERS, Mastery, mastery, ranking, weakness

TOPICS = Topics(
    {"one": "Topic one", "two": "Topic two"}, {"one.a": "one", "one.b": "one", "two.a": "two"}, {"basics": "Basics"}
)


def topic(name: str, answers: int, wrong: int, recall: float = 0.9, average: float = 0.2) -> Mastery:
    seen = 1 if answers else 0
    share = weakness(wrong, answers, average)
    return Mastery(StudyTopic(name, name), 3, seen, recall, answers, wrong, weakness=share)


def names(found: tuple[Mastery, ...]) -> list[str]:
    return [one.topic.name for one in found]


def test_a_card_counts_under_every_topic_that_it_covers_or_else_under_its_deck():
    assert names_of("basics", " one.a one.b ") == ["one"]
    assert names_of("basics", " two.a one.a ") == ["two", "one"]
    assert names_of("basics", " no.such ") == ["basics"]
    assert TOPICS.of("basics", "")[0] == StudyTopic("basics", "Basics", is_deck=True)


def names_of(deck: str, covers: str) -> list[str]:
    return [one.name for one in TOPICS.of(deck, covers)]


def test_topics_are_ranked_by_wrong_answers_and_then_by_the_chance_of_remembering():
    found = ranking(
        [
            topic("good", 40, 1),
            topic("faded", 20, 4, recall=0.5),
            topic("bad", 40, 20),
            topic("fresh", 20, 4, recall=0.9),
            topic("few", FEWEST_ANSWERS - 1, FEWEST_ANSWERS - 1),
            topic("untouched", 0, 0),
        ]
    )
    assert names(found.weakest) == ["bad", "faded", "fresh", "good"]
    assert names(found.too_early) == ["few"]
    assert names(found.not_begun) == ["untouched"]


def test_no_more_than_five_topics_are_the_weakest():
    assert len(ranking([topic(str(number), 10, number) for number in range(9)]).weakest) == 5


def test_few_answers_count_cautiously():
    found = ranking([topic("five of five", 5, 5), topic("sixty of eighty", 80, 60), topic("none of five", 5, 0)])
    assert names(found.weakest) == ["sixty of eighty", "five of five", "none of five"]
    assert weakness(0, 0, 0.3) == 0.3


def test_answers_that_were_rated_again_or_judged_wrong_are_counted_once(collection):
    store = collection.open()
    for rating, outcome in [(1, None), (1, "wrong"), (3, "misconception"), (3, "gave_up"), (3, "close"), (4, None)]:
        store.record(AnswerRecord("c0", Rating(rating), outcome=outcome), store.state("c0"))
    store.record(AnswerRecord("c1", Rating(1), Mode.MOCK), None)
    store.record(AnswerRecord("c2", Rating(1)), None)
    store.undo()
    (basics,), firmness = mastery(store.statistics(), store.scheduler.recall, TOPICS)
    assert (basics.cards, basics.seen, basics.answers, basics.wrong) == (8, 1, 7, 5)
    assert basics.practice == ("c0", "c1"), "most often wrong first"
    assert len(firmness.stabilities) == 1


def test_reviews_are_those_of_known_cards_and_old_answers_are_left_out(collection):
    store = collection.open()
    for card in ("c0", "c1"):
        collection.answer(store, card, Rating.EASY)
    collection.clock.move(days=DAYS)
    collection.answer(store, "c0", Rating.AGAIN)
    collection.answer(store, "c1", Rating.GOOD)
    (basics,), _ = mastery(store.statistics(), store.scheduler.recall, TOPICS)
    assert (basics.answers, basics.wrong, basics.reviews, basics.remembered) == (2, 1, 2, 1)
    assert basics.practice == ("c0", "c1")
    assert basics.share < basics.recall


def test_topics_stand_in_the_order_of_the_syllabus_with_decks_behind(collection):
    collection.bank({"zoo": ["z"], "art": ["a"], "basics": ["b", "c"]})
    with closing(sqlite3.connect(collection.cache)) as connection, connection:
        connection.execute("UPDATE card SET covers = ' two.a one.a ' WHERE card_id = 'b'")
        connection.execute("UPDATE card SET covers = ' two.a ' WHERE card_id = 'c'")
    found, _ = mastery(collection.open().statistics(), lambda *_: 1.0, TOPICS)
    assert [(one.topic.name, one.cards) for one in found] == [("one", 1), ("two", 2), ("art", 1), ("zoo", 1)]
