"""The description of a paper as JSON and back, without loss: `read(written(paper)) == paper`.

Hides how the kinds of blocks are told apart (`"block": "table"`). What it does not understand it refuses: a
stored paper is never half read.
"""

from __future__ import annotations

import base64
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from thidua.documents.writing import paper as shapes
from thidua.documents.writing.paper import Paper, Run

#: The version of the form in which papers are stored.
FORM = "paper/1"
BLOCKS: dict[str, type] = {
    "heading": shapes.Heading,
    "paragraph": shapes.Paragraph,
    "item": shapes.Item,
    "article": shapes.Article,
    "table": shapes.Table,
    "figure": shapes.Figure,
}
_NAMES = {shape: name for name, shape in BLOCKS.items()}


class UnreadablePaper(ValueError):
    """A stored paper that this program does not understand; the text says what."""


def written(paper: Paper) -> str:
    """Canonical JSON: the same paper gives the same text."""
    return json.dumps(
        {"form": FORM, **_plain(paper)}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def read(text: str) -> Paper:
    """The paper that was written. Raises UnreadablePaper."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise UnreadablePaper(f"not JSON: {error}") from error
    if not isinstance(content, dict) or content.pop("form", None) != FORM:
        raise UnreadablePaper(f"not in the form {FORM}")
    paper = _built(Paper, content)
    assert isinstance(paper, Paper)
    return paper


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        found = {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if not _is_default(field, getattr(value, field.name))
        }
        return {"block": _NAMES[kind], **found} if kind in _NAMES else found
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(_plain(one) for one in value)
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, (str, int, bool)):
        return value
    raise TypeError(f"no place in a paper for {type(value).__name__}")


def _is_default(field: Any, value: Any) -> bool:
    return field.default is not MISSING and value == field.default


def _built(shape: type, content: Any) -> Any:
    """An object of a shape from its plain form."""
    if not isinstance(content, Mapping):
        raise UnreadablePaper(f"{shape.__name__} expected, not {content!r:.60}")
    hints = get_type_hints(shape, vars(shapes))
    unknown = set(content) - set(hints)
    if unknown:
        raise UnreadablePaper(f"{shape.__name__} has no {', '.join(sorted(unknown))}")
    missing = {
        field.name
        for field in fields(shape)
        if field.default is MISSING and field.default_factory is MISSING and field.name not in content
    }
    if missing:
        raise UnreadablePaper(f"{shape.__name__} lacks {', '.join(sorted(missing))}")
    return shape(**{name: _value(hints[name], value) for name, value in content.items()})


def _value(hint: Any, value: Any) -> Any:
    """A value of the type that a field asks for."""
    if hint in (str, int, bool):
        if type(value) is not hint:
            raise UnreadablePaper(f"{hint.__name__} expected, not {value!r:.60}")
        return value
    if hint is date:
        return _parsed(date.fromisoformat, value)
    if hint is bytes:
        return _parsed(lambda text: base64.b64decode(text, validate=True), value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _parsed(hint, value)
    if isinstance(hint, type) and is_dataclass(hint):
        return _built(hint, value)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _one_of(arguments, value)
    if not isinstance(value, list):
        raise UnreadablePaper(f"a list expected, not {value!r:.60}")
    if origin is frozenset:
        return frozenset(_value(arguments[0], one) for one in value)
    if len(arguments) == 2 and arguments[1] is not Ellipsis:
        if len(value) != len(arguments):
            raise UnreadablePaper(f"{len(arguments)} values expected, not {len(value)}")
        return tuple(_value(kind, one) for kind, one in zip(arguments, value, strict=True))
    return tuple(_value(arguments[0], one) for one in value)


def _one_of(hints: tuple[Any, ...], value: Any) -> Any:
    """A value of one of several types: nothing, a block by its name, words as text or as runs."""
    if value is None and type(None) in hints:
        return None
    wanted = [hint for hint in hints if hint is not type(None)]
    if isinstance(value, Mapping) and "block" in value:
        content = dict(value)
        shape = BLOCKS.get(content.pop("block"))
        if shape is None or shape not in wanted:
            raise UnreadablePaper(f"unknown block: {value['block']!r}")
        return _built(shape, content)
    if len(wanted) == 1:
        return _value(wanted[0], value)
    if isinstance(value, str) and str in wanted:
        return value
    if isinstance(value, list):
        return tuple(_built(Run, one) for one in value)
    raise UnreadablePaper(f"unreadable: {value!r:.60}")


def _parsed(parse: Any, value: Any) -> Any:
    try:
        return parse(value)
    except (TypeError, ValueError) as error:
        raise UnreadablePaper(f"unreadable: {value!r:.60}") from error
