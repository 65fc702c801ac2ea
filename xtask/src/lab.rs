//! Owns what suites share: each thing is made when the first suite asks for it,
//! and is gone when the lab is dropped.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};

use crate::commands::build::{self, Programs, WasmArgs};
use crate::postgres::Postgres;
use crate::toolchain::WasmToolchain;
use crate::{chromium, paths};

/// The real data lies outside the repository; without it its suite is skipped.
const SIP_DATA: &str = "../shared/data/sip";

#[derive(Debug)]
pub struct Lab {
    wasm: WasmArgs,
    toolchain: Option<WasmToolchain>,
    programs: Option<Programs>,
    postgres: Option<Postgres>,
    chromium: Option<PathBuf>,
    /// The browser suite takes new pictures instead of comparing with those there are.
    pub update_pictures: bool,
}

impl Lab {
    pub fn new(wasm: WasmArgs) -> Self {
        Self {
            wasm,
            toolchain: None,
            programs: None,
            postgres: None,
            chromium: None,
            update_pictures: false,
        }
    }

    /// The bundle, built, and what compiled it.
    pub fn toolchain(&mut self) -> Result<&WasmToolchain> {
        let wasm = self.wasm;
        made(&mut self.toolchain, || build::wasm_and_bundle(wasm))
    }

    pub fn programs(&mut self) -> Result<&Programs> {
        self.toolchain()?;
        made(&mut self.programs, || build::programs(false))
    }

    pub fn postgres(&mut self) -> Result<&Postgres> {
        made(&mut self.postgres, Postgres::start)
    }

    pub fn chromium(&mut self) -> Result<&Path> {
        made(&mut self.chromium, chromium::ensure).map(PathBuf::as_path)
    }

    /// The folder of the real data, where this machine has it.
    pub fn sip_data() -> Option<PathBuf> {
        let dir = std::env::var_os("ORIEL_SIP_DATA")
            .map_or_else(|| paths::root().join(SIP_DATA), PathBuf::from);
        dir.join("Sip-task-info.csv").is_file().then_some(dir)
    }
}

fn made<T>(slot: &mut Option<T>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    if slot.is_none() {
        *slot = Some(make()?);
    }
    slot.as_ref()
        .ok_or_else(|| anyhow!("what was just made is gone"))
}
