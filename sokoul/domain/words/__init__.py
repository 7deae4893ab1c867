"""What judgements say, in every language: a sentence's id (`kind`) and its values, never a finished text.

`phrase("wrong_year.other", found=1984, wanted=2024)` is kept and compared as it is;
`say("fr", …)` words it. To add a sentence, add one to `refusals.py`, `household.py` or `reasons.py`.
"""

from sokoul.domain.words.phrase import LANGUAGES, Phrase, phrase
from sokoul.domain.words.saying import SENTENCES, say, told

__all__ = ["LANGUAGES", "SENTENCES", "Phrase", "phrase", "say", "told"]
