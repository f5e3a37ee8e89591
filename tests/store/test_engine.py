"""Which FSRS computed a state."""

from importlib.metadata import version

from studyapp.store.engine import fsrs_version


def test_the_version_is_the_installed_one():
    assert fsrs_version() == version("fsrs")
