"""What the notice of a purchase says: who buys and sells what, its prices, tables and forms, how far it has come."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

import regex

from pipeline.language.notices import Field, Price, any_of, find_fields, find_prices, lot_products
from pipeline.language.organisations.bodies import find_bodies
from pipeline.language.purchases.forms import form_goods
from pipeline.language.purchases.names import body_alone, goods_named, says_nothing, titled
from pipeline.language.purchases.news import Item, inline_items
from pipeline.language.purchases.status import KIND_OF_STATUS, step
from pipeline.language.purchases.sums import others_buy, totals
from pipeline.language.purchases.tables import Row, find_rows, is_heading
from pipeline.language.script import matching_copy
from pipeline.patterns import Pattern
from pipeline.records import PurchaseStatus

NOTICE = Pattern(r"采购|招标|中标|成交|询价|磋商|谈判|比选|竞价|合同|单一来源|废标|流标|供应商")
DIGEST = Pattern(r"(?:信息|情况|公告|意向|公开|采购|结果)汇总")
# 某州公安局血样检测服务项目招标公告: the first line, where the title names goods alone.
HEADLINE = Pattern(r"\s*[^。；，\n]{4,80}(?:公告|公示)[ \u3000]*(?=\n|$)")
# 就某县公安局血卡项目进行竞争性磋商
INVITES = Pattern(r"进行(?:国内)?(?:公开|邀请)?(?:竞争性)?(?:招标|磋商|谈判|询价|比选)")
COMMISSIONED = Pattern(r"受(?<name>[\p{Han}]{4,30}?)(?:的)?委托")


@dataclass(frozen=True)
class Notice:
    """A notice of a purchase: its text as it stands and as matching copy, its title and publisher."""

    text: str
    copy: str
    title: str
    publisher: str

    @cached_property
    def title_copy(self) -> str:
        """The title as it is searched, with the heading of the text where it alone is that of a notice."""
        title = matching_copy(self.title)
        headline = HEADLINE.match(self.copy)
        return f"{title} {headline[0].strip()}" if headline and not NOTICE.search(title) else title

    @cached_property
    def fields(self) -> list[Field]:
        """Labelled names."""
        return find_fields(self.copy)

    @cached_property
    def labelled(self) -> list[Price]:
        """Labelled prices of what the police buy."""
        return [price for price in find_prices(self.copy) if not others_buy(self.copy, price.start)]

    @cached_property
    def prices(self) -> list[Price]:
        """The same, else what 合计 or 总价 tells where no label or table tells any."""
        if self.labelled or any(row.amounts for row in self.rows) or not self.project_of_dna:
            return self.labelled
        # of what is out to tender 总价 may be the budget or the highest price allowed
        kind = None if self._step == "tendered" else KIND_OF_STATUS[self._step]
        return [Price(kind, *told, None) for told in totals(self.copy)]

    @cached_property
    def rows(self) -> list[Row]:
        """Rows of tables."""
        return find_rows(self.text, self.copy)

    @cached_property
    def forms(self) -> list[Item]:
        """Goods in the fields of forms."""
        return [entry.goods for entry in form_goods(self.copy)]

    @cached_property
    def is_one(self) -> bool:
        """Whether the document is a notice rather than news."""
        told = {field.code for field in self.fields} | {price.kind for price in self.labelled}
        if (len(told) >= 2 and "buyer" in told) or (told and self._commissioned and INVITES.search(self.copy)):
            return True
        failed = self._step == "failed"  # one sentence may be all that such a notice says
        return bool(self._titled_so and (told or self.rows or self._commissioned or self.forms or failed))

    @property
    def _titled_so(self) -> bool:
        """Whether the title is that of a notice; a digest of purchases is read by its sentences."""
        return NOTICE.search(self.title_copy) is not None and DIGEST.search(self.title_copy) is None

    @property
    def _commissioned(self) -> regex.Match[str] | None:
        return COMMISSIONED.search(self.copy)

    def words(self, span: tuple[int, int] | None) -> str | None:
        """What stands there."""
        return self.text[span[0] : span[1]] if span else None

    @cached_property
    def buyer(self) -> str | None:
        """Who buys: as labelled, as commissioning, as the title or the text names the police."""
        for field in self.fields:
            if field.code == "buyer":
                return body_alone(self.text[field.start : field.end])[0]
        if match := self._commissioned:
            return self.text[match.start("name") : match.end("name")]
        for words in (self.title, self.text, self.publisher):
            named = [words[b.start : b.end] for b in find_bodies(matching_copy(words)) if b.kind == "police"]
            if named:
                return named[0]
        return None

    @cached_property
    def of_police(self) -> bool:
        """Whether the police buy."""
        return bool(any_of("police").search(matching_copy(self.buyer or self.title)))

    @cached_property
    def project(self) -> str:
        """What is bought, as the project is named."""
        listed: list[str] = []
        for field in self.fields:
            # 采购内容： and the table below it
            if field.code != "product_label" or is_heading(self.text, self.copy, field.start):
                continue
            # 采购内容：采血卡3000张，单价2元；采血针…: a list of goods names no project
            listed = listed or self._listed_at(field.start)
            if not listed:
                return self.text[field.start : field.end].strip("“”《》 ")
        return titled(self.title, self.buyer) or "、".join(listed) or self._otherwise

    @property
    def _otherwise(self) -> str:
        """What is bought where neither label nor title tells: behind the buyer's name, or said in the text."""
        if not says_nothing(self.title):
            return self.title
        behind = (body_alone(self.text[f.start : f.end])[1] for f in self.fields if f.code == "buyer")
        lots = "" if self.lot_products else goods_named(self.text, self.copy)
        return next(filter(None, behind), "") or lots

    def _listed_at(self, start: int) -> list[str]:
        """The goods of the line at an offset, where it begins with goods and their number."""
        end = self.copy.find("\n", start)
        goods = [item for item in self.told if start <= item.start < (end if end >= 0 else len(self.copy))]
        return [self.text[item.start : item.name_end] for item in goods] if goods and goods[0].start == start else []

    @cached_property
    def project_of_dna(self) -> bool:
        """Whether the project as a whole is connected with DNA."""
        return bool(any_of("own").search(matching_copy(f"{self.title}\n{self.project}")))

    @cached_property
    def of_dna(self) -> bool:
        """Whether anything bought is connected with DNA."""
        return self.project_of_dna or bool(self.items) or bool(self.goods) or bool(self.lots_of_dna)

    @cached_property
    def lots_of_dna(self) -> set[str]:
        """The lots whose line names something connected with DNA."""
        return {lot for lot, span in self.lot_products.items() if any_of("own").search(self.copy, *span)}

    def _of_others(self, price: Price) -> bool:
        """Whether a price is that of a lot that has nothing to do with DNA, or of all lots where one has."""
        if self.project_of_dna or self.items or not self.lots_of_dna:
            return False
        return price.lot not in self.lots_of_dna

    @cached_property
    def items(self) -> list[Row]:
        """Lots and goods connected with DNA: all of a project that is, else those whose row says so."""
        rows = [row for row in self.rows if not row.total and not row.ranked]
        if self.project_of_dna:
            return rows
        return [row for row in rows if any_of("own").search(self.copy, row.start, row.end)]

    @cached_property
    def status(self) -> PurchaseStatus:
        """How far the purchase has come, by its title, else by what its prices are called."""
        if self._step != "tendered":
            return self._step
        sold = any(price.kind == "award" for price in self.prices)
        return "contracted" if any(p.kind == "contract" for p in self.prices) else "awarded" if sold else "tendered"

    @cached_property
    def _step(self) -> PurchaseStatus:
        """The same by its title alone, or where the text says that it failed."""
        return step(self.title_copy, self.copy)

    @cached_property
    def suppliers(self) -> list[Field]:
        """Who was awarded it; nobody where it failed or is still out to tender."""
        if self.status in {"failed", "tendered"}:
            return []
        lost = {self.copy[f.start : f.end] for f in self.fields if f.code in {"loser", "agency", "buyer"}}
        return [f for f in self.fields if f.code == "supplier" and self.copy[f.start : f.end] not in lost]

    @cached_property
    def _suppliers_by_lot(self) -> dict[str | None, list[Field]]:
        """The suppliers of each lot, in order; under None those named without one."""
        by_lot: dict[str | None, list[Field]] = {}
        for field in self.suppliers:
            for lot in dict.fromkeys(field.lots or (None,)):
                by_lot.setdefault(lot, []).append(field)
        return by_lot

    @cached_property
    def _names_by_lot(self) -> dict[str | None, set[str]]:
        """Their names."""
        return {lot: {self.text[f.start : f.end] for f in named} for lot, named in self._suppliers_by_lot.items()}

    @cached_property
    def _only_in_tables(self) -> set[str]:
        """The suppliers that rows of tables name."""
        return {self.words(row.supplier) or "" for row in self.rows if row.supplier and not row.ranked}

    @cached_property
    def _only_anywhere(self) -> set[str]:
        """The suppliers that labels or rows of tables name."""
        return self._only_in_tables.union(*self._names_by_lot.values())

    def supplier_of(self, lot: str | None, at: int) -> str | None:
        """The supplier of a lot; of a price without one, the nearest named before it, else the only one."""
        names = self._names_by_lot.get(lot, set())
        if len(names) == 1:
            return next(iter(names))
        named = self._suppliers_by_lot.get(lot, [])
        before = bisect_right(named, at, key=lambda field: field.end)
        if before:
            return self.text[named[before - 1].start : named[before - 1].end]
        everybody = self._only_anywhere if lot is None else self._only_in_tables
        return next(iter(everybody)) if len(everybody) == 1 and self.status not in {"failed", "tendered"} else None

    @cached_property
    def lot_products(self) -> dict[str, tuple[int, int]]:
        """What each lot is, where its own line tells."""
        return lot_products(self.copy)

    @cached_property
    def told(self) -> list[Item]:
        """Goods and their numbers in sentences."""
        return inline_items(self.copy)

    @cached_property
    def goods(self) -> list[Item]:
        """The same, and those of forms where these or the title are connected with DNA."""
        starts = {item.start for item in self.told}
        of_dna = any_of("own").search(self.title_copy) is not None
        listed = (one for one in self.forms if of_dna or any_of("own").search(self.copy, one.start, one.name_end))
        return self.told + [one for one in listed if one.start not in starts]

    @cached_property
    def _goods_at(self) -> dict[tuple[int, int], Item]:
        """Goods by where their name stands."""
        return {(item.start, item.name_end): item for item in self.goods}
