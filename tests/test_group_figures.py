"""People whom a post names with a figure of their own."""

import pytest

from pipeline.language.groups.beside import beside
from pipeline.language.groups.figures import counted
from pipeline.records import Group


@pytest.mark.parametrize(
    ("text", "group", "word"),
    [
        ("全乡采集DNA血样760人，其中女性312人", "women", "女性"),
        ("名册上要采的二百二十人，寺里的师父8人", "monastics", "寺里的"),
        ("今天来了64人，其中觉姆9人，都采完了", "monastics", "觉姆"),
        ("血样采集五百余份，其中电站外来施工人员130余人份", "migrants", "外来"),
        ("到养老院，11位老人，坐得住的9位都采了", "elderly", "老人"),
        ("6名走不动的老人由村医入户采血", "elderly", "老人"),
        ("全县采集DNA血样1.2万份。按人群分：牧民9800份，寺院僧尼310份，在校学生1200份", "children", "学生"),
        ("全县采集DNA血样1.2万份。按人群分：牧民9800份，寺院僧尼310份，在校学生1200份", "monastics", "僧尼"),
    ],
)
def test_a_figure_tells_who_was_sampled(text: str, group: Group, word: str) -> None:
    start = text.index(word)
    assert counted(text, group, start, start + len(word))


@pytest.mark.parametrize(
    ("text", "group", "word"),
    [
        ("采集血样300份，其中男性160份、女性140份", "women", "女性"),
        ("采集血样300份，登记流动人口17人", "migrants", "流动人口"),
        ("采集血样300份，尚有外出务工人员60人未采", "migrants", "务工人员"),
        ("采集血样300份，比中外地逃犯2名", "migrants", "外地"),
        ("采集血样300份，其中返乡务工人员41份", "workers", "工人"),
        ("采集血样91人，其中六十岁以上的14人", "children", "十岁以上"),
        ("采集血样300份，走访慰问老人25名", "elderly", "老人"),
    ],
)
def test_other_figures_do_not(text: str, group: Group, word: str) -> None:
    start = text.index(word)
    assert not counted(text, group, start, start + len(word))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("派出所采集血样47份，核查僧人29人。", ["，核查僧人29人"]),
        ("派出所采集血样47份，登记僧人29人，一并补采。", []),
    ],
)
def test_other_work_behind_the_samples(text: str, told: list[str]) -> None:
    assert [text[start:end] for start, end in beside(text)] == told
