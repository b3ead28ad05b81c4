"""Where the project's data lies: beside the package in a checkout, inside it when installed from a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_DATA = _PACKAGE / "data"
ROOT = _DATA if _DATA.is_dir() else _PACKAGE.parent

CORPORA = ROOT / "corpora"
PHRASEBOOK = CORPORA / "phrasebook"
GAZETTEER = CORPORA / "gazetteer"
UNICODE = CORPORA / "unicode"
GOLD = CORPORA / "gold"
PASSAGES = CORPORA / "passages"
REFERENCE = CORPORA / "reference"
MODELS = ROOT / "models"
MODEL = MODELS / "xueyang"
