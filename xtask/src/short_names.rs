//! Owns the names that the wasm and its glue call each other by. Generated
//! ones end in 16 random digits, which no compression takes out, twice each.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use anyhow::{Result, ensure};
use wasm_bindgen_cli_support::Output;

/// What the linker exports and nobody uses.
const UNUSED: [&str; 2] = ["__data_end", "__heap_base"];

/// Renames the imports and exports of the module, and gives the glue with the same
/// names in it. What the module shares with the part that is loaded later keeps its
/// name, as does what it imports from `link`, which loads that part.
pub fn shorten(output: &mut Output, link: &str) -> Result<String> {
    let mut glue = output.js().to_owned();
    let module = output.wasm_mut();
    let mut shortened: HashMap<String, String> = HashMap::new();
    let others = module.imports.iter_mut();
    for import in others.filter(|import| import.module != link) {
        let fresh = short_name(shortened.len());
        // A function may be imported twice, under one name.
        let short = match shortened.entry(import.name.clone()) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => {
                // The glue holds imports as the keys of one object literal.
                rename_key(&mut glue, &import.name, &fresh)?;
                new.insert(fresh).clone()
            }
        };
        import.name = short;
    }
    for name in UNUSED {
        let _ = module.exports.remove(name);
    }
    let own = module.exports.iter_mut();
    for (index, export) in own.filter(|export| !is_shared(&export.name)).enumerate() {
        // It calls exports as `wasm.name`. Tables of the start-up are exported unused.
        let short = short_name(index);
        rename_member(&mut glue, &export.name, &short);
        export.name = short;
    }
    Ok(glue)
}

/// Whether the part that is loaded later imports this.
fn is_shared(export: &str) -> bool {
    matches!(export, "memory" | "__indirect_function_table") || export.starts_with("__wasm_split")
}

/// Replaces the key `from`, which has to be there.
fn rename_key(glue: &mut String, from: &str, to: &str) -> Result<()> {
    let renamed = rename(glue, from, to, |before, after| {
        !before.ends_with(is_name) && after.starts_with(':')
    });
    ensure!(
        renamed != *glue,
        "wasm-bindgen's glue has no key `{from}`: its form has changed"
    );
    *glue = renamed;
    Ok(())
}

/// Replaces `wasm.from` wherever no longer name begins with it.
fn rename_member(glue: &mut String, from: &str, to: &str) {
    *glue = rename(glue, from, to, |before, after| {
        before.ends_with("wasm.") && !after.starts_with(is_name)
    });
}

/// Replaces `from` where what stands before and after it is as wanted.
fn rename(text: &str, from: &str, to: &str, wanted: impl Fn(&str, &str) -> bool) -> String {
    let mut renamed = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, _) in text.match_indices(from) {
        let end = at + from.len();
        if wanted(&text[..at], &text[end..]) {
            renamed.push_str(&text[copied..at]);
            renamed.push_str(to);
            copied = end;
        }
    }
    renamed.push_str(&text[copied..]);
    renamed
}

fn is_name(char: char) -> bool {
    char == '_' || char == '$' || char.is_alphanumeric()
}

/// `a`, `b`, … `z`, `a1`, `b1`, …
fn short_name(index: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(index % 26).unwrap_or_default());
    match index / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_renamed_only_where_its_name_ends() {
        let mut glue = "wasm.free(a); wasm.free_all(); wasm.free".to_owned();
        rename_member(&mut glue, "free", "b");
        assert_eq!(glue, "wasm.b(a); wasm.free_all(); wasm.b");
    }

    #[test]
    fn what_the_two_files_share_keeps_its_name() {
        for name in [
            "memory",
            "__indirect_function_table",
            "__wasm_split_shared0",
        ] {
            assert!(is_shared(name));
        }
        assert!(!is_shared("__wbindgen_malloc"));
    }

    #[test]
    fn names_are_distinct() {
        let names: std::collections::HashSet<_> = (0..500).map(short_name).collect();
        assert_eq!(names.len(), 500);
    }
}
