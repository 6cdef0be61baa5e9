//! The scenes: what is typed until the screen shows what it is for.

use crate::desk::action::Action;
use crate::desk::screens::intake::FieldId;

/// A picture that can be drawn.
pub(super) struct Scene {
    /// What it is called; `scene.NAME` says it in words.
    pub(super) name: &'static str,
    /// Its usual size.
    pub(super) size: (u16, u16),
    /// Whether somebody has signed in before it begins.
    pub(super) signed_in: bool,
    /// The theme, where it is not the one that is asked for.
    pub(super) theme: Option<&'static str>,
    /// What is done.
    pub(super) steps: &'static [Step],
}

/// Something that a person does. The desk comes to rest after each.
pub(super) enum Step {
    /// Does an action by its key.
    Do(Action),
    /// Presses keys, with blanks between.
    Keys(&'static str),
    /// Types a text.
    Type(&'static str),
    /// Goes to a field of the intake form by Tab and types.
    Fill(FieldId, &'static str),
}

use Step::{Do, Fill, Keys, Type};

/// A call, typed so far: a restaurant whose smoke goes up into the flats.
const CALL: [Step; 7] = [
    Fill(FieldId::Number, "16165862146"),
    Fill(FieldId::Name, "陈秀兰"),
    Fill(FieldId::Division, "byj"),
    Keys("enter"),
    Fill(FieldId::Detail, "桂花苑17号楼2单元"),
    Fill(FieldId::Target, "老灶台饭店"),
    Fill(FieldId::Text, SMOKE),
];
const SMOKE: &str = "昨晚桂花苑17号楼2单元楼下的老灶台饭店油烟又往上冲，衣服不敢晾，窗户不敢开。来电人希望查处，并装油烟净化器。";

const fn scene(name: &'static str, size: (u16, u16), steps: &'static [Step]) -> Scene {
    Scene { name, size, signed_in: true, theme: None, steps }
}

const fn themed(name: &'static str, theme: &'static str) -> Scene {
    Scene { theme: Some(theme), ..scene(name, WIDE, &CALL) }
}

const SMALL: (u16, u16) = (80, 24);
const WIDE: (u16, u16) = (120, 36);

/// Every scene.
pub(super) const SCENES: &[Scene] = &[
    Scene { signed_in: false, ..scene("sign-in", SMALL, &[]) },
    scene("intake", SMALL, &[]),
    scene("intake-filled", WIDE, &CALL),
    scene(
        "receipt",
        WIDE,
        &[
            Fill(FieldId::Text, "望湖路路灯三天不亮，晚上走路看不清，请尽快维修"),
            Fill(FieldId::Outcome, ""),
            Keys("left"),
            Do(Action::Submit),
        ],
    ),
    scene("search", WIDE, &[Do(Action::GoSearch), Type("油烟 单位:城管"), Keys("down")]),
    scene("case", WIDE, &[Do(Action::GoSearch), Type("油烟 单位:城管"), Keys("enter")]),
    scene(
        "dispatch",
        WIDE,
        &[Do(Action::GoSearch), Type("状态:待派单"), Keys("enter"), Do(Action::Dispatch), Type("cgj")],
    ),
    scene("work", WIDE, &[Do(Action::GoWork)]),
    scene("palette", SMALL, &[Do(Action::Palette), Type("pai")]),
    scene("help", SMALL, &[Do(Action::Help)]),
    scene("themes", WIDE, &[Do(Action::Theme)]),
    themed("theme-light", "light"),
    themed("theme-high-contrast", "high-contrast"),
    themed("theme-colour-blind", "colour-blind"),
    themed("theme-sixteen", "sixteen"),
    themed("theme-mono", "mono"),
];
