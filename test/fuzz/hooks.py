"""What Schemathesis can't know from a schema: values that only the server gives out, and answers that depend on what has happened.

Nothing here switches a check off. A finding is dropped for one answer to one request, if that request itself shows why the
answer is right, and Schemathesis' summary counts those.
"""

import itertools
import time
import unicodedata
from collections import deque

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree

# How long, in seconds, queries may run behind before a token would make them wait longer than `Prefer: wait=0` lets them.
SETTLED = 2.0

TEXT_MAX_GRAPHEMES = 2_200
TEXT_MAX_BYTES = 10_000

# Workers are threads: these are all workers', and appending and looking up is all that is done to them.
tokens = deque(maxlen=200)
cursors = {}
versions = {}
deletions = {}
put_off = set()
keys = set()
turns = itertools.count()


def comment_of(case):
    return str((case.path_parameters or {}).get("commentId", "")).lower()


def list_of(case):
    return case.formatted_path, (case.query or {}).get("order", "newest")


def declared(case, location):
    return {parameter.name for parameter in case.operation.iter_parameters() if parameter.location == location}


def is_sent_as_documented(case, location, name):
    """Whether a parameter is sent, and isn't meant to break the document: what is stays as it is."""
    sent = case.headers if location == ParameterLocation.HEADER else case.query
    return sent is not None and name in sent and not case.meta.is_negative_at(location)


@schemathesis.hook
def after_call(context, case, response):
    """Keeps what the server gives out."""
    token = response.headers.get("consistency-token", [None])[0]
    if token is not None and response.status_code < 300:
        tokens.append((time.monotonic(), token))
    if case.method == "DELETE" and response.status_code == 204:
        deletions[comment_of(case)] = token
    if case.method == "DELETE" and response.status_code == 202:
        deletions.setdefault(comment_of(case), None)
        put_off.add(case.id)
    if case.method in ("GET", "PATCH") and response.status_code == 200 and comment_of(case):
        versions[comment_of(case)] = response.headers.get("etag", [None])[0]
    if response.status_code == 200 and "cursor" in declared(case, ParameterLocation.QUERY):
        following = response.json().get("nextCursor")
        if following is not None:
            cursors[list_of(case)] = following


def put(values, name, value):
    if value is None:
        del values[name]
    else:
        values[name] = value


def settled_token():
    now = time.monotonic()
    return next((token for at, token in reversed(tokens) if now - at > SETTLED), None)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts what the server gave out in the place of what nobody can make up, so that requests aren't all refused for that.

    Consistency tokens and cursors are opaque. Of conditions and of keys only some are replaced, for what doesn't hold and what
    has been used are answers, too.
    """
    if case.meta is None:
        return
    deletion = deletions.get(comment_of(case))
    takes_token = "consistency-token" in declared(case, ParameterLocation.HEADER)
    if deletion is not None and takes_token and not case.meta.is_negative_at(ParameterLocation.HEADER):
        # Who has just deleted a comment, and would see that it's gone, sends this. A preference might not let it wait.
        case.headers["consistency-token"] = deletion
        case.headers.pop("prefer", None)
    elif is_sent_as_documented(case, ParameterLocation.HEADER, "consistency-token"):
        put(case.headers, "consistency-token", settled_token())
    if is_sent_as_documented(case, ParameterLocation.QUERY, "cursor"):
        put(case.query, "cursor", cursors.get(list_of(case)))
    if is_sent_as_documented(case, ParameterLocation.HEADER, "if-match") and next(turns) % 4 > 0:
        put(case.headers, "if-match", versions.get(comment_of(case)))
    if is_sent_as_documented(case, ParameterLocation.HEADER, "idempotency-key"):
        key = case.headers["idempotency-key"]
        if key in keys and next(turns) % 4 > 0:
            case.headers["idempotency-key"] = f"{key[:200]}-{next(turns)}"
        keys.add(key)


def problem(response):
    try:
        return response.json()
    except ValueError:
        return {}


def is_text_too_long(case, found):
    """Graphemes and bytes of the normalised text are no schema's units: `maxLength` counts code points."""
    if {error.get("pointer") for error in found.get("errors", [])} != {"/text"}:
        return False
    text = unicodedata.normalize("NFC", case.body["text"].replace("\r\n", "\n")).strip()
    return len(text) > TEXT_MAX_GRAPHEMES or len(text.encode("utf-8", "surrogatepass")) > TEXT_MAX_BYTES


def is_right_refusal(case, response):
    """Whether a request that fits the document was refused for what has happened before, or for what no schema can say."""
    headers = response.request.headers
    found = problem(response)
    match response.status_code, found.get("type"):
        # The condition doesn't hold.
        case 412, "/problems/version-mismatch":
            return "if-match" in headers
        # The comment has been deleted, by one of these requests.
        case 410, "/problems/comment-deleted":
            return comment_of(case) in deletions
        # The key has been used, for another text.
        case 422, "/problems/idempotency-key-reused":
            return "idempotency-key" in headers
        case 422, "/problems/invalid-request":
            return is_text_too_long(case, found)
    return False


@schemathesis.hook
def filter_failure(context, failure, case, response):
    if isinstance(failure, RejectedPositiveData):
        return not is_right_refusal(case, response)
    if isinstance(failure, UseAfterFree):
        # Its author sees what became of a deleted comment, for this is what a history is for; and 202 says of a deletion only
        # that it will be decided.
        is_history = case.path.endswith("/history") and response.status_code == 200
        return not (is_history or failure.deleted_case_id in put_off)
    return True
