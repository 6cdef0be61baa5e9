//! `huiyin profile import-divisions DIR`: the districts and streets of a city from the public table of all China.
//!
//! What stood there is kept beside it, under `divisions.toml.old`.

use std::path::{Path, PathBuf};

use clap::Args;
use rust_i18n::t;

use super::context::absolute;
use super::failure::Failure;
use super::{output, profile};
use crate::profile::{DIVISIONS, ImportError, import_divisions};

/// Of which city, and out of which tables.
#[derive(Debug, Args)]
pub(super) struct ImportDivisionsArgs {
    /// 城市配置目录 / the folder of the city profile
    dir: PathBuf,
    /// 区县表（code,name） / the table of districts, CSV
    #[arg(long, value_name = "FILE")]
    areas: PathBuf,
    /// 街道乡镇表（code,name,areaCode） / the table of streets, CSV
    #[arg(long, value_name = "FILE")]
    streets: PathBuf,
    /// 区划代码的前几位：4403 是深圳，11 是北京 / what the codes of the city begin with
    #[arg(long, value_name = "CODE", value_parser = beginning)]
    city: String,
}

fn beginning(text: &str) -> Result<String, String> {
    let fits = (2..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits { Ok(text.to_owned()) } else { Err(t!("cli.divisions.code").into_owned()) }
}

pub(super) fn run(args: &ImportDivisionsArgs, json: bool) -> Result<(), Failure> {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error));
    let (areas, streets) = (read(&args.areas)?, read(&args.streets)?);
    let dir = absolute(Some(&args.dir))?.unwrap_or_default();
    let file = dir.join(DIVISIONS);
    let made = import_divisions(&areas, &streets, &args.city, &dir).map_err(|error| match error {
        ImportError::BadLine { of_streets, line } => {
            let path = if of_streets { &args.streets } else { &args.areas };
            Failure::refused("bad_table", t!("cli.divisions.line", path = path.display(), line = line))
        }
        ImportError::NoDistrict => {
            Failure::refused("no_district", t!("cli.divisions.none", code = args.city))
        }
        ImportError::Faulty(findings) => {
            profile::complain(&findings);
            Failure::Told
        }
        ImportError::Read(error) => Failure::file(&file, &error),
    })?;
    let failed = |error: std::io::Error| Failure::file(&file, &error);
    // Written beside it and moved there: whoever reads it meanwhile reads the old one or the new one.
    let new = dir.join("divisions.toml.new");
    std::fs::write(&new, &made.text).map_err(failed)?;
    if file.exists() {
        std::fs::rename(&file, dir.join("divisions.toml.old")).map_err(failed)?;
    }
    std::fs::rename(&new, &file).map_err(failed)?;
    if json {
        return output::json(&serde_json::json!({
            "file": file, "districts": made.districts, "streets": made.streets, "aliased": made.aliased,
        }));
    }
    let (districts, streets) = (made.districts, made.streets);
    output::say(&t!("cli.divisions.done", path = file.display(), districts = districts, streets = streets));
    let findings = crate::profile::check(&dir);
    if !findings.is_empty() {
        // Departments may stand at divisions that are gone now.
        output::advise(&t!("cli.profile.bad", path = dir.display()));
    }
    Ok(())
}
