"""What the server has given out or accepted up to now, for those who send it back or judge an answer by it."""

import re
import time
import unicodedata
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import unquote

from schemathesis.core.parameters import ParameterLocation

# How long, in seconds, queries may run behind before a token would make them wait longer than `Prefer: wait=0` lets them.
SETTLED = 2.0

tokens = deque(maxlen=200)
cursors = {}
# The latest version of each comment, by its id. Of a comment with an accepted change that is decided later none is known.
versions = {}
unsettled = set()
deletions = {}
put_off = set()


@dataclass
class Uses:
    """What was answered with success under one key, and which of it surely took the key, since it changed something first."""

    all: set = field(default_factory=set)
    first: tuple | None = None
    # Something under this key is decided later, and maybe first.
    is_open: bool = False


# By the key's target and the key; and the last that was surely taken, with what took it, by method and comment.
uses = {}
taken = {}


def comment_of(case):
    return str((case.path_parameters or {}).get("commentId", "")).lower()


def address_of(case):
    """The path without its escapes: what is drawn has them, what a link leads to has none."""
    return unquote(case.formatted_path)


def in_path(case):
    """The parameters of the path as the document describes them. Once they are escaped, Schemathesis takes them for bad ones."""
    return {name: unquote(value) for name, value in case.path_parameters.items()}


def list_of(case):
    return address_of(case), (case.query or {}).get("order", "newest")


def declared(case, location):
    return {parameter.name for parameter in case.operation.iter_parameters() if parameter.location == location}


def text_of(case):
    """The text that a request brings, as the server takes it; none if there is none."""
    text = case.body.get("text") if isinstance(case.body, dict) else None
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip() if isinstance(text, str) else None


def header(response, name):
    return response.headers.get(name, [None])[0]


def use_of(case):
    """What tells apart two requests under one key."""
    return case.method, comment_of(case) or address_of(case), text_of(case)


def uses_under(case, key):
    """A key belongs to all posts, or to one comment."""
    return uses.setdefault((comment_of(case), key), Uses())


def settled_token():
    now = time.monotonic()
    return next((token for at, token in reversed(tokens) if now - at > SETTLED), None)


def version_in(response):
    found = re.fullmatch(r'"([0-9]+)"', header(response, "etag") or "")
    return int(found[1]) if found else 0


def keep_version(comment, response):
    """Queries may run behind, and a replay tells of then: a comment never goes back."""
    if comment not in unsettled:
        versions[comment] = max(versions.get(comment, 0), version_in(response))


def keep_comment(case, response):
    comment = comment_of(case)
    match case.method, response.status_code:
        case "POST", 201:
            keep_version((header(response, "location") or "").rpartition("/")[2], response)
        case ("PATCH", 200) | ("GET", 200) if case.path.endswith("/{commentId}"):
            keep_version(comment, response)
        case "DELETE", 204:
            deletions[comment] = header(response, "consistency-token")
        case ("PATCH" | "DELETE"), 202:
            unsettled.add(comment)
            versions.pop(comment, None)
            if case.method == "DELETE":
                deletions.setdefault(comment, None)
                put_off.add(case.id)


def has_surely_changed(case, response):
    comment = comment_of(case)
    if header(response, "idempotency-replayed") is not None:
        return False
    match case.method, response.status_code:
        case "POST", 201:
            return True
        case "PATCH", 200:
            return version_in(response) > versions.get(comment, 1_000_000)
        case "DELETE", 204:
            return comment in versions and comment not in deletions
    return False


def keep_use(case, response, key):
    under, use = uses_under(case, key), use_of(case)
    if not under.all and has_surely_changed(case, response):
        under.first = use
        taken[case.method, comment_of(case)] = key, in_path(case), text_of(case)
    under.is_open = under.is_open or response.status_code == 202
    under.all.add(use)


def keep(case, response):
    """Keeps what an answer gives out."""
    if response.status_code >= 300:
        return
    token = header(response, "consistency-token")
    if token is not None:
        tokens.append((time.monotonic(), token))
    key = response.request.headers.get("idempotency-key")
    if key is not None:
        keep_use(case, response, key)
    keep_comment(case, response)
    if response.status_code == 200 and "cursor" in declared(case, ParameterLocation.QUERY):
        following = response.json().get("nextCursor")
        if following is not None:
            cursors[list_of(case)] = following
