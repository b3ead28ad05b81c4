"""The spaCy pipeline: a room a component, each a registered factory that writes to the `Doc`.

`build` puts them in order. Text first (`tokenizer`, `sentences`, `script`, `phrases`), then the label (`label`) and the
facts (`places`, `counts` with `tables`, `count_dates` and `count_places`, `reasons`, `groups`, `circumstances`,
`purchases`, `organisations`). `dates` and `fitted` serve several of them.
"""

from pipeline.language.lean import load_spacy

load_spacy()
