"""A process that answers and synchronises until it is killed; says on stdout what is on disk.

Usage: worker.py HOME SHARED SEED
"""

import random
import sys
from pathlib import Path

from studyapp.schedule.rating import Rating
from studyapp.store.errors import StoreError
from studyapp.sync.place import FolderPlace
from studyapp.sync.synchronise import SyncBusy
from tests.sync.conftest import Machine


def main(home: Path, shared: Path, seed: int) -> None:
    chance = random.Random(seed)
    one = Machine(home, hours=seed % 5)
    print("ready", flush=True)
    while True:
        one.clock.move(hours=chance.choice([1, 30]))
        for _ in range(chance.randrange(5)):
            one.answer(f"c{chance.randrange(6)}", chance.choice(list(Rating)))
            print("recorded", flush=True)
        one.choose("basics", new_per_day=chance.randrange(50))
        try:
            one.sync(FolderPlace(shared))
        except (SyncBusy, StoreError) as error:
            print("refused", error, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
