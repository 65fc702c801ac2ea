use super::{RELEASED, breaks, edited};

/// A fact, what the sample says, what stands there then, and what is found.
type Case = (&'static str, &'static str, &'static str, &'static str);

fn assert_each_breaks(cases: &[Case]) {
    for (fact, from, to, said) in cases {
        let found = breaks(RELEASED, &edited(from, to));
        assert!(
            found.iter().any(|each| each.contains(said)),
            "{fact}: {found:?}"
        );
    }
}

#[test]
fn a_contract_breaks_nothing_of_itself() {
    assert_eq!(breaks(RELEASED, RELEASED), [""; 0]);
}

#[test]
fn what_is_taken_away_breaks() {
    assert_each_breaks(&[
        (
            "a path",
            "  /v1/tasks/{task}:",
            "  /v1/jobs/{task}:",
            "GET /v1/tasks/{task}: is gone",
        ),
        (
            "an operation",
            "    post:",
            "    put:",
            "POST /v1/tasks: is gone",
        ),
        (
            "a name",
            "operationId: list_tasks",
            "operationId: tasks",
            "no longer called list_tasks",
        ),
        (
            "a parameter",
            "name: limit",
            "name: size",
            "GET /v1/tasks query limit: is gone",
        ),
        (
            "a status",
            "\"404\":",
            "\"410\":",
            "GET /v1/tasks/{task} 404: is gone",
        ),
        (
            "a media type",
            "text/csv:",
            "text/plain:",
            "200 text/csv: is gone",
        ),
        ("a header", "X-Total:", "X-Sum:", "header x-total: is gone"),
        (
            "a property of a request",
            "note: { type: string, maxLength: 80 }",
            "",
            "/note: is gone",
        ),
        (
            "a property of an answer",
            "title: { type: string }",
            "",
            "/title: is gone",
        ),
        (
            "a scheme",
            "scheme: bearer",
            "scheme: basic",
            "the security scheme access_token",
        ),
    ]);
}

#[test]
fn what_is_asked_for_anew_breaks() {
    assert_each_breaks(&[
        (
            "a new required parameter",
            "        - { name: limit,",
            "        - { name: more, in: query, required: true }\n        - { name: limit,",
            "query more: is new and required",
        ),
        (
            "a parameter that becomes required",
            "in: query, schema: { type: integer",
            "in: query, required: true, schema: { type: integer",
            "query limit: is required now",
        ),
        (
            "a body that becomes required",
            "required: false",
            "required: true",
            "body: is required now",
        ),
        (
            "a new required property",
            "      properties:\n        memo:",
            "      required: [who]\n      properties:\n        who: {}\n        memo:",
            "/who: is required now",
        ),
        (
            "another scope",
            "[\"tasks:write\"]",
            "[\"tasks:write\", \"more\"]",
            "no longer enough",
        ),
        (
            "a token where none was needed",
            "security: []",
            "security: [{ access_token: [] }]",
            "{} is no longer enough",
        ),
        (
            "one token less",
            "- access_token: [\"tasks:read\"]\n        - embed_token: []",
            "- access_token: [\"tasks:read\"]",
            "{\"embed_token\":[]} is no longer enough",
        ),
    ]);
}

#[test]
fn a_request_that_was_taken_and_is_refused_breaks() {
    assert_each_breaks(&[
        (
            "fewer values",
            "enum: [low, high]",
            "enum: [low]",
            "the value \"high\"",
        ),
        (
            "a lower maximum",
            "maximum: 200",
            "maximum: 100",
            "`maximum`",
        ),
        (
            "a higher minimum",
            "minimum: 1,",
            "minimum: 2,",
            "`minimum`",
        ),
        (
            "a lower length",
            "maxLength: 80",
            "maxLength: 40",
            "`maxLength`",
        ),
        (
            "a length where there was none",
            "memo: { type: string }",
            "memo: { type: string, minLength: 1 }",
            "`minLength`",
        ),
        ("fewer items", "maxItems: 5", "maxItems: 4", "`maxItems`"),
        (
            "items that may not repeat",
            "maxItems: 5,",
            "maxItems: 5, uniqueItems: true,",
            "`uniqueItems`",
        ),
        (
            "another pattern",
            "pattern: \"^tsk_\"",
            "pattern: \"^job_\"",
            "`pattern`",
        ),
        (
            "another type",
            "memo: { type: string }",
            "memo: { type: integer }",
            "`type`",
        ),
        (
            "no null",
            "type: [string, \"null\"], maxLength: 9",
            "type: string, maxLength: 9",
            "`type`",
        ),
        (
            "an alternative less",
            "- { type: integer, minimum: 7 }",
            "- { type: boolean }",
            "`type`",
        ),
        (
            "another default",
            "default: 50",
            "default: 20",
            "the default is no longer 50",
        ),
        (
            "another way to write lists",
            "explode: false",
            "explode: true",
            "its `explode` is another",
        ),
        (
            "other names refused",
            "additionalProperties: true",
            "additionalProperties: false",
            "without a name are refused",
        ),
    ]);
}

#[test]
fn an_answer_that_was_never_told_of_breaks() {
    assert_each_breaks(&[
        (
            "a property that may be missing",
            "required: [id, title]",
            "required: [id]",
            "/title: may be missing now",
        ),
        (
            "null",
            "title: { type: string }",
            "title: { type: [string, \"null\"] }",
            "`type`",
        ),
        (
            "a further value",
            "enum: [todo, done]",
            "enum: [todo, done, parked]",
            "the value \"parked\"",
        ),
        (
            "any value",
            "enum: [todo, done]",
            "description: any",
            "no longer one of a list",
        ),
        ("a wider number", "maximum: 9", "maximum: 10", "`maximum`"),
        (
            "a list within itself",
            "parts: { type: array, items: { $ref: \"#/components/schemas/Task\" } }",
            "parts: { type: array, items: { type: string } }",
            "`type`",
        ),
        (
            "a new success",
            "\"404\":",
            "\"202\": { description: Later. }\n        \"404\":",
            "202: is a new success",
        ),
        (
            "a header that may be missing",
            "required: true, schema: { type: integer }",
            "schema: { type: integer }",
            "header x-total: may be missing",
        ),
    ]);
}
