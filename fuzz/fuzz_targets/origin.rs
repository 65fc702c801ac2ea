//! The parser of host pages' origins, which become a part of a header: what is taken is
//! taken again as it is, and holds nothing that would end the directive it stands in.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oriel::origin::{Schemes, is_source, parse};

fuzz_target!(|text: &str| {
    if let Ok(taken) = parse(text, Schemes::WebAndApps) {
        assert!(taken.is_ascii() && is_source(&taken));
        assert!(!taken.contains([';', ',', ' ', '\t', '\r', '\n', '\'', '"']));
        assert_eq!(parse(&taken, Schemes::WebAndApps).ok(), Some(taken));
    }
});
