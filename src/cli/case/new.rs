//! `huiyin case new`: files a case from flags or from a JSON document.

use std::io::Read as _;
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use rust_i18n::t;
use serde::Deserialize;

use super::super::context::{Context, absolute};
use super::super::failure::Failure;
use super::super::{output, resolve, value};
use crate::client::{Client, Filed, NextStep, full_jitter};
use crate::domain::code::{Channel, Kind, Urgency};
use crate::domain::id::CaseId;
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
use crate::wire::case::{CallerBody, IntakeBody, NewCase, OrderBody, Outcome, PlaceBody};
use crate::wire::profile::ProfileBody;

/// The longest document taken, in bytes.
const LIMIT: u64 = 256 * 1024;
/// How often a request without an answer is repeated; it is safe to repeat.
const ATTEMPTS: u32 = 5;

/// The fields of the case.
#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// 从 JSON 文件读取（- 为标准输入） / read the case from a JSON file, - for standard input
    #[arg(long, value_name = "FILE", exclusive = false, conflicts_with_all = ["title", "text", "answer", "dispatch"])]
    from: Option<PathBuf>,
    /// 标题；不给则由内容拟定 / the title, proposed from the text if absent
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// 诉求内容 / the text
    #[arg(long, value_name = "TEXT", required_unless_present = "from")]
    text: Option<String>,
    /// 来源渠道 / the channel
    #[arg(long, default_value_t = Channel::Phone, value_name = "CODE", value_parser = value::code::<Channel>(Channel::ALL.iter().map(|code| code.code())))]
    channel: Channel,
    /// 诉求类型 / the kind
    #[arg(long, default_value_t = Kind::Help, value_name = "CODE", value_parser = value::code::<Kind>(Kind::ALL.iter().map(|code| code.code())))]
    kind: Kind,
    /// 紧急程度 / the urgency
    #[arg(long, default_value_t = Urgency::Ordinary, value_name = "CODE", value_parser = value::code::<Urgency>(Urgency::ALL.iter().map(|code| code.code())))]
    urgency: Urgency,
    /// 保密 / the caller asked for secrecy
    #[arg(long)]
    confidential: bool,
    /// 来电人 / the caller's name
    #[arg(long, default_value = "", value_name = "NAME")]
    caller: String,
    /// 来电号码 / the number the call came from
    #[arg(long, value_name = "NUMBER", value_parser = value::phone)]
    number: Option<PhoneNumber>,
    /// 联系方式 / the number to call back
    #[arg(long, value_name = "NUMBER", value_parser = value::phone)]
    contact: Option<PhoneNumber>,
    /// 事项分类：代码或名称 / the matter, code or name
    #[arg(long, value_name = "MATTER")]
    matter: Option<String>,
    /// 街道或区县：代码或名称 / the street or district, code or name
    #[arg(long, value_name = "DIVISION")]
    division: Option<String>,
    /// 事发地详细地址 / the place in words
    #[arg(long, default_value = "", value_name = "TEXT")]
    place: String,
    /// 被反映对象 / whom it is about
    #[arg(long, default_value = "", value_name = "TEXT")]
    target: String,
    /// 受理备注 / a remark to the department
    #[arg(long, default_value = "", value_name = "TEXT")]
    remark: String,
    /// 标签，可多次 / a tag, repeatable
    #[arg(long = "tag", value_name = "TEXT")]
    tags: Vec<String>,
    /// 旧工单 / an earlier case
    #[arg(long, value_name = "NUMBER", value_parser = value::case_number)]
    earlier: Option<CaseNumber>,
    /// 当场答复 / what the caller was told: answers it on the spot
    #[arg(long, value_name = "TEXT", conflicts_with = "dispatch")]
    answer: Option<String>,
    /// 直接派给主办单位：代码或名称 / dispatch it at once to this department, code or name
    #[arg(long, value_name = "DEPARTMENT")]
    dispatch: Option<String>,
}

/// A case as a document: what `PUT /v1/cases/{id}` takes, with what can be filled in left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    id: Option<CaseId>,
    number: Option<CaseNumber>,
    received_at: Option<Timestamp>,
    intake: IntakeBody,
    #[serde(default = "register")]
    outcome: Outcome,
}

fn register() -> Outcome {
    Outcome::Register
}

pub(super) async fn run(args: NewArgs, context: &Context, client: &Client) -> Result<(), Failure> {
    let document = match &args.from {
        Some(path) => read(path)?,
        None => from_flags(args, client).await?,
    };
    let (now, random) = context.fresh()?;
    let id = document.id.unwrap_or_else(|| CaseId::new(now, random));
    let case = NewCase {
        number: document.number,
        received_at: document.received_at.unwrap_or_else(|| context.clock.now()),
        intake: document.intake,
        outcome: document.outcome,
    };
    let filed = file(client, id, &case).await?;
    if context.json {
        return output::json(&filed.case);
    }
    if !filed.created {
        output::complain(&t!("cli.case.repeated"));
    }
    output::say(&filed.case.row.number.grouped());
    Ok(())
}

/// Files it, again and again while no answer comes: the same id is the same case.
async fn file(client: &Client, id: CaseId, case: &NewCase) -> Result<Filed, Failure> {
    let mut attempt = 0;
    loop {
        let error = match client.file_case(id, case).await {
            Ok(filed) => return Ok(filed),
            Err(error) => error,
        };
        let wait = match error.next_step() {
            NextStep::Retry if attempt + 1 < ATTEMPTS => full_jitter(attempt),
            NextStep::RetryAfter(asked) if attempt + 1 < ATTEMPTS => asked,
            _ => return Err(error.into()),
        };
        attempt += 1;
        tokio::time::sleep(wait).await;
    }
}

async fn from_flags(args: NewArgs, client: &Client) -> Result<Document, Failure> {
    let named = [&args.matter, &args.division, &args.dispatch].into_iter().any(Option::is_some);
    let profile: Option<ProfileBody> = if named { Some(resolve::profile(client).await?) } else { None };
    let matter = resolved(profile.as_ref(), args.matter, resolve::matter)?;
    let division = resolved(profile.as_ref(), args.division, resolve::division)?;
    let lead = resolved(profile.as_ref(), args.dispatch, resolve::department)?;
    let text = args.text.unwrap_or_default();
    let outcome = match (args.answer, lead) {
        (Some(answer), _) => Outcome::Answer(answer),
        (None, Some(lead)) => {
            Outcome::Dispatch(OrderBody { lead, assisting: Vec::new(), opinion: String::new() })
        }
        (None, None) => Outcome::Register,
    };
    let intake = IntakeBody {
        channel: args.channel,
        kind: args.kind,
        caller: CallerBody { name: args.caller, sex: None, number: args.number, contact: args.contact },
        matter,
        title: args.title.unwrap_or_else(|| crate::domain::title::propose(&text)),
        text,
        place: PlaceBody { division, detail: args.place },
        occurred_at: None,
        target: args.target,
        urgency: args.urgency,
        confidential: args.confidential,
        earlier_case: args.earlier,
        tags: args.tags,
        remark: args.remark,
    };
    Ok(Document { id: None, number: None, received_at: None, intake, outcome })
}

fn resolved<T>(
    profile: Option<&ProfileBody>,
    text: Option<String>,
    resolve: fn(&ProfileBody, &str) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    profile.zip(text).map(|(profile, text)| resolve(profile, &text)).transpose()
}

fn read(path: &std::path::Path) -> Result<Document, Failure> {
    let mut text = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().take(LIMIT).read_to_end(&mut text)?;
    } else {
        let path = absolute(Some(path))?.unwrap_or_default();
        let file = std::fs::File::open(&path).map_err(|error| Failure::file(&path, &error))?;
        file.take(LIMIT).read_to_end(&mut text)?;
    }
    serde_json::from_slice(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Failure::refused("case_document", t!("cli.case.document", line = line, column = column))
    })
}
