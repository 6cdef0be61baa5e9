//! The fields a row can fill, the headers they are recognised by, and the rules of `--map`.

use rust_i18n::t;

use super::super::failure::Failure;

/// A field of a case that a table can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    ReceivedAt,
    Title,
    Text,
    Caller,
    Sex,
    Number,
    Contact,
    Channel,
    Kind,
    Matter,
    Division,
    Place,
    OccurredAt,
    Target,
    Urgency,
    Confidential,
    Tags,
    Remark,
}

/// Each field, its name in `--map`, and the headers it is recognised by, the surest first, as [`plain`] leaves them.
pub(super) const FIELDS: &[(Field, &str, &[&str])] = &[
    (
        Field::ReceivedAt,
        "received_at",
        &[
            "receivedat",
            "受理时间",
            "来电时间",
            "留言时间",
            "登记时间",
            "诉求时间",
            "投诉时间",
            "创建时间",
            "提交时间",
            "createddate",
            "createdat",
            "created",
            "时间",
            "日期",
            "datetime",
            "date",
            "time",
        ],
    ),
    (
        Field::Title,
        "title",
        &[
            "title",
            "标题",
            "工单标题",
            "诉求标题",
            "留言主题",
            "主题",
            "事项标题",
            "subject",
            "complainttype",
            "problem",
            "summary",
        ],
    ),
    (
        Field::Text,
        "text",
        &[
            "text",
            "诉求内容",
            "留言详情",
            "留言内容",
            "工单内容",
            "投诉内容",
            "问题描述",
            "内容描述",
            "详情",
            "内容",
            "描述",
            "descriptor",
            "description",
            "content",
            "details",
            "body",
        ],
    ),
    (
        Field::Caller,
        "caller",
        &["callername", "来电人", "来电人姓名", "诉求人", "反映人", "投诉人", "联系人", "姓名", "caller"],
    ),
    (Field::Sex, "sex", &["sex", "性别", "gender"]),
    (
        Field::Number,
        "number",
        &[
            "callernumber",
            "来电号码",
            "来电电话",
            "主叫号码",
            "电话号码",
            "手机号码",
            "手机号",
            "电话",
            "phone",
            "phonenumber",
        ],
    ),
    (Field::Contact, "contact", &["contact", "联系方式", "联系电话", "回访电话", "contactnumber"]),
    (
        Field::Channel,
        "channel",
        &["channel", "来源渠道", "诉求来源", "渠道", "来源", "opendatachanneltype", "source"],
    ),
    (Field::Kind, "kind", &["kind", "诉求类型", "工单类型", "类型"]),
    (
        Field::Matter,
        "matter",
        &["matter", "事项分类", "诉求分类", "三级分类", "三级标签", "问题分类", "分类", "category"],
    ),
    (
        Field::Division,
        "division",
        &[
            "division",
            "所属街道",
            "街道",
            "所属区域",
            "所属区县",
            "区县",
            "行政区",
            "区域",
            "borough",
            "district",
        ],
    ),
    (
        Field::Place,
        "place",
        &[
            "place",
            "placedetail",
            "事发地",
            "事发地址",
            "事发地点",
            "详细地址",
            "发生地址",
            "地址",
            "地点",
            "incidentaddress",
            "address",
            "location",
        ],
    ),
    (Field::OccurredAt, "occurred_at", &["occurredat", "事发时间", "发生时间"]),
    (Field::Target, "target", &["target", "被反映对象", "被投诉对象", "被反映单位"]),
    (Field::Urgency, "urgency", &["urgency", "紧急程度", "priority"]),
    (Field::Confidential, "confidential", &["confidential", "是否保密", "保密"]),
    (Field::Tags, "tags", &["tags", "标签", "关键词"]),
    (Field::Remark, "remark", &["remark", "受理备注", "备注", "remarks", "note"]),
];

impl Field {
    /// Its name in `--map`.
    pub(super) fn name(self) -> &'static str {
        FIELDS.iter().find(|(field, ..)| *field == self).map_or("", |(_, name, _)| name)
    }

    /// Whether its value is one of a few words, so that `--map kind=help` can mean the word itself.
    pub(super) fn takes_a_word(self) -> bool {
        matches!(
            self,
            Self::Channel | Self::Kind | Self::Urgency | Self::Matter | Self::Division | Self::Tags
        )
    }
}

/// A header without what people vary in it: case, blanks, marks, a unit in brackets.
pub(super) fn plain(header: &str) -> String {
    let header = header.split(['(', '（', '[', '【']).next().unwrap_or_default();
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `--map field=what`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) field: Field,
    /// A column, a template, a word, or nothing: leave the field empty.
    pub(super) what: String,
}

impl Rule {
    /// Reads one.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let names = || FIELDS.iter().map(|(_, name, _)| *name).collect::<Vec<_>>().join(", ");
        let (name, what) = text
            .split_once('=')
            .ok_or_else(|| Failure::usage("import_map_form", t!("cli.import.map.form", text = text)))?;
        let (field, ..) = FIELDS.iter().find(|(_, known, _)| *known == name.trim()).ok_or_else(|| {
            Failure::usage("import_map_field", t!("cli.import.map.field", name = name, names = names()))
        })?;
        Ok(Self { field: *field, what: what.trim().to_owned() })
    }
}
