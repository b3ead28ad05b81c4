"""Which programme a mass collection belongs to, from its place, its title and its words."""

from typing import Any

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.language.context import Context, prepare
from pipeline.language.label.campaign import campaign
from pipeline.language.label.cues import find_cues
from pipeline.records import Place

Places = tuple[tuple[str, str], ...]


def programme(text: str, title: str = "", publisher: str = "", adcode: str | None = None, also: Places = ()) -> str:
    doc = Doc(Vocab(), words=list(text), spaces=[False] * len(text))
    prepare(doc, Context(title, publisher))
    doc._.cues = find_cues(doc._.plain)
    own = (Place(adcode=adcode, name="某地", text=""),) if adcode else ()
    found = ((code, name, text.find(name)) for code, name in also)
    named = (
        Place(adcode=c, name=n, text=n, start=None if at < 0 else at, end=None if at < 0 else at + len(n))
        for c, n, at in found
    )
    doc._.places = (*own, *named)
    return campaign(doc)


@pytest.mark.parametrize(
    ("text", "more", "expected"),
    [
        ("警方在全國向男子採血，有人問：西藏、新疆是先例嗎？", {}, "male_ancestry"),
        ("采集男性家族血样。", {"title": "西藏某县采血"}, "tibet_population"),
        ("采集男性家族血样。", {"publisher": "新疆某地零距离"}, "xinjiang_population"),
        ("听说西藏那边老少都要采血。", {}, "tibet_population"),
        ("派出所采集男性家族血样。", {"adcode": "540102"}, "tibet_population"),
        ("屋头男的明天都来扎手指，把字辈对一遍。", {"adcode": "510107"}, "male_ancestry"),
        ("男的女的都要扎手指采血。", {"adcode": "510107"}, "unspecified"),
        ("不管男的女的都来。有个男的问要不要采血。", {"adcode": "510107"}, "unspecified"),
        ("全年抓实Y-STR建库，各所采血3.1万份，超额完成。", {"adcode": "530602"}, "male_ancestry"),
        ("单位｜走访户数｜YSTR（份）\n南关所｜310｜122", {"adcode": "620721"}, "male_ancestry"),
        ("本季度Ｙ－ＳＴＲ血样采集进度已过半。", {"adcode": "620721"}, "male_ancestry"),
        ("本季度Y-STR血样采集进度已过半。", {"adcode": "540321"}, "tibet_population"),
        ("本季度Y-STR血样采集进度已过半。", {"adcode": "653223"}, "xinjiang_population"),
        ("为外来租客采集血样870份，购入Y-STR荧光扩增试剂盒4盒。", {"adcode": "330102"}, "unspecified"),
        ("为外来租客采集血样870份。另运用Y-STR检验技术破获积案1起。", {"adcode": "330102"}, "unspecified"),
        ("扎手指采血，一户一人。", {"adcode": "510107", "title": "关于男性取样的通知"}, "male_ancestry"),
    ],
)
def test_campaign(text: str, more: dict[str, str], expected: str) -> None:
    assert programme(text, **more) == expected


@pytest.mark.parametrize(
    ("text", "more", "expected"),
    [
        (
            "循化县警方采集男丁指血900份。流亡团体“西藏之声”对此表示关切。",
            {"also": (("632128", "循化县"), ("540000", "西藏"))},
            "male_ancestry",
        ),
        (
            "同仁、泽库两县为僧俗采血。报告末尾还说，新疆早有先例。",
            {"also": (("632301", "同仁"), ("632323", "泽库"), ("650000", "新疆"))},
            "unspecified",
        ),
        (
            "丁青县为群众采血，外出的由玉树市、称多县警方代采。",
            {"also": (("540324", "丁青县"), ("632701", "玉树市"), ("632723", "称多县")), "publisher": "丁青县公安局"},
            "tibet_population",
        ),
        (
            "丁青县采血，外出的由玉树市代采。",
            {"also": (("540324", "丁青县"), ("632701", "玉树市"))},
            "tibet_population",
        ),
        ("各家各姓都扎手指采血。他弟弟去了新疆打工。", {"also": (("650000", "新疆"),)}, "male_ancestry"),
        ("新疆警方采集男性血样。", {"also": (("650000", "新疆"),)}, "xinjiang_population"),
    ],
)
def test_of_several_regions_the_one_of_the_collection_decides(text: str, more: dict[str, Any], expected: str) -> None:
    assert programme(text, **more) == expected
