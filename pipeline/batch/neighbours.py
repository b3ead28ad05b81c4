"""Which texts are worth comparing: MinHash signatures of their character runs, in bands (locality-sensitive hashing).

Two copies share most runs of four characters, so some band of their signatures is equal; unrelated texts share hardly
any. Posts of one template share most runs too, so a band may be common to thousands of them: of such a crowd only the
nearest few are looked at, and bands that few texts share count for more. A copy shares those rare bands with its
original (they come from the very words that set one post of the template apart), its siblings do not.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

RUN = 4  # characters
ROWS, BANDS = (
    3,
    42,
)  # equal in some band: 99.6 % of texts that share half their runs, 94 % at two fifths, 4 % at a tenth
SEED = 20_220_913
FIRST, LATEST = 4, 12  # texts of a crowded band that are looked at: its first and those just before
MOST = 12  # candidates a text is compared with
# Share of equal numbers in two signatures below which they are no candidates, a common band notwithstanding. The
# share estimates that of the common runs to within 0.04; a third of a post, quoted word for word, has 0.33.
LEAST_ALIKE = 0.18

Signature = NDArray[np.uint32]


def signature(words: str) -> Signature:
    """The MinHash signature of a text: ROWS times BANDS numbers, the same on every machine."""
    minhash = RMinHash(num_perm=ROWS * BANDS, seed=SEED)
    minhash.update([words[i : i + RUN] for i in range(max(1, len(words) - RUN + 1))])
    return np.asarray(minhash.digest(), dtype=np.uint32)


class Neighbours:
    """For each of many texts, the earlier ones most likely to be copies of it.

    Takes the signatures as rows of a matrix; time and memory grow with the number of rows (about 1 kB each).
    """

    def __init__(self, signatures: Signature) -> None:
        count = len(signatures)
        self.signatures = signatures
        self.order = np.empty((BANDS, count), dtype=np.int32)
        self.place = np.empty((BANDS, count), dtype=np.int32)
        self.first = np.empty((BANDS, count), dtype=np.int32)
        self.size = np.empty((BANDS, count), dtype=np.int32)
        for band in range(BANDS):
            self._sort(band, signatures[:, band * ROWS : (band + 1) * ROWS].astype(np.uint64))

    def _sort(self, band: int, rows: NDArray[np.uint64]) -> None:
        """Texts with equal rows next to each other, earlier ones first; where each group begins, and its size."""
        keys = (
            (rows[:, 0] << np.uint64(32)) ^ (rows[:, 1] << np.uint64(16)) ^ (rows[:, 2] * np.uint64(0x9E3779B97F4A7C15))
        )
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.r_[True, keys[order][1:] != keys[order][:-1]]) if len(order) else order
        sizes = np.diff(np.r_[starts, len(order)])
        self.order[band] = order
        self.place[band, order] = np.arange(len(order))
        self.first[band, order] = np.repeat(starts, sizes)
        self.size[band, order] = np.repeat(sizes, sizes)

    def of(self, row: int) -> list[int]:
        """Up to MOST earlier rows, the likeliest copies first; ties go to the earlier."""
        weights: dict[int, float] = defaultdict(float)
        for band in np.flatnonzero(self.place[:, row] > self.first[:, row]):
            first, place = int(self.first[band, row]), int(self.place[band, row])
            near = self.order[band, max(first, place - LATEST) : place]
            early = self.order[band, first : min(first + FIRST, max(first, place - LATEST))]
            for other in (*early.tolist(), *near.tolist()):
                weights[other] += 1 / int(self.size[band, row])
        likeliest = sorted(weights, key=lambda other: (-weights[other], other))
        alike = (self.signatures[likeliest] == self.signatures[row]).mean(axis=1) if likeliest else ()
        return [other for other, share in zip(likeliest, alike, strict=True) if share >= LEAST_ALIKE][:MOST]
