"""Purchases by the police connected with DNA: who buys what from whom for how much, from notices and from news.

A document counts whatever its label, if it tells of a purchase, of something connected with DNA, and of the police as
the buyer. What a notice says is read in `purchases.notice`, sentences of news in `purchases.news`;
this module decides what they amount to. Losing bidders and agencies are no suppliers; a failed tender has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import Context, body, keep
from pipeline.language.notices import any_of
from pipeline.language.purchases.news import Item, find_news
from pipeline.language.purchases.notice import Notice
from pipeline.language.purchases.status import KIND_OF_STATUS
from pipeline.language.purchases.tables import Amount, Row
from pipeline.language.purchases.yuan import as_number
from pipeline.language.script import matching_copy
from pipeline.records import AmountKind, Procurement, PurchasePart

PAID: tuple[AmountKind, ...] = ("award", "contract")


def find_procurements(text: str, context: Context) -> tuple[Procurement, ...]:
    """The purchases a document tells of: the whole, then lots and items, each kind of amount apart.

    >>> notice = "采购人：某县公安局。成交供应商：某某基因有限公司。成交金额：12.5万元。"
    >>> [(p.supplier, p.amount) for p in find_procurements(notice, Context("DNA血卡采购成交公告"))]
    [('某某基因有限公司', 125000)]
    """
    copy, title = matching_copy(text), matching_copy(context.title)
    whole = f"{title}\n{copy}"
    if not any_of("purchase").search(whole) or not any_of("own").search(whole):
        return ()
    if not any_of("police").search(f"{whole}\n{matching_copy(context.publisher)}"):
        return ()
    notice = Purchases(text, copy, context.title, context.publisher)
    if not notice.is_one:
        return find_news(text, copy, context.publisher)
    return tuple(_unlike(notice.purchases())) if notice.of_police and notice.of_dna else ()


def _unlike(found: Iterator[Procurement]) -> Iterator[Procurement]:
    """Each purchase once."""
    seen = set()
    for fact in found:
        key = (fact.part, fact.lot, fact.product, fact.supplier, fact.amount, fact.amount_kind, fact.quantity)
        if key not in seen:
            seen.add(key)
            yield fact


def _numbers(item: Item) -> dict[str, object]:
    """How many of the goods, in what unit, and the price of one."""
    return {"quantity": as_number(item.quantity), "unit": item.unit, "unit_price": as_number(item.unit_price)}


class Purchases(Notice):
    """The purchases that a notice tells of."""

    def purchases(self) -> Iterator[Procurement]:
        """The whole, lots and items."""
        facts = [*self._priced(), *self._sums(), *self._listed(), *self._inline()]
        if not any(fact.part in {"whole", "lot"} for fact in facts):
            told = {fact.supplier for fact in facts}
            fields = [f for f in self.suppliers if self.text[f.start : f.end] not in told and not f.lots]
            for field in fields:
                supplier = self.text[field.start : field.end]
                yield self._fact("whole", (field.start, field.end), supplier=supplier)
            if not fields:
                yield self._fact("whole", self._where_named(), supplier=self.supplier_of(None, len(self.copy)))
        yield from facts

    def _fact(self, part: PurchasePart, span: tuple[int, int] | None, **more: object) -> Procurement:
        """A purchase with what holds for all of the notice."""
        said = {"product": self.project or None, **more}
        quoted = self.text[span[0] : span[1]] if span else self.title
        start, end = span or (None, None)
        return Procurement.model_validate(
            {
                "part": part,
                "status": self.status,
                "buyer": self.buyer,
                **said,
                "text": quoted,
                "start": start,
                "end": end,
            }
        )

    def _where_named(self) -> tuple[int, int] | None:
        """Where the text names the project or its buyer; None where only the title does."""
        for words in (self.project, self.buyer or ""):
            at = self.text.find(words) if words else -1
            if at >= 0:
                return at, at + len(words)
        return None

    def _priced(self) -> Iterator[Procurement]:
        """A fact for each labelled price."""
        several = self._several_paid()
        seen: set[tuple[str | None, Decimal, str | None]] = set()
        for price in self.prices:
            paid = price.kind in PAID
            key = (price.kind, price.value, price.lot)
            if (self.status == "failed" and paid) or key in seen or self._of_others(price):
                continue
            seen.add(key)
            supplier = self.supplier_of(price.lot, price.start) if paid or self.status == "planned" else None
            part: PurchasePart = "lot" if price.lot or (paid and several) else "whole"
            yield self._fact(
                part, (price.start, price.end), lot=price.lot, supplier=supplier,
                amount=as_number(price.value), amount_kind=price.kind, **self._of_lot(price.lot),
            )  # fmt: skip

    def _of_lot(self, lot: str | None) -> dict[str, object]:
        """Product, quantity and unit of a lot whose line names them."""
        span = self.lot_products.get(lot or "")
        if span is None:
            return {}
        item = self._goods_at.get(span)
        return {"product": self.words(span), **(_numbers(item) if item else {})}

    def _several_paid(self) -> bool:
        """Whether several suppliers were paid, each a price of its own."""
        paid = [price for price in self.prices if price.kind == "award" and price.lot is None]
        return len({self.supplier_of(None, price.start) for price in paid}) > 1

    def _kind(self, amount: Amount) -> AmountKind:
        return amount.kind or KIND_OF_STATUS[self.status]

    def _sums(self) -> Iterator[Procurement]:
        """The sum line of a table, where no label gave the same."""
        known = {(price.kind, price.value) for price in self.prices if price.lot is None}
        several = len({self._supplier(item) for item in self.items}) > 1
        for row in self.rows:
            for amount in row.amounts if row.total else ():
                kind = self._kind(amount)
                if (kind, amount.value) in known:
                    continue
                supplier = self.supplier_of(None, row.start) if kind in PAID and not several else None
                yield self._fact(
                    "whole", amount.at, supplier=supplier, amount=as_number(amount.value), amount_kind=kind
                )

    def _supplier(self, row: Row) -> str | None:
        if self.status in {"failed", "tendered"} or row.unsold:
            return None
        return self.words(row.supplier) or self.supplier_of(row.lot, row.start)

    def _listed(self) -> Iterator[Procurement]:
        """The lots and goods of tables, each amount apart."""
        lots = [row.lot for row in self.items]
        by_lot = bool(lots) and None not in lots and len(set(lots)) == len(lots)
        for row in self.items:
            kinds = {self._kind(amount) for amount in row.amounts}
            for amount in row.amounts or (None,):
                kind = self._kind(amount) if amount else None
                if self.status == "failed" and kind in PAID:
                    continue
                # beside what was paid the budget is nobody's price
                sold = kind in PAID or kinds.isdisjoint(PAID)
                # 供应商 金额 and one row: all of it
                whole = len(self.items) == 1 and row.name is None and row.lot is None
                part: PurchasePart = "lot" if by_lot else "whole" if whole else "item"
                yield self._fact(
                    part, (amount.at if amount else None) or row.name or (row.start, row.end),
                    lot=row.lot, product=self.words(row.name) or self.project or None,
                    supplier=self._supplier(row) if sold else None,
                    quantity=as_number(row.quantity), unit=row.unit, unit_price=as_number(row.unit_price(kind)),
                    amount=as_number(amount.value) if amount else None, amount_kind=kind,
                )  # fmt: skip

    def _inline(self) -> Iterator[Procurement]:
        """Goods with their numbers in sentences, where no table lists them."""
        if self.items:
            return
        lots = {self.lot_products[price.lot] for price in self.prices if price.lot in self.lot_products}
        for item in self.goods:
            if (item.start, item.name_end) in lots:
                continue
            yield self._fact(
                "item", (item.start, item.end), product=self.text[item.start : item.name_end],
                supplier=self.supplier_of(None, item.start), **_numbers(item),
            )  # fmt: skip


@Language.factory("xueyang_procurements")
def make_procurements(nlp: Language, name: str) -> Procurements:
    """The component that leaves purchases in `doc._.procurements`."""
    return Procurements()


class Procurements:
    """Finds purchases connected with DNA, whatever the label."""

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.procurements`."""
        return keep(doc, "procurements", find_procurements(body(doc), doc._.context))
