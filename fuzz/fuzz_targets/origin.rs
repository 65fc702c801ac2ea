//! The parser of host pages' origins, which become a part of a header: what is taken is
//! taken again as it is, and holds nothing that would end the directive it stands in.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oriel::origin;

fuzz_target!(|text: &str| {
    if let Ok(taken) = origin::parse(text) {
        assert!(taken.is_ascii());
        assert!(!taken.contains([';', ',', ' ', '\t', '\r', '\n', '\'', '"']));
        assert_eq!(origin::parse(&taken).ok(), Some(taken));
    }
});
