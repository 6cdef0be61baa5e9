//! `huiyin screen`: a picture of the desk, for a page or a pipe. It opens the real desk on invented cases with a clock
//! that stands still, types what the scene says, and writes down what it shows: the same picture each time.

mod scene;
mod stage;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ratatui::layout::Size;
use rust_i18n::t;

use super::context::Context;
use super::failure::Failure;
use crate::desk::picture::{Caption, Picture};
use crate::i18n::name_of;
use scene::Scene;
use stage::Stage;

/// What is drawn, and how.
#[derive(Debug, Args)]
pub(super) struct ScreenArgs {
    /// 画面；不给则列出，all 为全部 / the screen; without one they are listed, `all` draws every one
    name: Option<String>,
    /// 列×行 / columns and rows; each screen has its own usual size
    #[arg(long, value_name = "120x36", value_parser = size)]
    size: Option<Size>,
    /// 格式 / as what
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    format: Format,
    /// 不画窗框（仅 svg） / no window around it, for svg
    #[arg(long)]
    bare: bool,
    /// 写入文件；all 时为目录 / write to a file, or with `all` into a folder
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
}

/// What a picture is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// 网页上的图 / a drawing for a page
    Svg,
    /// 纯文本 / characters alone
    Text,
    /// 带颜色控制序列的文本 / characters and the sequences that colour them
    Ansi,
}

impl Format {
    const fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Text => "txt",
            Self::Ansi => "ansi",
        }
    }
}

pub(super) fn run(args: &ScreenArgs, context: &Context) -> Result<(), Failure> {
    let Some(name) = &args.name else {
        for scene in scene::SCENES {
            super::output::say(&format!("{:<14} {}", scene.name, name_of("scene", scene.name)));
        }
        return Ok(());
    };
    let stage = Stage::open(context)?;
    if name == "all" {
        let Some(folder) = &args.output else { return Err(Failure::usage("bad_value", t!("screen.folder"))) };
        fs::create_dir_all(folder)?;
        return scene::SCENES.iter().try_for_each(|scene| {
            let file = folder.join(scene.name).with_extension(args.format.ending());
            Ok(fs::write(file, drawn(args, scene, &stage)?)?)
        });
    }
    let Some(scene) = scene::SCENES.iter().find(|scene| scene.name == name) else {
        let names: Vec<_> = scene::SCENES.iter().map(|scene| scene.name).collect();
        let names = names.join(", ");
        return Err(Failure::usage("bad_value", t!("screen.unknown", name = name, names = names)));
    };
    let drawn = drawn(args, scene, &stage)?;
    match &args.output {
        Some(file) => write(file, &drawn),
        // Not by lines for people: the text of an ansi picture is made of escapes.
        None => Ok(std::io::stdout().lock().write_all(drawn.as_bytes())?),
    }
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    fs::write(file, text).map_err(|error| Failure::file(file, &error))
}

fn drawn(args: &ScreenArgs, scene: &Scene, stage: &Stage<'_>) -> Result<String, Failure> {
    let (columns, rows) = scene.size;
    let picture: Picture = stage.play(scene, args.size.unwrap_or(Size::new(columns, rows)))?;
    let name = name_of("scene", scene.name);
    let caption = Caption {
        title: &format!("{} · {name}", t!("desk.name")),
        description: &t!("screen.described", name = name, columns = columns, rows = rows),
        language: crate::i18n::current().tag(),
    };
    Ok(match args.format {
        Format::Svg => picture.svg(&caption, !args.bare),
        Format::Text => format!("{}\n", picture.text()),
        Format::Ansi => picture.ansi(),
    })
}

/// Columns and rows such as `120x36`.
fn size(text: &str) -> Result<Size, String> {
    let parts = text
        .split_once(['x', '×'])
        .and_then(|(columns, rows)| Some(Size::new(columns.parse().ok()?, rows.parse().ok()?)));
    let fits = parts.filter(|size| (1..=500).contains(&size.width) && (1..=500).contains(&size.height));
    fits.ok_or_else(|| "120x36".to_owned())
}
