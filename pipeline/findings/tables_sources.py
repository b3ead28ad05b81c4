"""Tables about the posts: where they come from, when and where they are of, what they say besides numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from pipeline.findings.ledger import QUOTE, Cell, Item, Ledger, Table
from pipeline.findings.scope import Selection, Source
from pipeline.language.glosses import gloss, phrase_gloss
from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.records import Aspect

ORIGINS = {
    "wechat_account": "WeChat accounts",
    "government_website": "Government websites",
    "news_website": "News websites",
    "other": "Other",
}
# Aspect of the circumstances, name of the table, its title.
CIRCUMSTANCES: tuple[tuple[Aspect, str, str], ...] = (
    ("venue", "venues", "Where samples were taken"),
    ("method", "methods", "How samples were taken"),
    ("alongside", "alongside", "What was taken with them"),
    ("consent", "consent", "Consent, doubt and pressure"),
    ("medical_staff", "medical_staff", "Medical staff taking part"),
    ("programme", "programmes", "Programmes the collection was part of"),
)


def counted(
    ledger: Ledger, name: str, title: str, columns: tuple[str, ...], groups: dict[str, list[Item]], **more: str
) -> Table:
    """A table of posts by group, with a total that counts each post once."""
    rows = [
        (Cell(group), ledger.posts(f"b-{name}-{n}", f"{title}: {group}", items))
        for n, (group, items) in enumerate(groups.items(), 1)
    ]
    everything = [Item(n) for n in sorted({item.source for items in groups.values() for item in items})]
    rows.append((Cell("TOTAL (each post once)"), ledger.posts(f"b-{name}-total", f"{title}: all", everything)))
    return Table(name, title, columns, rows, **more)


def _group(sources: Iterable[Source], of: Callable[[Source], Iterable[str]]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = defaultdict(list)
    for source in sources:
        for key in dict.fromkeys(of(source)):
            groups[key].append(Item(source.number))
    return groups


def origin(selection: Selection, ledger: Ledger) -> Table:
    """Posts by kind of source, as table 1 of report 158."""
    groups = _group(selection.sources, lambda s: [ORIGINS[s.record.document.source_type]])
    ordered = {name: groups[name] for name in ORIGINS.values() if name in groups}
    return counted(ledger, "sources_by_origin", "Sources by origin", ("Source", "Number of posts"), ordered)


def year(selection: Selection, ledger: Ledger) -> Table:
    """Posts by year of publication, as table 2 of report 158."""
    groups = _group(selection.sources, lambda s: [(s.record.document.published or "date unknown")[:4]])
    groups = {("date unknown" if key == "date" else key): groups[key] for key in sorted(groups)}
    return counted(ledger, "sources_by_year", "Sources by year", ("Year", "Number of posts"), groups)


def region(selection: Selection, ledger: Ledger) -> Table:
    """Posts by prefecture, in a scope of more than one province by province; a post of several counts in each."""
    gazetteer, scope = load_gazetteer(), selection.scope
    level = 1 if len(scope.regions) == 1 else 0

    def of(source: Source) -> list[str]:
        codes = [place.adcode for place in source.record.places if scope.inside(place.adcode)]
        chains = [gazetteer.lineage(code) for code in codes]
        names = [gazetteer.rows[chain[min(level, len(chain) - 1)]] for chain in chains]
        return [f"{row.english} {row.name}" for row in names] or ["no place known"]

    groups = _group(selection.sources, of)
    ordered = {key: groups[key] for key in sorted(groups, key=lambda k: (-len(groups[k]), k))}
    note = "A post on several regions counts in each; the total counts it once."
    columns = ("Region", "Number of posts")
    return counted(ledger, "sources_by_region", "Sources by region", columns, ordered, note=note)


def justifications(selection: Selection, ledger: Ledger) -> Table:
    """Reasons given, by code, with the commonest phrases and their English."""
    items: dict[str, list[Item]] = defaultdict(list)
    phrases: dict[str, Counter[str]] = defaultdict(Counter)
    for source in selection.sources:
        for reason in source.record.justifications:
            items[reason.code].append(Item(source.number, reason.text[:QUOTE]))
            phrases[reason.code][reason.text[:QUOTE]] += 1
    rows = []
    for code in sorted(items, key=lambda c: (-len({i.source for i in items[c]}), c)):
        examples = sorted(phrases[code].items(), key=lambda pair: (-pair[1], pair[0]))[:3]
        says = "; ".join(f"{words} ({phrase_gloss(code, words)})" for words, _ in examples)
        number = ledger.posts(f"b-reason-{code}", f"Reason: {gloss(code)}", items[code])
        rows.append((Cell(code), Cell(gloss(code)), number, Cell(says)))
    columns = ("Code", "Reason", "Number of posts", "Phrases (English)")
    return Table("justifications", "Reasons given by the police", columns, rows, "A post may give several reasons.")


def groups(selection: Selection, ledger: Ledger) -> Table:
    """From whom samples were taken, where the post says so."""
    found = _group(selection.sources, lambda s: [f"{gloss(g)} ({g})" for g in s.record.groups])
    ordered = {key: found[key] for key in sorted(found, key=lambda k: (-len(found[k]), k))}
    return counted(ledger, "groups", "From whom", ("Group", "Number of posts"), ordered)


def circumstances(selection: Selection, ledger: Ledger, aspect: Aspect, name: str, title: str) -> Table:
    """Methods, venues and so on, where the post tells of them about the collection."""
    found: dict[str, list[Item]] = defaultdict(list)
    for source in selection.sources:
        for fact in source.record.circumstances:
            if fact.aspect == aspect:
                found[f"{gloss(fact.code)} ({fact.code})"].append(Item(source.number, fact.text[:QUOTE]))
    ordered = {key: found[key] for key in sorted(found, key=lambda k: (-len({i.source for i in found[k]}), k))}
    columns = (gloss(aspect).capitalize(), "Number of posts")
    return counted(ledger, name, title, columns, ordered, note="A post may tell of several.")


def organisations(selection: Selection, ledger: Ledger, most: int = 200) -> Table:
    """Bodies that took part, by name as the posts write it, kind and role."""
    found: dict[tuple[str, str, str, str], list[Item]] = defaultdict(list)
    known = load_gazetteer().rows
    for source in selection.sources:
        for body in source.record.organisations:
            where = known[body.adcode].name if body.adcode in known else ""
            words = body.text[:QUOTE] if body.start is not None else "(publisher)"
            found[body.name, where, body.kind, body.role].append(Item(source.number, words))
    rows = []
    ordered = sorted(found, key=lambda k: (-len({i.source for i in found[k]}), k))
    for n, key in enumerate(ordered[:most], 1):
        number = ledger.posts(f"b-body-{n}", f"{key[0]}, {key[3]}", found[key])
        rows.append((*(Cell(part or None) for part in key), number))
    note = f"The {most} most frequent of {len(ordered)}." if len(ordered) > most else ""
    columns = ("Name", "Of", "Kind", "Role", "Number of posts")
    return Table("organisations", "Bodies that took part", columns, rows, note)


def timeline(selection: Selection, ledger: Ledger) -> Table:
    """Posts by month of publication."""
    months = _group(selection.sources, lambda s: [d[:7]] if len(d := s.record.document.published or "") >= 7 else [])
    ordered = {key: months[key] for key in sorted(months)}
    note = "By month of publication; posts without one are left out here."
    return counted(ledger, "timeline", "Timeline", ("Month", "Number of posts"), ordered, note=note)
