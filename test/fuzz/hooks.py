"""What Schemathesis can't know from a schema: values that only the server gives out, and answers that depend on what has happened.

Nothing here switches a check off. A finding is dropped for one answer to one request, if that request itself shows why the
answer is right, and Schemathesis' summary counts those.
"""

import itertools

import given
import refusals
import schemathesis
from given import comment_of, declared, list_of
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree

condition_turns = itertools.count()
key_turns = itertools.count()
fresh = itertools.count()


def is_sent_as_documented(case, location, name):
    """Whether a parameter is sent, and isn't meant to break the document: what is stays as it is."""
    sent = case.headers if location == ParameterLocation.HEADER else case.query
    return sent is not None and name in sent and not case.meta.is_negative_at(location)


@schemathesis.hook
def after_call(context, case, response):
    """Keeps what the server gives out."""
    given.keep(case, response)


def put(values, name, value):
    if value is None:
        del values[name]
    else:
        values[name] = value


def repeat(case):
    """Makes a request the same as one that took its key before, and to be answered at once, as far as there is one."""
    repeated = given.taken.get((case.method, comment_of(case)))
    if repeated is None or any(case.meta.is_negative_at(one) for one in (ParameterLocation.PATH, ParameterLocation.BODY)):
        return
    key, case.path_parameters, text = repeated[0], dict(repeated[1]), repeated[2]
    case.headers["idempotency-key"] = key
    case.headers.pop("prefer", None)
    if text is not None:
        case.body = {"text": text}


def turn_key(case, key):
    """Of requests under a key a fourth repeat another, and half get a fresh key in the place of one that was used."""
    match next(key_turns) % 4:
        case 0:
            repeat(case)
        case 1 | 2 if given.uses_under(case, key).all:
            case.headers["idempotency-key"] = f"{key[:200]}-{next(fresh)}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts what the server gave out in the place of what nobody can make up, so that requests aren't all refused for that.

    Consistency tokens and cursors are opaque. Of conditions and of keys only some are replaced, for what doesn't hold and what
    has been used are answers, too.
    """
    if case.meta is None:
        return
    deletion = given.deletions.get(comment_of(case))
    takes_token = "consistency-token" in declared(case, ParameterLocation.HEADER)
    if deletion is not None and takes_token and not case.meta.is_negative_at(ParameterLocation.HEADER):
        # Who has just deleted a comment, and would see that it's gone, sends this. A preference might not let it wait.
        case.headers["consistency-token"] = deletion
        case.headers.pop("prefer", None)
    elif is_sent_as_documented(case, ParameterLocation.HEADER, "consistency-token"):
        put(case.headers, "consistency-token", given.settled_token())
    if is_sent_as_documented(case, ParameterLocation.QUERY, "cursor"):
        put(case.query, "cursor", given.cursors.get(list_of(case)))
    if is_sent_as_documented(case, ParameterLocation.HEADER, "if-match") and next(condition_turns) % 4 > 0:
        version = given.versions.get(comment_of(case))
        put(case.headers, "if-match", None if version is None else f'"{version}"')
    if is_sent_as_documented(case, ParameterLocation.HEADER, "idempotency-key"):
        turn_key(case, case.headers["idempotency-key"])


@schemathesis.hook
def filter_failure(context, failure, case, response):
    if isinstance(failure, RejectedPositiveData):
        return not refusals.is_right(case, response)
    if isinstance(failure, AcceptedNegativeData):
        return not refusals.is_of_size(response)
    if isinstance(failure, UseAfterFree):
        # Its author sees what became of a deleted comment, for this is what a history is for; and 202 says of a deletion only
        # that it will be decided.
        is_history = case.path.endswith("/history") and response.status_code == 200
        return not (is_history or failure.deleted_case_id in given.put_off)
    return True
