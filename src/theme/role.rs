//! Roles: what is painted, as opposed to how. A closed list, so that a misspelt one in a theme is an error.

use ratatui::style::Modifier;

/// Declares the roles once: variant, name in the theme files, and the role that stands in when a theme is silent.
macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $(< $parent:ident)?),+ $(,)?) => {
        /// What something on the screen is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role { $($(#[$doc])* $variant),+ }

        impl Role {
            /// Every role; a parent stands before its children.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the theme files.
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name),+ } }

            /// The role whose style is taken when a theme does not name this one.
            pub const fn parent(self) -> Option<Self> {
                match self { $(Self::$variant => roles!(@parent $($parent)?)),+ }
            }
        }
    };
    (@parent) => { None };
    (@parent $parent:ident) => { Some(Self::$parent) };
}

roles! {
    /// Ordinary text, and what is behind everything.
    Text = "text",
    /// Text that may be overlooked: hints, times, counts.
    TextDim = "text.dim" < Text,
    /// Text that must not be.
    TextStrong = "text.strong" < Text,
    /// The name of a field.
    Label = "label" < TextDim,
    /// The name of the field that has the focus.
    LabelFocus = "label.focus" < TextStrong,
    /// The title of a panel.
    Title = "title" < TextStrong,
    /// A heading inside a panel.
    Heading = "heading" < TextStrong,
    /// The frame of a panel.
    Border = "border" < TextDim,
    /// The frame of the panel that has the focus.
    BorderFocus = "border.focus" < Border,
    /// What is typed into a field.
    Field = "field" < Text,
    /// What is typed into the field that has the focus.
    FieldFocus = "field.focus" < Field,
    /// A field whose content is refused.
    FieldInvalid = "field.invalid" < Field,
    /// What an empty field says.
    Placeholder = "placeholder" < TextDim,
    /// What is proposed and not yet taken.
    Proposal = "proposal" < TextDim,
    /// The selected row of the list that has the focus.
    Selection = "selection" < Text,
    /// The selected row of another list.
    SelectionBlur = "selection.blur" < Selection,
    /// The words that a search found.
    Match = "match" < TextStrong,
    /// The bar on top.
    Header = "header" < Text,
    /// The bar at the bottom.
    Footer = "footer" < Header,
    /// The keys in the bar at the bottom.
    FooterKey = "footer.key" < Footer,
    /// What cannot be done now.
    Disabled = "disabled" < TextDim,
    /// A tab.
    Tab = "tab" < Header,
    /// The tab that is shown.
    TabActive = "tab.active" < Tab,
    /// What lies over the screen.
    Overlay = "overlay" < Text,
    /// Its frame.
    OverlayBorder = "overlay.border" < BorderFocus,
    /// Done, reachable, solved.
    Good = "good" < Text,
    /// Worth knowing.
    Info = "info" < Text,
    /// Worth acting on.
    Warning = "warning" < TextStrong,
    /// Failed or refused.
    Error = "error" < TextStrong,
    /// A case that nobody has taken up: 待派单, 待签收.
    StateWaiting = "state.waiting" < Warning,
    /// A case that is being worked on: 办理中, 待回访.
    StateWorking = "state.working" < Info,
    /// A case that is over: 已办结, 当场答复.
    StateDone = "state.done" < Good,
    /// A case that is no more: 已并单, 已作废.
    StateGone = "state.gone" < TextDim,
    /// 紧急.
    Urgent = "urgent" < Warning,
    /// 特急.
    Emergency = "emergency" < Error,
    /// 黄牌.
    CardYellow = "card.yellow" < Warning,
    /// 红牌.
    CardRed = "card.red" < Error,
    /// 保密.
    Confidential = "confidential" < Warning,
    /// The case number, large.
    Number = "number" < TextStrong,
    /// The banner of 模拟练习.
    Practice = "practice" < Warning,
}

/// A modifier as the theme files name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emphasis {
    Bold,
    Dim,
    Italic,
    Underlined,
    Reversed,
    Struck,
}

impl Emphasis {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "bold" => Self::Bold,
            "dim" => Self::Dim,
            "italic" => Self::Italic,
            "underlined" => Self::Underlined,
            "reversed" => Self::Reversed,
            "struck" => Self::Struck,
            _ => return None,
        })
    }
}

impl From<Emphasis> for Modifier {
    fn from(emphasis: Emphasis) -> Self {
        match emphasis {
            Emphasis::Bold => Self::BOLD,
            Emphasis::Dim => Self::DIM,
            Emphasis::Italic => Self::ITALIC,
            Emphasis::Underlined => Self::UNDERLINED,
            Emphasis::Reversed => Self::REVERSED,
            Emphasis::Struck => Self::CROSSED_OUT,
        }
    }
}
