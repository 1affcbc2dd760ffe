"""The names of constructs as a reader writes them: "Product quality" for ``ProductQuality``."""

from __future__ import annotations

import re

from leal.wording import Text

_KNOWN: dict[str, Text] = {
    "Image": Text("Image"),
    "Expectation": Text("Expectations"),
    "Expectations": Text("Expectations"),
    "Quality": Text("Quality"),
    "ProductQuality": Text("Product quality"),
    "ServiceQuality": Text("Service quality"),
    "Value": Text("Value"),
    "Satisfaction": Text("Satisfaction"),
    "Complaints": Text("Complaints"),
    "Loyalty": Text("Loyalty"),
}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def construct_name(name: str) -> Text:
    """Return the name of a construct in words; the constructs of the templates speak Russian, too.

    Examples
    --------
    >>> construct_name("ServiceQuality"), construct_name("brandTrust")
    ('Service quality', 'brand trust')
    """
    if name in _KNOWN:
        return _KNOWN[name]
    words = _WORD.sub(" ", name)
    return Text(words if words == name else words[0] + words[1:].lower())
