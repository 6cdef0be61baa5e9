//! One's own password is changed on the server and on this desk, and at no moment may drafts be left that neither
//! password opens, whichever step the power, the network or the process does not live to see.
//!
//! A draft is sealed by a random key, and that key is wrapped by the password. So nothing is sealed anew:
//!
//! 1. Each key that the old password opens is wrapped by the new one **as well** (`second_wrap`), durably. If that
//!    cannot be written, the server is not asked.
//! 2. The server is asked.
//! 3. It says yes: the second wrap becomes the only one, in one transaction. It says no to this very request, or was
//!    never reached: the second wrap is taken away again.
//! 4. No answer came: the new password is tried by signing in. If it opens the door, the change was made. Otherwise
//!    nobody knows, since a request that was lost may still be on its way: both wraps stay, for as long as it takes.
//!    [`Journal::unlock`](super::Journal::unlock) tries both, and settles the matter when the new one opens.
//!
//! Killed after 1 or before 2 arrived, the old password signs in and its wrap is there. Killed after 2, the new one
//! signs in and its wrap is there. A second wrap that nobody ever used does no harm: it is known to whoever typed it.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use rusqlite::{Connection, params};

use super::request::Request;
use super::seal::{RecordKey, Sealed, Wrapped};
use super::vault::wrapped_keys;
use super::{Journal, JournalError};
use crate::client::{Client, ClientError, NoAnswer};
use crate::domain::account::AccountName;
use crate::domain::secret::Secret;

/// Why a password was not changed, or may not have been.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// The old one holds: the server said no, or was not reached.
    #[error("the server did not change the password")]
    Refused(#[source] ClientError),
    /// Nobody knows which one holds; the drafts open with both.
    #[error("whether the password was changed is not known")]
    Unknown(#[source] ClientError),
    /// The key could not be wrapped anew, so the server was not asked.
    #[error("the drafts cannot be made to open with the new password")]
    Journal(#[from] JournalError),
}

/// Wraps made for a change, by their ids.
#[derive(Debug, Clone)]
pub(super) struct SecondWraps(Vec<i64>);

/// What the journal's thread is asked for.
pub(super) enum Step {
    Wrap { account: AccountName, old: Secret, new: Secret, answer: Sender<Result<SecondWraps, JournalError>> },
    Settle(SecondWraps, Sender<Result<(), JournalError>>),
    Withdraw(SecondWraps, Sender<Result<(), JournalError>>),
}

/// Changes the password of `name`, who is signed in by `client`, on the server and for the drafts on this desk; none
/// where there is no journal. The journal's realm must be that of the server.
pub async fn change_password(
    client: &Client,
    journal: Option<&Arc<Journal>>,
    name: &AccountName,
    old: &Secret,
    new: &Secret,
) -> Result<(), NotChanged> {
    let second = match journal {
        Some(journal) => {
            let (asked, name, old, new) = (Arc::clone(journal), name.clone(), old.clone(), new.clone());
            let wrapped = on_disk(move || {
                asked.ask(|answer| Request::Password(Step::Wrap { account: name, old, new, answer }))?
            });
            Some((Arc::clone(journal), wrapped.await?))
        }
        None => None,
    };
    let changed = match client.change_own_password(old, new).await {
        Ok(()) => Ok(()),
        Err(error) if is_no(&error) => Err(NotChanged::Refused(error)),
        Err(error) => match client.sign_in(name, new).await {
            Ok(session) => {
                // It was only the question whether it opens.
                let _ = client.with_token(Secret::new(session.token)).sign_out().await;
                Ok(())
            }
            Err(_) => Err(NotChanged::Unknown(error)),
        },
    };
    if let Some((journal, second)) = second {
        let step: fn(SecondWraps, Sender<Result<(), JournalError>>) -> Step = match &changed {
            Ok(()) => Step::Settle,
            Err(NotChanged::Unknown(_)) => return changed,
            Err(_) => Step::Withdraw,
        };
        let done = on_disk(move || journal.ask(|answer| Request::Password(step(second, answer)))?);
        if let Err(error) = done.await {
            // Both wraps stay, so the drafts open all the same; the next sign-in settles it.
            tracing::warn!(%error, "the key of the drafts is wrapped twice");
        }
    }
    changed
}

/// Whether the change was certainly not made: the server itself said so, or nothing reached it.
fn is_no(error: &ClientError) -> bool {
    match error {
        ClientError::Problem { problem, .. } => problem.status < 500,
        ClientError::Offline(why) => matches!(why, NoAnswer::NoSuchHost | NoAnswer::NotConnected),
        ClientError::Unavailable { .. } | ClientError::NotOurServer { .. } | ClientError::NotUnderstood => {
            false
        }
        ClientError::BadAddress
        | ClientError::Insecure
        | ClientError::BadAuthority
        | ClientError::Untrusted => true,
    }
}

/// Waits for the journal off the runtime's own threads.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, JournalError> + Send + 'static,
) -> Result<T, JournalError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(JournalError::Stopped))
}

/// Wraps every key of `owner` that the old password opens by the new one as well. Keys of passwords before that stay
/// as they are: they are closed already.
pub(super) fn wrap(
    db: &Connection,
    owner: &str,
    old: &Secret,
    new: &Secret,
) -> Result<SecondWraps, JournalError> {
    let mut made = Vec::new();
    for (id, wrapped) in wrapped_keys(db, owner)? {
        let Ok(key) = wrapped.unwrap_by(old, owner) else { continue };
        let Wrapped { salt, memory, passes, key, sum } = key.wrap(new, owner)?;
        db.execute(
            "INSERT INTO second_wrap (key, salt, memory, passes, nonce, wrapped, sum)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![id, salt, memory, passes, key.nonce, key.bytes, sum],
        )?;
        made.push(db.last_insert_rowid());
    }
    Ok(SecondWraps(made))
}

/// Makes each of these the one wrap of its key.
pub(super) fn settle(db: &Connection, second: &SecondWraps) -> Result<(), JournalError> {
    for id in &second.0 {
        db.execute(
            "UPDATE key SET (salt, memory, passes, nonce, wrapped, sum) =
                 (SELECT salt, memory, passes, nonce, wrapped, sum FROM second_wrap WHERE id = ?1)
             WHERE id = (SELECT key FROM second_wrap WHERE id = ?1)",
            [id],
        )?;
        db.execute("DELETE FROM second_wrap WHERE key = (SELECT key FROM second_wrap WHERE id = ?1)", [id])?;
    }
    Ok(())
}

/// Takes these away again; what earlier changes without an answer have left stays.
pub(super) fn withdraw(db: &Connection, second: &SecondWraps) -> Result<(), JournalError> {
    for id in &second.0 {
        db.execute("DELETE FROM second_wrap WHERE id = ?1", [id])?;
    }
    Ok(())
}

/// The key `id` by a second wrap that `password` opens, and settles that one.
pub(super) fn unlock_second(
    db: &Connection,
    owner: &str,
    id: i64,
    password: &Secret,
) -> Result<Option<RecordKey>, JournalError> {
    let mut rows = db.prepare(
        "SELECT id, salt, memory, passes, nonce, wrapped, sum FROM second_wrap WHERE key = ?1 ORDER BY id DESC",
    )?;
    let rows = rows.query_map([id], |row| {
        let key = Sealed { nonce: row.get(4)?, bytes: row.get(5)? };
        let (salt, memory, passes, sum) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(6)?);
        Ok((row.get::<_, i64>(0)?, Wrapped { salt, memory, passes, key, sum }))
    })?;
    for (second, wrapped) in rows.collect::<Result<Vec<_>, _>>()? {
        if let Ok(key) = wrapped.unwrap_by(password, owner) {
            settle(db, &SecondWraps(vec![second]))?;
            return Ok(Some(key));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::tests::{draft, li, open, password};

    fn wrapped(journal: &Journal) -> SecondWraps {
        let (old, new) = (password("first password"), password("second password"));
        let step = |answer| Request::Password(Step::Wrap { account: li(), old, new, answer });
        journal.ask(step).unwrap().unwrap()
    }

    fn opens(journal: &Journal, by: &str) -> bool {
        journal.unlock(&li(), &password(by)).is_ok() && journal.drafts().unwrap().records.len() == 1
    }

    #[test]
    fn between_the_steps_both_passwords_open_and_afterwards_one() {
        let dir = tempfile::tempdir().unwrap();
        let (journal, _) = open(dir.path());
        journal.unlock(&li(), &password("first password")).unwrap();
        journal.save_draft(draft(1, 1, "a"));
        let second = wrapped(&journal);
        journal.ask(|answer| Request::Password(Step::Withdraw(second, answer))).unwrap().unwrap();
        assert!(!opens(&journal, "second password"));
        wrapped(&journal);
        // Killed here, whichever the server took: the old one first, for the new one settles it.
        drop(journal);
        let (journal, _) = open(dir.path());
        assert!(opens(&journal, "first password") && opens(&journal, "first password"));
        assert!(opens(&journal, "second password"));
        assert!(!opens(&journal, "first password"), "the server has let the second one in");
        assert!(opens(&journal, "second password"));
    }

    #[test]
    fn what_is_typed_while_nobody_knows_opens_too() {
        let dir = tempfile::tempdir().unwrap();
        let (journal, _) = open(dir.path());
        journal.unlock(&li(), &password("first password")).unwrap();
        let second = wrapped(&journal);
        journal.save_draft(draft(1, 1, "a"));
        journal.ask(|answer| Request::Password(Step::Settle(second, answer))).unwrap().unwrap();
        assert_eq!(journal.drafts().unwrap().records.len(), 1);
        assert!(opens(&journal, "second password") && !opens(&journal, "first password"));
        // A wrong old one wraps nothing; the server will say so.
        let none = journal.ask(|answer| {
            let (old, new) = (password("no such password"), password("third password"));
            Request::Password(Step::Wrap { account: li(), old, new, answer })
        });
        assert!(none.unwrap().unwrap().0.is_empty());
    }
}
