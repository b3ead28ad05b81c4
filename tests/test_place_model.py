"""The fitted model of places beside the rules: what counts as a mention, what is taken, and what it gains."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.language.build import assemble
from pipeline.language.context import Context, make_doc
from pipeline.language.fitted.windows import MOST, SUREST, WindowModel
from pipeline.language.label.cues import find_cues
from pipeline.language.places.component import PlacesComponent, choice_of
from pipeline.language.places.features import place_mentions
from pipeline.language.places.model import TAKEN, key_of, weighed_sites, with_likely
from pipeline.language.script import matching_copy
from pipeline.language.telling import Telling, telling
from pipeline.learning.fact_evaluation import places_of
from pipeline.learning.facts import FactModels, fit_facts
from pipeline.learning.gold import read_gold
from pipeline.learning.places import PlaceFeatures, choice_in, places_in, tells_places
from pipeline.learning.scoring import Tally, deep_place_key
from pipeline.paths import GOLD

UNREAD = ("offices.jsonl", "readers.jsonl")


@pytest.fixture(scope="module")
def fitted() -> FactModels:
    files = [path for path in sorted(GOLD.glob("*.jsonl")) if path.name not in UNREAD][::2]
    documents = [document for document in read_gold(files) if tells_places(document)]
    model = PlaceFeatures([places_in(document) for document in documents]).fit(range(len(documents)))
    return FactModels(places=model)


def told(text: str, title: str = "") -> Telling:
    copy = matching_copy(text)
    return telling(copy, matching_copy(title), find_cues(copy))


def test_it_finds_places_by_other_hands_that_the_rules_miss(fitted: FactModels) -> None:
    f1 = []
    for models in (FactModels(), fitted):
        tally = Tally()
        for document in filter(tells_places, read_gold([GOLD / name for name in UNREAD])):
            found = places_of(document, models)
            tally.add(map(deep_place_key, document.places), map(deep_place_key, found))
        f1.append(tally.scores()["f1"])
    assert f1[1] > f1[0] + 0.02


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("全县采血三千份。", {"全县"}),
        ("县局在吉塘镇采血，各派出所跟上。", {"县局", "吉塘镇", "各派出所"}),
        ("吉塘镇、荣周乡两个乡镇采血。", {"吉塘镇", "荣周乡"}),
        ("吉塘镇采血，十个乡镇都要采。", {"吉塘镇", "十个乡镇"}),
        ("吉塘镇采血。荣周乡尚未启动。", {"吉塘镇"}),
    ],
)
def test_a_county_is_spoken_of_without_its_name(text: str, spoken: set[str]) -> None:
    choice = choice_of(text, Context(publisher="察雅县公安局"))
    mentions = place_mentions(choice, told(text))
    assert {text[at.stretch.start : at.stretch.end] for at in mentions} == spoken
    assert {at.site.code[:6] for at in mentions} == {"540325"}


def test_a_place_is_taken_from_its_probability_on() -> None:
    text = "察雅县公安局在吉塘镇采血。荣周乡的干部来看。"
    choice = choice_of(text, Context())
    mentions = place_mentions(choice, told(text))
    for chance, townships in ((TAKEN["township"] - 0.01, {"吉塘镇"}), (TAKEN["township"], {"吉塘镇", "荣周乡"})):
        scores = [chance if at.site.township == "荣周乡" else 0.0 for at in mentions]
        found = with_likely(choice, choice.sites(), mentions, scores)
        assert {site.township for site in found} == townships


def test_a_county_gives_way_to_its_township_and_a_township_stays_out_beside_its_village() -> None:
    text = "全县采血。吉塘镇的人来看。"
    choice = choice_of(text, Context(publisher="察雅县发布"))
    (county,) = [at.site for at in place_mentions(choice, told(text)) if not at.site.township]
    mentions = place_mentions(choice, told(text))
    for sure, kept in ((0.0, {("540325100", None)}), (0.9, {("540325100", None), ("540325", None)})):
        scores = [1.0 if at.site.township else sure for at in mentions]
        found = {key_of(site) for site in with_likely(choice, [county], mentions, scores)}
        assert {(code[:6], village) for code, village in found} == {(code[:6], village) for code, village in kept}
        assert len(found) == len(kept)
    text = "民警到吉塘镇达仓村采血。"
    choice = choice_of(text, Context(publisher="察雅县公安局"))
    mentions = place_mentions(choice, told(text))
    assert [site.village for site in with_likely(choice, choice.sites(), mentions, [1.0] * len(mentions))] == ["达仓村"]


@pytest.mark.parametrize(
    ("text", "publisher", "kept"),
    [
        ("察雅县公安局采血。吉塘镇的人来看。", "察雅县发布", False),
        ("全县采血。吉塘镇的人来看。", "察雅县发布", True),
        ("察雅县公安局采血。吉塘镇的人来看。", "察雅县公共资源交易网", True),
    ],
)
def test_a_county_by_name_alone_gives_way_but_in_a_purchase(text: str, publisher: str, kept: bool) -> None:
    choice = choice_of(text, Context(publisher=publisher))
    mentions = place_mentions(choice, told(text))
    county = next(at.site for at in mentions if not at.site.township)
    found = with_likely(choice, [county], mentions, [1.0] * len(mentions))
    assert (county in found) is kept


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("县公安局采血，吉塘镇采血。", False),
        ("我县采血，吉塘镇采血。", False),
        ("为完善全县男性家族系统，吉塘镇采血。", False),
        ("全县采血，吉塘镇采血。", True),
        ("各乡镇采血，吉塘镇采血。", True),
    ],
)
def test_a_county_is_added_beside_its_township_where_more_than_its_office_is_told(text: str, added: bool) -> None:
    choice = choice_of(text, Context(publisher="察雅县公安局"))
    mentions = place_mentions(choice, told(text))
    (township,) = [at.site for at in mentions if at.site.township]
    found = with_likely(choice, [township], mentions, [1.0] * len(mentions))
    assert ("540325" in {site.code for site in found}) is added


def test_items_of_minutes_on_other_matters_add_nothing() -> None:
    points = ["防火。", "搬迁。荣周乡、吉塘镇进度偏慢。", "信访。", "防汛。", "公安局已采血9000份。", "值班。"]
    text = "\n".join(f"{number}、{point}" for number, point in zip("一二三四五六", points, strict=True))
    choice = choice_of(text, Context(publisher="察雅县人民政府"))
    mentions = place_mentions(choice, told(text))
    found = with_likely(choice, choice.sites(), mentions, [1.0] * len(mentions))
    assert {site.township for site in found} == {None}


@pytest.mark.parametrize(
    ("text", "townships"),
    [
        ("一、吉塘镇派出所采血60份。\n二、荣周乡派出所调解纠纷2起。", {"吉塘镇"}),
        ("一、吉塘镇派出所采血60份。\n二、荣周乡派出所跟进。", {"吉塘镇", "荣周乡"}),
        ("吉塘镇采血60份，荣周乡调解纠纷2起。", {"吉塘镇"}),
        ("吉塘镇采血60份；荣周乡办理身份证12张。", {"吉塘镇"}),
        ("吉塘镇采血60份。八宿县公安局来学习采血经验。", {"吉塘镇"}),
    ],
)
def test_what_stands_in_a_clause_or_an_item_of_other_work_adds_nothing(text: str, townships: set[str]) -> None:
    choice = choice_of(text, Context(publisher="察雅县公安局"))
    mentions = place_mentions(choice, told(text))
    found = with_likely(choice, choice.sites(), mentions, [1.0] * len(mentions))
    assert {site.township for site in found} == townships


def sure_of_all(model: WindowModel | None) -> WindowModel:
    assert model is not None
    return replace(model, intercepts=np.array([-SUREST, SUREST]))


def test_quotations_stand_in_the_text_and_a_title_has_no_offsets(fitted: FactModels) -> None:
    title, text = "察雅縣吉塘鎮採血", "民警到村。全縣各鄉鎮也已開始採血。"
    choice = choice_of(text, Context(title=title))
    sites = weighed_sites(sure_of_all(fitted.places), choice, told(text, title))
    assert sites
    for site in sites:
        if site.start is None:
            assert site.text in title
        else:
            assert site.text == text[site.start : site.end]


@pytest.mark.parametrize("text", ["", "\n", "İ县采血", "全县采血、" * 2_000, "各乡镇采血，吉塘镇一份。\n" * 400])
def test_odd_and_endless_texts_are_read_in_bounds(fitted: FactModels, text: str) -> None:
    choice = choice_of(text, Context(publisher="察雅县公安局"))
    assert len(place_mentions(choice, told(text))) <= MOST
    assert weighed_sites(sure_of_all(fitted.places), choice, told(text)) is not None


def test_little_or_one_sided_annotation_gives_no_model() -> None:
    documents = [document for document in read_gold([GOLD / UNREAD[0]]) if tells_places(document)]
    nowhere = [document.model_copy(update={"places": ()}) for document in documents]
    assert fit_facts(nowhere[:2]).places is None
    assert choice_in(documents[0]).sites()


def test_the_component_keeps_its_model_and_asks_it(fitted: FactModels, tmp_path: Path) -> None:
    nlp = assemble()
    fitted.into(nlp)
    component = nlp.get_pipe("xueyang_places")
    assert isinstance(component, PlacesComponent)
    component.to_disk(tmp_path / "places")
    read = PlacesComponent().from_disk(tmp_path / "places")
    text = "县局在吉塘镇采血。荣周乡的干部来看。"
    doc = make_doc(nlp, text, Context(publisher="察雅县公安局"))
    for name in ("xueyang_sentences", "xueyang_cues"):
        doc = nlp.get_pipe(name)(doc)
    doc.cats = {"mass_collection": 0.9, "other": 0.1}
    assert [place.township for place in PlacesComponent()(doc)._.places] == ["吉塘镇"]
    read.model = sure_of_all(read.model)
    assert {place.township for place in read(doc)._.places} == {"吉塘镇", "荣周乡"}
    doc.cats = {"casework": 0.9, "other": 0.1}
    assert [place.township for place in read(doc)._.places] == ["吉塘镇"]
    assert PlacesComponent().from_disk(tmp_path / "nothing").model is None
