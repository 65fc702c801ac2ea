use super::{RELEASED, breaks, edited};

#[test]
fn what_is_added_breaks_nothing() {
    let additions = [
        (
            "a path",
            "  /v1/tasks/{task}:",
            "  /v1/more:\n    get: { operationId: more, responses: {} }\n  /v1/tasks/{task}:",
        ),
        (
            "a parameter",
            "        - { name: limit,",
            "        - { name: more, in: query }\n        - { name: limit,",
        ),
        (
            "a property of a request",
            "memo: { type: string }",
            "memo: { type: string }\n        more: { type: string }",
        ),
        (
            "a property of an answer",
            "title: { type: string }",
            "title: { type: string }\n        more: { type: string }",
        ),
        (
            "a property of an answer that is always there",
            "required: [id, title]\n      properties:",
            "required: [id, title, more]\n      properties:\n        more: { type: string }",
        ),
        (
            "a value of a request",
            "enum: [low, high]",
            "enum: [low, high, middle]",
        ),
        (
            "a value of an open list",
            "enum: [not_found]",
            "enum: [not_found, gone]",
        ),
        ("a wider limit", "maximum: 200", "maximum: 500"),
        ("a limit less", "maxLength: 80", "description: any"),
        (
            "an alternative",
            "- { type: integer, minimum: 7 }",
            "- { type: integer, minimum: 7 }\n            - { type: boolean }",
        ),
        (
            "an error",
            "\"404\":",
            "\"409\": { description: No. }\n        \"404\":",
        ),
        (
            "a kind of answer",
            "text/csv:",
            "text/plain: {}\n            text/csv:",
        ),
        ("a scope less", "[\"tasks:write\"]", "[]"),
        (
            "another way in",
            "- embed_token: []",
            "- embed_token: []\n        - {}",
        ),
        (
            "words",
            "title: { type: string }",
            "title: { type: string, description: Of the task. }",
        ),
        ("a narrower answer", "maximum: 9", "maximum: 8"),
    ];
    for (fact, from, to) in additions {
        assert_eq!(breaks(RELEASED, &edited(from, to)), [""; 0], "{fact}");
    }
}

#[test]
fn a_schema_may_be_written_otherwise() {
    let union = edited(
        "type: [string, \"null\"], maxLength: 9",
        "anyOf: [{ type: string, maxLength: 9 }, { type: \"null\" }]",
    );
    assert_eq!(breaks(RELEASED, &union), [""; 0]);
    assert_eq!(breaks(&union, RELEASED), [""; 0]);
}
