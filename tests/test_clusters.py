"""Reposts share a cluster, posts of one template do not, on pairs written by hand."""

import hashlib
import itertools
import json
import random
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from pipeline.batch.clusters import clusters, post_of
from pipeline.batch.copies import same_post
from pipeline.batch.store import FILES as FILES_TABLE
from pipeline.batch.store import Store
from pipeline.batch.store import _row as row_of
from pipeline.records import Record
from tests.conftest import CASES
from tests.test_records import RECORD

FILES = sorted((CASES / "clusters").glob("*.json"))


def record(path: str, text: str, **facts: Any) -> Record:
    """An invented record; `facts`: title, publisher, published, archived_at, layer."""
    sha256 = hashlib.sha256(path.encode()).hexdigest()
    source = {**RECORD["source"], "path": path, "sha256": sha256, "text_layer": facts.get("layer", "embedded")}
    source["archived_at"] = facts.get("archived_at")
    document = {**RECORD["document"], "text": text}
    document.update({name: facts.get(name) for name in ("title", "publisher", "published")})
    judged = {**RECORD["classification"], "evidence": []}
    nothing: dict[str, list[Any]] = {"counts": [], "places": [], "justifications": [], "organisations": []}
    whole = {**RECORD, "id": sha256, "source": source, "document": document, "classification": judged, **nothing}
    return Record.model_validate({**whole, "cluster": sha256})


class Memory:
    """Stands for a store; everything by path, in the order given."""

    def __init__(self, records: list[Record]) -> None:
        self.by_path = {one.source.path: one for one in records}

    def records(self) -> Iterator[Record]:
        yield from self.by_path.values()

    def record(self, path: str) -> Record:
        return self.by_path[path]


def families(*files: Path) -> list[list[tuple[str, Record]]]:
    """For each family: the posts' names and records."""
    found = []
    for file in files:
        for family in json.loads(file.read_text("utf-8")):
            name = family["family"]
            posts = [
                (f"{name}/{post['post']}", record(f"{name}/{number}.pdf", **_fields(post)))
                for number, post in enumerate(family["posts"])
            ]
            found.append(posts)
    return found


def _fields(post: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in post.items() if name not in {"post", "why"}}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_pairs(file: Path) -> None:
    """Precision and recall of the comparison over all pairs within a family."""
    right = wrong = missed = 0
    for family in families(file):
        for (post, a), (other, b) in itertools.combinations(family, 2):
            found = same_post(post_of(a), post_of(b))
            assert found == same_post(post_of(b), post_of(a))
            right += found and post == other
            wrong += found and post != other
            missed += not found and post == other
    assert right / (right + wrong) >= 0.97
    assert right / (right + missed) >= 0.97


def test_there_are_pairs_enough() -> None:
    same = [p == q for family in families(*FILES) for (p, _), (q, _) in itertools.combinations(family, 2)]
    assert sum(same) >= 60
    assert len(same) - sum(same) >= 60


def test_clusters_of_all_families_together() -> None:
    posts = [post for family in families(*FILES) for post in family]
    found = clusters(Memory([one for _, one in posts]))
    right = wrong = missed = 0
    for (post, a), (other, b) in itertools.combinations(posts, 2):
        together = found[a.source.path] == found[b.source.path]
        right += together and post == other
        wrong += together and post != other
        missed += not together and post == other
    assert right / (right + wrong) >= 0.97
    assert right / (right + missed) >= 0.97


def test_the_order_of_reading_does_not_matter() -> None:
    records = [one for family in families(*FILES) for _, one in family]
    found = clusters(Memory(records))
    for seed in range(3):
        random.Random(seed).shuffle(records)
        assert clusters(Memory(records)) == found


def test_a_cluster_is_named_for_its_earliest_record() -> None:
    text = "昨天上午民警在约巴村为群众采集血样一百四十三份，并登记了人员信息。"
    late = record("a.pdf", text, published="2019-05-02", archived_at="2020-01-01T00:00:00Z")
    early = record("c.pdf", text, published="2019-05-01", archived_at="2021-01-01T00:00:00Z")
    captured_before = record("d.pdf", text + "图文", published="2019-05-01", archived_at="2020-06-01T00:00:00Z")
    undated = record("b.pdf", text)
    found = clusters(Memory([late, early, captured_before, undated]))
    assert set(found.values()) == {captured_before.id}


def test_bodies_that_say_little_stand_alone() -> None:
    found = clusters(Memory([record("a.pdf", "转发微信"), record("b.pdf", "转发微信"), record("c.pdf", "")]))
    assert len(set(found.values())) == 3


def test_the_same_words_under_titles_of_two_villages_are_two_posts() -> None:
    text = "今天上午民警为全体村民采集了血样，登记了人员信息，群众都很配合。"
    found = clusters(
        Memory([record("a.pdf", text, title="约巴村采集血样"), record("b.pdf", text, title="普扎村采集血样")])
    )
    assert len(set(found.values())) == 2


VILLAGES = [
    "松盘",
    "江热",
    "加荣",
    "甘曲",
    "春堆",
    "卡孜",
    "白朗",
    "连巴",
    "约巴",
    "普扎",
    "康沙",
    "宗沙",
    "硕督",
    "仲达",
]
TEMPLATE = (
    "{month}月{day}日，{station}派出所民警来到{village}村开展血样采集工作。民警走村入户，耐心讲解，逐人登记，"
    "严格按照规程操作，做到采集一人、登记一人、核对一人。当天共采集血样{count}份，登记{people}人，"
    "发放宣传单{leaflets}份，受到群众好评。下一步，该所将继续加大采集力度，确保不漏一人。"
)


def templates(number: int) -> list[Record]:
    """Posts of one template, each followed by a repost with another ending."""
    dice = random.Random(7)
    found = []
    for i in range(number // 2):
        text = TEMPLATE.format(
            month=dice.randint(1, 12), day=dice.randint(1, 28), station=dice.choice(VILLAGES),
            village=dice.choice(VILLAGES) + dice.choice("东西南北") + dice.choice(VILLAGES),
            count=dice.randint(30, 900), people=dice.randint(30, 900), leaflets=dice.randint(30, 900),
        )  # fmt: skip
        found.append(record(f"{i:06}.pdf", text))
        found.append(record(f"{i:06}_repost.pdf", "来自微信公众号的消息：" + text[: dice.randint(110, len(text))]))
    return found


def test_a_crowd_of_one_template_is_told_apart_in_time_that_grows_with_it() -> None:
    """The hardest archive: nothing but one template. Double the records, about double the time."""
    seconds = []
    for number in (500, 1000):
        records = templates(number)
        began = time.process_time()
        found = clusters(Memory(records))
        seconds.append(time.process_time() - began)
        pairs = [(found[f"{i:06}.pdf"], found[f"{i:06}_repost.pdf"]) for i in range(number // 2)]
        assert sum(a == b for a, b in pairs) >= 0.97 * len(pairs)
        assert len({a for a, _ in pairs}) >= 0.97 * len(pairs)
    assert seconds[1] < 3.2 * seconds[0]


def test_clusters_are_written_to_the_store_without_holding_the_records(tmp_path: Path) -> None:
    store = Store.of(tmp_path)
    dice = random.Random(3)
    texts = ["".join(chr(0x4E00 + dice.randrange(9000)) for _ in range(1400)) for _ in range(900)]
    late = record("9.pdf", texts[5] + "责任编辑", published="2019-01-01")
    records = [*(record(f"{i:04}.pdf", text) for i, text in enumerate(texts)), late]
    with store.engine.begin() as connection:
        connection.execute(insert(FILES_TABLE), [row_of(one, "key") for one in records])
    store.set_clusters(clusters(store))  # whatever is loaded and cached the first time is
    tracemalloc.start()
    store.set_clusters(clusters(store))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert store.record("0005.pdf").cluster == late.id
    assert store.record("0006.pdf").cluster == store.record("0006.pdf").id
    # Held as well, the texts alone would add two thirds of this: the peak would be above it.
    assert peak < sum(len(text.encode()) for text in texts) * 3 / 4, peak
    store.close()
