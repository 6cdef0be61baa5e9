//! Two people change one case: field by field, what the one saw, what they made of it, and what it is by now.
//!
//! Pure. What only one of them changed is taken, what both made the same of is one, and where they differ nobody is
//! overruled: a person decides (I5 of the sync invariants).

use super::amendment::{Amendment, Field};

/// What comes of two changes to one case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merge {
    /// What only I changed: it may be sent.
    pub mine: Amendment,
    /// What only they changed, and stays as they made it.
    pub theirs: Vec<Field>,
    /// What both changed, to the same.
    pub same: Vec<Field>,
    /// What both changed, each otherwise.
    pub conflicts: Vec<Field>,
}

/// Merges. `base` is the case as I saw it, `mine` names the fields I changed, `theirs` is the case as it is now. What is
/// not known of one of the two counts as changed where it is known of the other, so that nothing is overwritten unseen.
pub fn merge(base: &Amendment, mine: &Amendment, theirs: &Amendment) -> Merge {
    let mut merged = Merge::default();
    for field in Field::ALL.iter().copied() {
        let they_did = !base.agrees(theirs, field);
        match (mine.names(field), they_did) {
            (false, false) => {}
            (true, false) => merged.mine.take(mine, field),
            (false, true) => merged.theirs.push(field),
            (true, true) if mine.agrees(theirs, field) => merged.same.push(field),
            (true, true) => merged.conflicts.push(field),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::case::{Caller, Intake, Place};
    use crate::domain::code::{Channel, Kind, Urgency};

    /// A case of which each field is one of three values, by `n`.
    fn case(n: &[usize]) -> Intake {
        let text = |at: usize| ["", "甲", "乙"][n[at]].to_owned();
        let at = |second| jiff::Timestamp::from_second(second).unwrap();
        Intake {
            channel: [Channel::Phone, Channel::Web, Channel::App][n[0]],
            kind: Kind::ALL[n[1]],
            caller: Caller { name: text(2), ..Caller::default() },
            matter: [None, "01".parse().ok(), "02".parse().ok()][n[3]].clone(),
            title: text(4),
            text: text(5),
            place: Place { division: None, detail: text(6) },
            occurred_at: [None, Some(at(1)), Some(at(2))][n[7]],
            target: text(8),
            urgency: [Urgency::Ordinary, Urgency::Urgent, Urgency::Emergency][n[9]],
            confidential: n[10] > 0,
            earlier_case: None,
            tags: vec![text(11)],
            remark: text(12),
        }
    }

    /// What makes `to` of `from`.
    fn between(from: &Amendment, to: &Amendment) -> Amendment {
        let mut changes = Amendment::default();
        let differ = Field::ALL.iter().filter(|field| !from.agrees(to, **field));
        differ.for_each(|field| changes.take(to, *field));
        changes
    }

    fn any_case() -> impl Strategy<Value = Intake> {
        proptest::collection::vec(0..3_usize, 13).prop_map(|n| case(&n))
    }

    proptest! {
        #[test]
        fn no_edit_is_lost_and_none_is_invented(base in any_case(), mine in any_case(), theirs in any_case()) {
            let [seen, wanted, now] = [&base, &mine, &theirs].map(|intake| Amendment::from(intake.clone()));
            let changes = between(&seen, &wanted);
            let merged = merge(&seen, &changes, &now);
            let mut result = theirs.clone();
            merged.mine.clone().apply_to(&mut result);
            let result = Amendment::from(result);
            for field in Field::ALL.iter().copied() {
                let (i_did, they_did) = (changes.names(field), !seen.agrees(&now, field));
                let conflict = i_did && they_did && !wanted.agrees(&now, field);
                prop_assert_eq!(merged.conflicts.contains(&field), conflict, "{}", field);
                prop_assert_eq!(merged.theirs.contains(&field), they_did && !i_did, "{}", field);
                // Until somebody decides, what both changed stays as it is.
                let of = if i_did && !they_did { &wanted } else { &now };
                prop_assert!(result.agrees(of, field), "{}", field);
            }
            // Whoever decides for mine loses nothing of mine.
            let mut all = merged.mine;
            merged.conflicts.iter().for_each(|field| all.take(&changes, *field));
            let mut kept = theirs;
            all.apply_to(&mut kept);
            let kept = Amendment::from(kept);
            for field in Field::ALL.iter().copied() {
                let of = if changes.names(field) { &wanted } else { &now };
                prop_assert!(kept.agrees(of, field), "{}", field);
            }
        }
    }

    #[test]
    fn what_is_not_known_is_not_overwritten() {
        let named = |name: &str| {
            let mut seen = Amendment::from(case(&[0; 13]));
            seen.caller = Some(Caller { name: name.to_owned(), ..Caller::default() });
            seen
        };
        let mine = Amendment { caller: named("乙").caller, ..Amendment::default() };
        let hidden = named("甲").without(Field::Caller);
        assert_eq!(merge(&named("甲"), &mine, &hidden).conflicts, [Field::Caller]);
        assert_eq!(merge(&hidden, &mine, &named("甲")).conflicts, [Field::Caller]);
        assert_eq!(merge(&named("甲"), &mine, &named("甲")).mine, mine);
        assert_eq!(merge(&hidden, &Amendment::default(), &hidden), Merge::default());
    }
}
