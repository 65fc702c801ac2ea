//! Owns Debian packages: the last resort for what a machine does not have.

use anyhow::{Result, bail};

use crate::{process, progress};

/// Installs the packages with their dependencies.
///
/// # Errors
/// Where there is no apt-get, or no right to use it: then it says what to type.
pub fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let by_hand = format!("install it by hand: apt-get install {list}");
    if !process::on_path("apt-get") {
        bail!("this machine has no apt-get to get `{list}` with; {by_hand}");
    }
    progress::step(format_args!("installing Debian packages: {list}"));
    // A failing update is not the end: the lists may be fresh already.
    let _ = process::status(apt_get()?.arg("update"))?;
    let mut install = apt_get()?;
    install
        .args(["install", "--yes", "--no-install-recommends"])
        .args(packages);
    if !process::status(&mut install)?.success() {
        bail!("apt-get could not install `{list}`; {by_hand}");
    }
    Ok(())
}

fn apt_get() -> Result<std::process::Command> {
    let root = rustix::process::getuid().is_root();
    let mut command = process::command(if root { "apt-get" } else { "sudo" });
    if !root {
        if !process::on_path("sudo") {
            bail!("apt-get needs root and there is no sudo; run this as root once");
        }
        command.args(["--non-interactive", "apt-get"]);
    }
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command.arg("--quiet");
    Ok(command)
}
