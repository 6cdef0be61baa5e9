//! Why no connection came about: each host that was tried, with its own reason.

use std::error::Error as _;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use tokio_postgres::Error;

use super::fault::Fault;
use super::tls;
use crate::store::{StoreError, Trouble};

/// No host of a database can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unserved {
    /// What the address is told as.
    pub(super) path: PathBuf,
    /// In the order in which they were tried.
    pub(super) hosts: Vec<(String, Trouble)>,
}

impl Unserved {
    /// Whether this passes by itself: a database that is restarted, or one of whose copies takes over.
    pub(super) fn passes(&self) -> bool {
        self.hosts.iter().all(|(_, why)| {
            !matches!(why, Trouble::Denied | Trouble::NoDatabase | Trouble::Distrusted(_) | Trouble::Other(_))
        })
    }
}

impl From<Unserved> for StoreError {
    fn from(Unserved { path, hosts }: Unserved) -> Self {
        match hosts.as_slice() {
            [(_, Trouble::Distrusted(why))] => Self::Distrusted { path, why: *why },
            _ => Self::Unserved { path, hosts },
        }
    }
}

/// To whoever waits it is gone, be it for a moment or until somebody has put it right; unless it is there and has no
/// connection to spare.
impl From<&Unserved> for Fault {
    fn from(Unserved { hosts, .. }: &Unserved) -> Self {
        if hosts.iter().any(|(_, why)| *why == Trouble::Full) { Self::Full } else { Self::Gone }
    }
}

/// What an error says while a connection comes about.
pub(super) fn trouble(error: &Error) -> Trouble {
    if let Some(told) = error.as_db_error() {
        return match told.code().code() {
            "53300" | "53400" => Trouble::Full,
            "57P01" | "57P02" | "57P03" => Trouble::NotReady,
            "3D000" => Trouble::NoDatabase,
            class if class.starts_with("28") => Trouble::Denied,
            other => Trouble::Other(other.to_owned()),
        };
    }
    if let Some(why) = tls::distrust(error) {
        return Trouble::Distrusted(why);
    }
    let Some(system) = error.source().and_then(|cause| cause.downcast_ref::<io::Error>()) else {
        return if error.is_closed() { Trouble::Broke } else { Trouble::Other("client".to_owned()) };
    };
    match system.kind() {
        ErrorKind::ConnectionRefused => Trouble::Refused,
        ErrorKind::TimedOut => Trouble::Silent,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Trouble::NoWay,
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe => Trouble::Broke,
        // The client's own word for a server that takes no writes; the system's would have a number.
        ErrorKind::PermissionDenied if system.raw_os_error().is_none() => Trouble::Standby,
        // What is left without a number is a name that was looked up.
        _ if system.raw_os_error().is_none() => Trouble::Unknown,
        // A socket that is not there, or may not be opened.
        ErrorKind::NotFound => Trouble::Refused,
        ErrorKind::PermissionDenied => Trouble::Denied,
        _ => Trouble::Other("system".to_owned()),
    }
}
