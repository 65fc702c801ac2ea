//! What is served is what the contract lists.

use std::collections::BTreeSet;

use crate::contract;

#[test]
fn the_router_has_the_contract_s_operations_and_no_other() {
    let router = include_str!("../../src/router.rs");
    let mut served = BTreeSet::new();
    for route in router.split(".route(").skip(1) {
        let (path, handler) = route.split_once(',').unwrap();
        let (method, _) = handler.split_once('(').unwrap();
        let path = path.trim().trim_matches('"');
        served.insert((method.trim().to_owned(), path.to_owned()));
    }
    let listed: BTreeSet<_> = contract::operations()
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect();
    assert_eq!(served, listed);
}
