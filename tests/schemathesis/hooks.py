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
    # What there is, and what was taken back, only the server knows.
    (r"/projects/\d+", "is not one of your projects"),
    ("/session", "was revoked"),
    ("/dpop_jkt", "is needed for this embed"),
    ("/(project|assignee|external_id)", "is none of the tenant's"),
    ("/default_view", "names a project that is none of the tenant's"),
    ("client_id", "is no app that is known here"),
    ("redirect_uri", "is not one that the app is registered with"),
    # Of origins there is more to say than a pattern can.
    (r"/allowed_origins(/\d+)?", ".*origin"),
    # Two headers exclude each other.
    ("If-None-Match", "may not stand beside If-Match"),
)

# Problems that are about what was there or came before.
CODES = {"idempotency_key_reused", "precondition_failed"}

# Errors as OAuth writes them, that are about the client, its grants or its tokens.
OAUTH_ERRORS = {"invalid_grant", "invalid_scope", "invalid_target", "unauthorized_client"}

# And refusals of several members together.
OAUTH_RULES = (
    "Send credentials in one way",
    "Send the client_id that the assertion names, or none.",
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
    if not headers_are_right(case):
        return False
    answer = response.json()
    if "error" in answer:
        rule = answer.get("error_description", "").startswith(OAUTH_RULES)
        return not (rule or answer["error"] in OAUTH_ERRORS)
    errors = answer.get("errors", [])
    rule = bool(errors) and all(by_rule(error) for error in errors)
    return not (rule or answer["code"] in CODES)


def headers_are_right(case):
    """Beside another header it may send `If-Match: 0`, which is none of the pattern's."""
    for header in case.operation.headers:
        pattern = header.definition.get("schema", {}).get("pattern")
        value = (case.headers or {}).get(header.name)
        if pattern and value is not None and not re.search(pattern, value):
            return False
    return True


def by_rule(error):
    return any(
        re.fullmatch(at, error["at"]) and re.match(detail, error["detail"], re.DOTALL)
        for at, detail in RULES
    )
