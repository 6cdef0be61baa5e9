//! Every screen of the desk: how it is reached, and which keys are pressed on it.

/// What is typed, key by key. Each character differs from the one before, so that it is seen on the screen.
pub(crate) const TYPED: &str = "楼下烧烤店每晚十点以后仍在街边摆桌油烟噪声";
/// Steps down a list in a round, and as many up again.
const STEPS: usize = 24;

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scene {
    /// Typing a name.
    SignIn,
    /// Typing the text of a case.
    Intake,
    /// Picking a matter by its initials.
    Picker,
    /// Walking down what was found, the preview beside it.
    Search,
    /// Walking through a case.
    Case,
    /// Walking down one's own work.
    Work,
    /// Looking for an action.
    Palette,
    /// Reading the keys.
    Help,
    /// The number, large.
    Receipt,
}

impl Scene {
    /// All of them.
    pub(crate) const ALL: [Self; 9] = [
        Self::SignIn,
        Self::Intake,
        Self::Picker,
        Self::Search,
        Self::Case,
        Self::Work,
        Self::Palette,
        Self::Help,
        Self::Receipt,
    ];

    /// Its name in the tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in, typing",
            Self::Intake => "intake, typing",
            Self::Picker => "intake, picking a matter",
            Self::Search => "search, moving",
            Self::Case => "a case, moving",
            Self::Work => "one's work, moving",
            Self::Palette => "palette, typing",
            Self::Help => "help, moving",
            Self::Receipt => "receipt",
        }
    }

    /// The keys that lead there from the text of the intake form.
    pub(crate) fn way(self) -> &'static [&'static str] {
        match self {
            Self::SignIn | Self::Intake | Self::Picker => &[],
            Self::Search => &["f3", "噪", "声", "down"],
            Self::Case => &["f3", "噪", "声", "down", "enter"],
            Self::Work => &["f4"],
            Self::Palette => &["ctrl-p"],
            Self::Help => &["f1"],
            Self::Receipt => &["f8", "f8", "ctrl-s"],
        }
    }

    /// The field of the intake form that the keys are typed into.
    pub(crate) fn field(self) -> Option<&'static str> {
        match self {
            Self::Intake => Some("text"),
            Self::Picker => Some("matter"),
            _ => None,
        }
    }

    /// The keys of one round, which leave the screen as it was.
    pub(crate) fn keys(self) -> Vec<String> {
        let (there, back, n): (Vec<String>, &str, usize) = match self {
            Self::Intake => (TYPED.chars().map(String::from).collect(), "backspace", TYPED.chars().count()),
            Self::SignIn | Self::Picker | Self::Palette => {
                (["z", "s", "h", "j"].map(str::to_owned).to_vec(), "backspace", 4)
            }
            _ => (vec!["down".to_owned(); STEPS], "up", STEPS),
        };
        [there, vec![back.to_owned(); n]].concat()
    }
}
