//! Where the database is: a `postgres://` address, how its connections are guarded, and how long they may be silent.
//!
//! `sslmode` is `verify-full` or `disable`; without one, only a database on this machine is spoken to in the clear.
//! `sslrootcert` names the file of the authorities that are believed; without one, those of the system are. The
//! password may stand in the address, or in the file that `PGPASSFILE` names; it is in no error and no log.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{fs, io};

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use super::tls::Tls;
use crate::store::StoreError;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a peer may leave what was sent unconfirmed before it counts as gone.
const UNCONFIRMED: Duration = Duration::from_secs(5);

/// Where a database is.
pub(super) struct Address {
    hosts: Vec<Place>,
    database: String,
    tls: Option<Tls>,
    is_of_a_copy: bool,
    /// Which of the hosts served last: where one is gone, not every connection looks for it first.
    served: AtomicUsize,
}

/// One host of a database.
pub(super) struct Place {
    /// How to connect to it.
    pub(super) config: Config,
    /// What a person is told it is.
    pub(super) name: String,
}

impl Address {
    /// Reads an address. One that is wrong is told by its place and never quoted.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let wrong = |what| StoreError::Address { what };
        let (url, own) = without_own(url);
        let all: Config = url.parse().map_err(|_| wrong("postgres://user@host/database"))?;
        let (hosts, addresses, ports) = (all.get_hosts(), all.get_hostaddrs(), all.get_ports());
        let count = hosts.len().max(addresses.len());
        if count == 0 {
            return Err(wrong("host"));
        }
        if !hosts.is_empty() && !addresses.is_empty() && hosts.len() != addresses.len() {
            return Err(wrong("hostaddr"));
        }
        if ports.len() > 1 && ports.len() != count {
            return Err(wrong("port"));
        }
        // A name may stand beside the address that is connected to.
        let is_here = hosts.iter().all(is_here) && addresses.iter().all(IpAddr::is_loopback);
        let guarded = match own.mode.as_deref() {
            None => !is_here,
            Some("disable") => false,
            Some("require" | "verify-full") => true,
            Some(_) => return Err(wrong("sslmode")),
        };
        if guarded && hosts.is_empty() {
            // There would be no name to look for in its certificate.
            return Err(wrong("host"));
        }
        let tls = if guarded { Some(tls(own.roots)?) } else { None };
        if all.get_user().is_none() {
            return Err(wrong("user"));
        }
        let hosts = (0..count).map(|nth| Place::of(&all, nth, guarded)).collect();
        let database = all.get_dbname().unwrap_or_default().to_owned();
        Ok(Self { hosts, database, tls, is_of_a_copy: false, served: AtomicUsize::new(0) })
    }

    /// Its hosts, the one that served last first, each with what [`Address::served`] is told of it.
    pub(super) fn hosts(&self) -> impl ExactSizeIterator<Item = (usize, &Place)> {
        let (first, count) = (self.served.load(Ordering::Relaxed), self.hosts.len());
        (0..count).map(move |nth| (first + nth) % count).map(|nth| (nth, &self.hosts[nth]))
    }

    /// Notes which host serves.
    pub(super) fn served(&self, nth: usize) {
        self.served.store(nth, Ordering::Relaxed);
    }

    /// The same for a copy, which cannot be written to and is not waited for.
    pub(super) fn of_a_copy(mut self) -> Self {
        for place in &mut self.hosts {
            place.config.target_session_attrs(TargetSessionAttrs::Any);
        }
        Self { is_of_a_copy: true, ..self }
    }

    /// Whether it is a copy's.
    pub(super) const fn is_of_a_copy(&self) -> bool {
        self.is_of_a_copy
    }

    /// How connections are guarded, if they are.
    pub(super) const fn tls(&self) -> Option<&Tls> {
        self.tls.as_ref()
    }

    /// What a person is told it is: neither a user nor a password.
    pub(super) fn shown(&self) -> PathBuf {
        let hosts: Vec<&str> = self.hosts.iter().map(|place| place.name.as_str()).collect();
        PathBuf::from(format!("postgres://{}/{}", hosts.join(","), self.database))
    }
}

impl Place {
    /// The `nth` host of an address. Each is connected to by itself, so that each is told with its own reason.
    fn of(all: &Config, nth: usize, guarded: bool) -> Self {
        let mut config = Config::new();
        let host = all.get_hosts().get(nth);
        let mut name = String::new();
        match host {
            Some(Host::Tcp(host)) => {
                name.clone_from(host);
                config.host(host);
            }
            #[cfg(unix)]
            Some(Host::Unix(path)) => {
                name = path.display().to_string();
                config.host_path(path);
            }
            None => {}
        }
        if let Some(address) = all.get_hostaddrs().get(nth) {
            config.hostaddr(*address);
            if host.is_none() {
                name = address.to_string();
            }
        }
        if let Some(port) = all.get_ports().get(nth).or(all.get_ports().first()) {
            config.port(*port);
            name = format!("{name}:{port}");
        }
        for (set, value) in [
            (Config::user as fn(&mut Config, String) -> &mut Config, all.get_user()),
            (Config::dbname, all.get_dbname()),
            (Config::options, all.get_options()),
        ] {
            if let Some(value) = value {
                set(&mut config, value.to_owned());
            }
        }
        config
            .ssl_mode(if guarded { SslMode::Require } else { SslMode::Disable })
            .ssl_negotiation(all.get_ssl_negotiation())
            .channel_binding(all.get_channel_binding())
            .connect_timeout(CONNECT)
            .tcp_user_timeout(UNCONFIRMED)
            .keepalives_idle(UNCONFIRMED)
            .keepalives_interval(Duration::from_secs(1))
            .keepalives_retries(3)
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            .application_name("huiyin");
        if let Some(password) = all.get_password() {
            config.password(password);
        } else if let Some(password) = super::passfile::password(&config) {
            config.password(password);
        }
        Self { config, name }
    }
}

/// What of an address is read here and not by the client.
#[derive(Default)]
struct Own {
    mode: Option<String>,
    roots: Option<PathBuf>,
}

fn without_own(url: &str) -> (String, Own) {
    let Some((front, query)) = url.split_once('?') else { return (url.to_owned(), Own::default()) };
    let mut own = Own::default();
    let rest: Vec<&str> = query
        .split('&')
        .filter(|pair| match pair.split_once('=') {
            Some(("sslmode", mode)) => {
                own.mode = Some(mode.to_owned());
                false
            }
            Some(("sslrootcert", path)) => {
                own.roots = Some(PathBuf::from(unescaped(path)));
                false
            }
            // The servers write, so only one that can be written to will do.
            Some(("target_session_attrs", _)) => false,
            _ => true,
        })
        .collect();
    let query = if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) };
    (format!("{front}{query}"), own)
}

/// A value of an address with its `%2F` and the like read.
fn unescaped(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let escaped = escaped.filter(|_| *first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn tls(roots: Option<PathBuf>) -> Result<Tls, StoreError> {
    let Some(path) = roots else {
        let system = rustls_native_certs::load_native_certs().certs;
        return Tls::trusting(system).ok_or(StoreError::Address { what: "sslrootcert" });
    };
    let open = |kind| StoreError::Open { path: path.clone(), kind };
    let pem = fs::read(&path).map_err(|error| open(error.kind()))?;
    let roots: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    roots.ok().and_then(Tls::trusting).ok_or(open(io::ErrorKind::InvalidData))
}

/// An address that many connections share.
pub(super) type SharedAddress = Arc<Address>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_secrets() {
        let address =
            Address::parse("postgres://huiyin:s3cret@localhost:5433,[::1]:5434/city?sslmode=disable");
        let shown = address.unwrap().shown().display().to_string();
        assert_eq!(shown, "postgres://localhost:5433,::1:5434/city");
    }

    #[test]
    fn what_is_wrong_with_an_address_is_named_and_not_quoted() {
        for (url, what) in [
            ("postgres://huiyin:s3cret@host:port/city", "postgres://user@host/database"),
            ("postgres://huiyin:s3cret@localhost/city?sslmode=s3cret", "sslmode"),
            ("postgres:///city", "host"),
            ("postgres://huiyin@/city?hostaddr=192.0.2.1", "host"),
            ("postgres://localhost/city", "user"),
            ("postgres://a@localhost,localhost/b?hostaddr=127.0.0.1", "hostaddr"),
            ("postgres://a@localhost/b?port=1,2", "port"),
        ] {
            assert_eq!(Address::parse(url).err(), Some(StoreError::Address { what }), "{what}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        for (url, guarded) in [
            ("postgres://a@localhost/b", false),
            ("postgres://a@127.0.0.1,[::1]/b", false),
            ("postgres://a@localhost/b?hostaddr=192.0.2.1", true),
            ("postgres://a@localhost,db.example/b", true),
            ("postgres://a@db.example/b?sslmode=require", true),
            ("postgres://a@db.example/b?sslmode=disable&connect_timeout=5", false),
        ] {
            assert_eq!(Address::parse(url).map(|address| address.tls.is_some()), Ok(guarded), "{url}");
        }
    }

    #[test]
    fn escapes_in_a_path_are_read() {
        assert_eq!(unescaped("%2Fetc%2fca%20x.pem%"), "/etc/ca x.pem%");
    }
}
