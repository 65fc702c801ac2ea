fn main() -> anyhow::Result<()> {
    let a: Vec<String> = std::env::args().collect();
    let mut b = wasm_bindgen_cli_support::Bindgen::new();
    b.input_path(&a[1]).web(true)?.out_name("oriel_widget").typescript(false).remove_name_section(a.len() < 4).remove_producers_section(true).omit_default_module_path(true).generate(&a[2])
}
