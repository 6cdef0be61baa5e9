//! Which addresses a client speaks to: `https` anywhere, `http` on this machine only.

use std::net::{IpAddr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::ClientError;

/// A name that leads off this machine; plain HTTP does not go there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("plain HTTP is spoken to this machine only")]
pub(super) struct NotLoopback;

/// Reads the address of a server. The host of plain HTTP is judged here if it is written in digits, and by
/// [`OnlyLoopback`] if it is a name.
pub(super) fn base(server: &str) -> Result<Url, ClientError> {
    let mut url = Url::parse(server).map_err(|_| ClientError::BadAddress)?;
    let bare = url.query().is_none() && url.fragment().is_none();
    let nobody = url.username().is_empty() && url.password().is_none();
    if !matches!(url.scheme(), "http" | "https") || !bare || !nobody {
        return Err(ClientError::BadAddress);
    }
    let host = url.host_str().ok_or(ClientError::BadAddress)?;
    let digits: Result<IpAddr, _> = host.trim_start_matches('[').trim_end_matches(']').parse();
    if url.scheme() == "http" && digits.is_ok_and(|ip| !ip.is_loopback()) {
        return Err(ClientError::Insecure);
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Resolves names as the system does and refuses a name if any of its addresses is not this machine's own.
pub(super) struct OnlyLoopback;

impl Resolve for OnlyLoopback {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(all_loopback(found)?.into_iter()) as Addrs)
        })
    }
}

/// One address elsewhere among them is enough: the next connection might go there.
fn all_loopback(found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NotLoopback> {
    if found.iter().all(|address| address.ip().is_loopback()) { Ok(found) } else { Err(NotLoopback) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_elsewhere_too_leads_nowhere() {
        let addresses = |list: &[&str]| list.iter().map(|text| text.parse().unwrap()).collect::<Vec<_>>();
        let own = addresses(&["127.0.0.1:0", "[::1]:0", "127.0.1.1:0"]);
        assert_eq!(all_loopback(own.clone()), Ok(own));
        for elsewhere in [&["127.0.0.1:0", "10.0.0.1:0"][..], &["[::ffff:10.0.0.1]:0"], &["0.0.0.0:0"]] {
            assert_eq!(all_loopback(addresses(elsewhere)), Err(NotLoopback), "{elsewhere:?}");
        }
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for good in ["http://127.0.0.1:8345", "http://[::1]:1", "http://localhost", "https://10.0.0.1/huiyin"]
        {
            assert!(base(good).unwrap().path().ends_with('/'), "{good}");
        }
        for bad in ["http://10.0.0.1", "http://[2001:db8::1]:80", "http://0.0.0.0:1", "http://3232235777"] {
            assert!(matches!(base(bad), Err(ClientError::Insecure)), "{bad}");
        }
        for bad in ["", "localhost:1", "ftp://a", "https://a?b", "https://me:secret@a", "unix:/a"] {
            assert!(matches!(base(bad), Err(ClientError::BadAddress)), "{bad}");
        }
    }
}
