"""Which refusals are right though the request fits the document, or though the document names another."""

import re

from given import comment_of, deletions, text_of, use_of, uses_under, versions

BODY_MAX_BYTES = 65_536
TEXT_MAX_GRAPHEMES = 2_200
TEXT_MAX_BYTES = 10_000

entity_tag = re.compile(r'(W/)?"([^"]*)"')


def strong_tags(condition):
    return {opaque for weak, opaque in entity_tag.findall(condition) if not weak}


def problem(response):
    try:
        return response.json()
    except ValueError:
        return {}


def is_text_too_long(case, found):
    """Bytes of the normalised text are no schema's units, nor are graphemes: `maxLength` counts code points.

    Nothing here counts graphemes, and no text has more of them than code points: a limit on those that is too low is seen
    only in texts that have no more code points than there may be graphemes.
    """
    if {error.get("pointer") for error in found.get("errors", [])} != {"/text"}:
        return False
    text = text_of(case)
    return len(text) > TEXT_MAX_GRAPHEMES or len(text.encode("utf-8", "surrogatepass")) > TEXT_MAX_BYTES


def is_condition_unmet(case, condition):
    """What doesn't exist yet is at no version; what exists is at one, and it is known but where a change is still to come."""
    comment = comment_of(case)
    if condition is None or not comment:
        return condition is not None
    if condition.strip() == "*":
        return False
    return comment not in versions or str(versions[comment]) not in strong_tags(condition)


def is_anothers(case, key):
    """Whether something else came under this key, another text or to another address, and maybe took it first."""
    under, use = uses_under(case, key), use_of(case)
    return bool(under.all - {use}) and (under.is_open or under.first != use)


def is_right(case, response):
    """Whether a request that fits the document was refused for what has happened before, or for what no schema can say."""
    headers = response.request.headers
    found = problem(response)
    match response.status_code, found.get("type"):
        case 412, "/problems/version-mismatch":
            return is_condition_unmet(case, headers.get("if-match"))
        # The comment has been deleted, by one of these requests.
        case 410, "/problems/comment-deleted":
            return comment_of(case) in deletions
        case 422, "/problems/idempotency-key-reused":
            return is_anothers(case, headers.get("idempotency-key"))
        case 422, "/problems/invalid-request":
            return is_text_too_long(case, found)
    return False


def is_of_size(response):
    """Whether a request was refused for its size, before anybody saw what else is wrong with it."""
    return response.status_code == 413 and len(response.request.body or b"") > BODY_MAX_BYTES
