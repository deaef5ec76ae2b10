"""Events to plain JSON and back. Ours, because the library's default reads a user's `{"_type_": …}` as a type tag."""

import json
from datetime import datetime
from typing import Any

from eventsourcing.persistence import Transcoder


class PlainTranscoder(Transcoder):
    """Strict JSON: no NaN, no type tags; an aware datetime becomes its ISO text and stays text."""

    def encode(self, obj: Any) -> bytes:
        """Compact JSON; raises TypeError or ValueError for what is not plain."""
        text = json.dumps(obj, default=_plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8")

    def decode(self, data: bytes) -> Any:
        """What `encode` wrote."""
        return json.loads(data)


def _plain(value: Any) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a stored event")
