//! Gives every message of `messages/en.json` a name in Rust, so that one which is
//! missing, or has other arguments, does not compile. Its number is its place
//! among the names in order: the build of the languages counts alike.

use std::{collections::BTreeMap, env, error::Error, fmt::Write, fs, path::Path};

#[path = "src/messages/syntax.rs"]
mod syntax;

use syntax::Part;

const ENGLISH: &str = "messages/en.json";
/// Messages of the boot script, which knows them by name.
const BOOT: &str = "frame-";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={ENGLISH}");
    if env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        // The bundle is split by what the linker says of who refers to what.
        println!("cargo::rustc-link-arg-cdylib=--emit-relocs");
    }
    let mut messages: BTreeMap<String, String> =
        serde_json::from_str(&fs::read_to_string(ENGLISH)?)?;
    messages.retain(|id, _| !id.starts_with(BOOT));
    let mut code = String::new();
    for (number, (id, text)) in messages.iter().enumerate() {
        let mut arguments = Vec::new();
        collect(&syntax::parts(text), &mut arguments);
        let name = id.to_uppercase().replace('-', "_");
        let arity = arguments.len();
        writeln!(code, "/// `{text}`")?;
        writeln!(
            code,
            "pub const {name}: Message<{arity}> = Message({number});"
        )?;
    }
    let texts: Vec<_> = messages.values().collect();
    writeln!(code, "#[cfg(not(target_arch = \"wasm32\"))]")?;
    writeln!(
        code,
        "pub(super) const ENGLISH: [&str; {}] = {texts:?};",
        texts.len()
    )?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("messages.rs"), code)?;
    Ok(())
}

/// The names of the arguments, in the order in which they first appear.
fn collect<'a>(parts: &[Part<'a>], arguments: &mut Vec<&'a str>) {
    for part in parts {
        match part {
            Part::Text(_) | Part::Count => {}
            Part::Value(name) => add(name, arguments),
            Part::Cases(name, cases) => {
                add(name, arguments);
                for (_, parts) in cases {
                    collect(parts, arguments);
                }
            }
        }
    }
}

fn add<'a>(name: &'a str, arguments: &mut Vec<&'a str>) {
    if !arguments.contains(&name) {
        arguments.push(name);
    }
}
