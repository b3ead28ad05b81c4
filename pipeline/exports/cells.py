"""Cells that a spreadsheet shows and never runs: archive text may begin like a formula."""

from __future__ import annotations

import regex

from pipeline.exports.facts import Cell

# Spreadsheets read these as the beginning of a formula, some the full-width ones too; blanks before them do not help.
# Source: OWASP, CSV Injection.
FORMULA = regex.compile(r"^[\s\x00-\x1f]*+[=+\-@＝＋－＠]|^[\t\r\n]")
# Not allowed in the XML of a workbook, and of no use in a table.
CONTROL = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def harmless(cell: Cell) -> Cell:
    """The cell, with an apostrophe before words that a spreadsheet would run as a formula.

    >>> [harmless(cell) for cell in ("=1+1", "@SUM(A1)", "\\t-2", "采集5份", -5, None)]
    ["'=1+1", "'@SUM(A1)", "'\\t-2", '采集5份', -5, None]
    """
    if not isinstance(cell, str):
        return cell
    cell = CONTROL.sub("", cell)
    return f"'{cell}" if FORMULA.match(cell) else cell
