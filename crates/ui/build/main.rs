//! Builds the web app, or finds out why it cannot, and lays it out for embedding:
//! `OUT_DIR/ui` holds the files, `OUT_DIR/ui-gzip` a compressed twin of each file that gains by it.
//! What `RAPPORT_UI` may say is in the crate's README.
#![expect(
    clippy::print_stdout,
    reason = "a build script talks to Cargo on standard output"
)]

mod compress;
mod help_page;
mod install;
mod mode;
mod npm;

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use mode::Mode;

fn main() -> ExitCode {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let crate_dir = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let root = crate_dir
        .ancestors()
        .nth(2)
        .expect("the crate lies two folders below the root");
    let source = root.join("ui");
    println!("cargo::rerun-if-env-changed=RAPPORT_UI");
    println!("cargo::rerun-if-changed=build");

    let mode = Mode::parse(env::var("RAPPORT_UI").ok().as_deref());
    match lay_out(&mode, &source, &crate_dir, &out) {
        Ok(built) => {
            println!("cargo::rustc-env=RAPPORT_UI_IS_BUILT={built}");
            ExitCode::SUCCESS
        }
        Err(reason) => {
            for line in reason.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Fills the two folders; returns whether they hold the app, not the page in its place.
fn lay_out(mode: &Mode, source: &Path, crate_dir: &Path, out: &Path) -> Result<bool, String> {
    let app = out.join("ui");
    let compressed = out.join("ui-gzip");
    // A web app of an earlier build must not stay embedded.
    empty(&app)?;
    empty(&compressed)?;

    let why_not = match mode {
        Mode::Skip => Some("the binary was built with RAPPORT_UI=skip".to_owned()),
        Mode::Folder(folder) => {
            copy_built(folder, &app)?;
            None
        }
        Mode::Require => {
            npm::build(source, crate_dir, &app)?;
            None
        }
        Mode::Auto => npm::build(source, crate_dir, &app).err(),
    };

    if let Some(reason) = &why_not {
        if *mode == Mode::Auto {
            warn(reason);
            // What was missing (npm, the registry) is not among the files that Cargo watches. A
            // watched path that does not exist makes it try again with the next build.
            println!(
                "cargo::rerun-if-changed={}",
                out.join("try-again").display()
            );
        }
        empty(&app)?;
        help_page::write(&app, reason).map_err(|error| describe(&app, &error))?;
    }
    compress::twin(&app, &compressed).map_err(|error| describe(&compressed, &error))?;
    Ok(why_not.is_none())
}

fn warn(reason: &str) {
    println!("cargo::warning=THE WEB APP IS NOT IN THIS BINARY; it will show a help page instead.");
    for line in reason.lines() {
        println!("cargo::warning={line}");
    }
    println!("cargo::warning=mend that and build again; or set RAPPORT_UI=skip to do without.");
}

fn empty(folder: &Path) -> Result<(), String> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(describe(folder, &error)),
        _ => fs::create_dir_all(folder).map_err(|error| describe(folder, &error)),
    }
}

fn copy_built(from: &Path, to: &Path) -> Result<(), String> {
    println!("cargo::rerun-if-changed={}", from.display());
    if !from.join("index.html").is_file() {
        return Err(format!(
            "RAPPORT_UI={0}: {0}/index.html not found; name a folder that holds a built web app, or one of auto, skip, require",
            from.display()
        ));
    }
    copy_tree(from, to).map_err(|error| describe(from, &error))
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn describe(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}
