"""Seasons of daily files with planted changes: how many are found, and what is remarked without cause.

python -m bench.seasons [SEASONS]
"""

import sys

from tests.support.seasons.files import Season
from tests.support.seasons.play import Score, play


def main() -> None:
    seasons = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    total = Score()
    print("season  found  missed  false files")
    for seed in range(seasons):
        score = Score()
        play(Season(seed), score)
        print(f"{seed:6} {score.found.total():6} {score.missed.total():7} {score.false_files:12}")
        total.files += score.files
        total.found += score.found
        total.missed += score.missed
        total.false += score.false
    print(
        f"{'all':>6} {total.found.total():6} {total.missed.total():7} {total.false_files:12}"
        f" of {total.files} files ({total.false_files / total.files:.1%})"
    )
    for kind in sorted(total.found | total.missed):
        print(f"  {kind:30} found {total.found[kind]:3}, missed {total.missed[kind]}")
    for seed, day, remark in total.false:
        print(f"  without cause, season {seed}, day {day}: {remark.code}: {remark.message}")


if __name__ == "__main__":
    main()
