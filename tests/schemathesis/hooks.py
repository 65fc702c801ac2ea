"""What a schema cannot say, so that Schemathesis makes requests that are refused for it.

A refusal that names anything else remains a failure.
"""

import os
import re

import schemathesis

# A parameter or a pointer into the body, and how the refusal of it begins.
RULES = (
    # The server makes cursors, for the filters and the order that they came with.
    ("cursor", "is not a `next_cursor` of this list"),
    # Days are compared with each other, and need each other.
    ("from|/locked/from", "may not be after `to`"),
    ("/locked/date", "needs `from`, `to` or both"),
    ("/issued_before", "must not be in the future"),
    # `title` and `-title` are one field.
    ("sort", "takes 3 keys at most, each field once"),
    # Whether two numbers are a point of a curve is arithmetic.
    ("/jwk", "is not a point of its curve|must be an Ed25519 key|is a weak key"),
    # One of several members, `all` with one of its values.
    ("", "must name one of `session`, `viewer`, `embed`, `key` and `all: true`"),
    # What is there, and what was taken back, only the server knows.
    (r"/projects/\d+", "is not one of your projects"),
    ("/session", "was revoked"),
)

# Of errors as OAuth writes them.
OAUTH_RULES = (
    "Send credentials in the Authorization header or in the form, not in both.",
)

REJECTED_POSITIVE_DATA = "ST202"

# The embed that the token is for: without it all reads would be refused.
OURS = os.environ["EMBED"]


@schemathesis.hook
def filter_case(context, case):
    is_ours = (case.path_parameters or {}).get("embed") == OURS
    return not (is_ours and case.method in ("PATCH", "DELETE"))


@schemathesis.hook
def filter_failure(context, failure, case, response):
    if failure.code != REJECTED_POSITIVE_DATA:
        return True
    answer = response.json()
    if "error" in answer:
        # What a client may have, only the server knows.
        return not (answer["error"] == "invalid_scope" or answer.get("error_description") in OAUTH_RULES)
    errors = answer.get("errors", [])
    return not errors or not all(by_rule(error) for error in errors)


def by_rule(error):
    return any(
        re.fullmatch(at, error["at"]) and re.match(detail, error["detail"]) for at, detail in RULES
    )
