//! `huiyin serve`: the server by itself.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use rust_i18n::t;

use super::context::{Context, absolute};
use super::failure::Failure;
use super::host::{Host, lock_file, try_lock};
use super::{output, value};
use crate::config::{Settings, read_private_file};
use crate::server::Tls;

/// Long enough for a desk that is at work to ask once more, and to be told that it goes on elsewhere.
const LINGER: Duration = Duration::from_millis(500);

/// Where and how to serve.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// 监听地址，端口 0 为任意空闲端口 / where to listen, port 0 for any free one
    #[arg(long, value_name = "ADDRESS", value_parser = value::address)]
    listen: Option<SocketAddr>,
    /// 只读副本的地址，可多次给出：分担查询和队列 / a read replica, as often as there are: for search and queues
    #[arg(long = "replica", value_name = "POSTGRES")]
    replicas: Vec<String>,
    /// 证书链（PEM） / the certificate chain, PEM
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// 私钥（PEM，仅本人可读） / its private key, PEM, closed to others
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
}

pub(super) fn run(args: &ServeArgs, context: &Context) -> Result<(), Failure> {
    let mut context = context.clone();
    if !args.replicas.is_empty() {
        let mut named = Settings::default();
        let read = named.set("replicas", &args.replicas.join(" "));
        read.map_err(|what| Failure::usage("bad_value", format!("--replica: {what}")))?;
        context.config.replicas = named.replicas.unwrap_or_default();
    }
    let context = &context;
    let config = &context.config;
    if config.postgres.is_none() && !config.replicas.is_empty() {
        return Err(Failure::usage("serve_replica", t!("cli.serve.replica")));
    }
    let certificate = absolute(args.tls_cert.as_deref())?.or_else(|| config.tls_cert.clone());
    let key = absolute(args.tls_key.as_deref())?.or_else(|| config.tls_key.clone());
    let tls = match (certificate, key) {
        (Some(certificate), Some(key)) => {
            // Read once here for its permissions alone; the server reads it for its content.
            read_private_file(&key)?;
            Some(Tls { certificate, key })
        }
        (None, None) => None,
        _ => return Err(Failure::usage("serve_tls", t!("cli.serve.tls"))),
    };
    let listen = args.listen.unwrap_or(config.listen);
    // A database elsewhere has any number of servers.
    let lock = if config.postgres.is_some() { None } else { Some(lock_file(&config.database)?) };
    if lock.as_ref().map(try_lock).transpose()? == Some(false) {
        return Err(Failure::refused("host_held", t!("cli.host.held", path = config.database.display())));
    }
    super::context::block_on(async {
        let mut signals = Signals::new()?;
        let host = Host::start(context, lock, listen, tls, LINGER).await?;
        if host.setup().is_some() {
            output::complain(&t!("cli.serve.first"));
        }
        if context.json {
            output::json(&serde_json::json!({ "listening": host.url() }))?;
        } else {
            output::say(&format!("listening on {}", host.url()));
            std::io::stdout().flush()?;
        }
        while signals.wait().await == Asked::Renew {
            host.renew_certificate();
        }
        host.stop().await;
        Ok(())
    })
}

/// What a server is asked from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// To read its certificate again.
    Renew,
    /// To end.
    End,
}

/// What asks a server: SIGHUP for its certificate, SIGTERM and SIGINT to end.
struct Signals {
    #[cfg(unix)]
    hang_up: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            #[cfg(unix)]
            hang_up: signal(SignalKind::hangup())?,
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn wait(&mut self) -> Asked {
        #[cfg(unix)]
        tokio::select! {
            _ = self.hang_up.recv() => return Asked::Renew,
            _ = self.terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
        Asked::End
    }
}
