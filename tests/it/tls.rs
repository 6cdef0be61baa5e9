//! TLS, and what is refused before a byte of ours is sent: certificates are made here, by an authority of the story's
//! own.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use huiyin::client::{Client, ClientError};
use huiyin::clock::Clock;
use huiyin::profile::Profile;
use huiyin::server::{Limits, ListenError, Running, Server, ServerOptions, StartError, Tls};
use huiyin::store::Store;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustix::process::Signal;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::harness::{Home, PATIENCE};
use crate::serving::Serving;

/// A certificate authority.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate.
    pub(crate) pem: String,
}

/// A certificate and its key, PEM.
pub(crate) struct Identity {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// A certificate for `name` that holds until the end of `year`.
    pub(crate) fn identity(&self, name: &str, year: i32) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params(name, year).signed_by(&key, &self.issuer).unwrap().pem();
        Identity { certificate, key: key.serialize_pem() }
    }

    fn client(&self, address: SocketAddr) -> Client {
        Client::new(&format!("https://{address}"), Some(self.pem.as_bytes())).unwrap()
    }
}

fn params(name: &str, year: i32) -> CertificateParams {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(year, 12, 31);
    params
}

pub(crate) fn self_signed(name: &str) -> Identity {
    let key = KeyPair::generate().unwrap();
    let certificate = params(name, 4000).self_signed(&key).unwrap().pem();
    Identity { certificate, key: key.serialize_pem() }
}

/// A server of this program, over TLS when there is an `identity`.
async fn serve(
    folder: &Path,
    listen: SocketAddr,
    identity: Option<&Identity>,
) -> Result<Running, StartError> {
    let store = Store::sqlite(&folder.join("huiyin.db")).unwrap();
    let clock = Clock::manual("2026-11-23T15:42:03+08:00".parse().unwrap());
    let profile = Arc::new(Profile::demonstration().clone());
    let mut options = ServerOptions::new(listen, store, profile, clock);
    let short = Duration::from_millis(500);
    options.limits = Limits { handshake: short, head_read: short, drain: short, ..Limits::default() };
    options.tls = identity.map(|identity| write(folder, identity));
    Server::start(options).await
}

/// A server in `folder` whose certificate nobody stands for.
pub(crate) async fn serve_self_signed(folder: &Path) -> Running {
    serve(folder, loopback(), Some(&self_signed("127.0.0.1"))).await.unwrap()
}

fn write(folder: &Path, identity: &Identity) -> Tls {
    let tls = Tls { certificate: folder.join("cert.pem"), key: folder.join("key.pem") };
    std::fs::write(&tls.certificate, &identity.certificate).unwrap();
    std::fs::write(&tls.key, &identity.key).unwrap();
    std::fs::set_permissions(&tls.key, std::fs::Permissions::from_mode(0o600)).unwrap();
    tls
}

fn loopback() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

/// An address of this machine that others could reach; no packet is sent to find it.
fn own_address() -> SocketAddr {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    socket.connect((Ipv4Addr::new(203, 0, 113, 1), 9)).unwrap();
    let address = socket.local_addr().unwrap();
    assert!(!address.ip().is_loopback(), "this machine has no address but loopback");
    SocketAddr::new(address.ip(), 0)
}

/// What shakes hands under this identity.
pub(crate) fn acceptor(identity: &Identity) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![chain], key).unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// What a listener with this identity gets to read from whoever comes first: the bytes within TLS.
async fn overhear(identity: &Identity) -> (SocketAddr, tokio::task::JoinHandle<Vec<u8>>) {
    let acceptor = acceptor(identity);
    let listener = TcpListener::bind(loopback()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        if let Ok(mut stream) = acceptor.accept(stream).await {
            let mut some = [0; 1024];
            let read = stream.read(&mut some).await.unwrap_or(0);
            heard.extend_from_slice(&some[..read]);
        }
        heard
    });
    (address, heard)
}

#[tokio::test]
async fn a_server_is_believed_by_its_authority_alone() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let identity = authority.identity("127.0.0.1", 4000);
    let running = serve(folder.path(), loopback(), Some(&identity)).await.unwrap();
    let setup = authority.client(running.local_addr()).setup().await.unwrap();
    assert!(setup.needs_first_account);
    let url = format!("https://{}", running.local_addr());
    for ca in [None, Some(Authority::new().pem)] {
        let client = Client::new(&url, ca.as_deref().map(str::as_bytes)).unwrap();
        let error = client.setup().await.unwrap_err();
        assert!(matches!(error, ClientError::Untrusted), "{error:?}");
    }
    for not_one in ["", "no certificate", &identity.key] {
        let error = Client::new(&url, Some(not_one.as_bytes())).unwrap_err();
        assert!(matches!(error, ClientError::BadAuthority), "{error:?}");
    }
    running.stop().await;
}

#[tokio::test]
async fn a_server_that_is_not_who_it_says_hears_nothing() {
    let authority = Authority::new();
    let good = authority.identity("127.0.0.1", 4000);
    let (address, heard) = overhear(&good).await;
    // What answers there is no server of ours, and it was asked: the trap catches what is sent.
    authority.client(address).setup().await.unwrap_err();
    assert!(heard.await.unwrap().starts_with(b"GET /v1/setup HTTP/1.1\r\n"));

    for (what, identity) in [
        ("another name", authority.identity("hotline.example", 4000)),
        ("another address", authority.identity("127.0.0.2", 4000)),
        ("expired", authority.identity("127.0.0.1", 2021)),
        ("self-signed", self_signed("127.0.0.1")),
        ("of another authority", Authority::new().identity("127.0.0.1", 4000)),
    ] {
        let (address, heard) = overhear(&identity).await;
        let error = authority.client(address).setup().await.unwrap_err();
        assert!(matches!(error, ClientError::Untrusted), "{what}: {error:?}");
        assert_eq!(heard.await.unwrap(), b"", "{what}");
    }
}

#[tokio::test]
async fn plain_http_goes_nowhere_else_on_either_side() {
    let listener = TcpListener::bind(own_address()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let error = Client::new(&format!("http://{address}"), None).unwrap_err();
    assert!(matches!(error, ClientError::Insecure), "{error:?}");
    let came = tokio::time::timeout(Duration::from_millis(100), listener.accept()).await;
    assert!(came.is_err(), "somebody connected");
    TcpStream::connect(address).await.unwrap();
    listener.accept().await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    for listen in [own_address(), SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0))] {
        let refused = serve(folder.path(), listen, None).await;
        assert!(matches!(refused, Err(StartError::Listen(ListenError::NeedsTls(_)))), "{refused:?}");
    }
    let authority = Authority::new();
    let identity = authority.identity(&own_address().ip().to_string(), 4000);
    let running = serve(folder.path(), own_address(), Some(&identity)).await.unwrap();
    authority.client(running.local_addr()).setup().await.unwrap();
    running.stop().await;
}

#[tokio::test]
async fn each_port_refuses_the_others_language() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let plain = serve(folder.path(), loopback(), None).await.unwrap();
    let error = authority.client(plain.local_addr()).setup().await.unwrap_err();
    assert!(matches!(error, ClientError::Untrusted | ClientError::Offline(_)), "{error:?}");

    let other = tempfile::tempdir().unwrap();
    let identity = authority.identity("127.0.0.1", 4000);
    let tls = serve(other.path(), loopback(), Some(&identity)).await.unwrap();
    let client = Client::new(&format!("http://{}", tls.local_addr()), None).unwrap();
    let error = client.setup().await.unwrap_err();
    assert!(matches!(error, ClientError::Offline(_)), "{error:?}");
    for said in ["GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", ""] {
        let mut stream = TcpStream::connect(tls.local_addr()).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
        read.expect("the connection stays open").ok();
        assert!(!answer.windows(4).any(|bytes| bytes == b"HTTP"), "{said}");
    }
    // Both still speak their own.
    Client::new(&format!("http://{}", plain.local_addr()), None).unwrap().setup().await.unwrap();
    authority.client(tls.local_addr()).setup().await.unwrap();
}

/// Shakes hands and says which protocol was agreed on, and which certificate was shown.
async fn shake(
    address: SocketAddr,
    authority: &Authority,
    offered: &[&[u8]],
) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = offered.iter().map(|protocol| protocol.to_vec()).collect();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    stream.write_all(b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await?;
    assert_eq!(&answer, b"HTTP/1.1 204");
    let (_, session) = stream.get_ref();
    let shown = session.peer_certificates().unwrap()[0].to_vec();
    Ok((session.alpn_protocol().unwrap_or_default().to_vec(), shown))
}

#[tokio::test]
async fn http_1_1_is_agreed_on_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let identity = authority.identity("127.0.0.1", 4000);
    let running = serve(folder.path(), loopback(), Some(&identity)).await.unwrap();
    let address = running.local_addr();
    let (agreed, _) = shake(address, &authority, &[b"h2", b"http/1.1"]).await.unwrap();
    assert_eq!(agreed, b"http/1.1");
    assert_eq!(shake(address, &authority, &[]).await.unwrap().0, b"");
    assert!(shake(address, &authority, &[b"h2"]).await.is_err());
}

#[tokio::test]
async fn a_new_certificate_is_shown_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let running =
        serve(folder.path(), loopback(), Some(&authority.identity("127.0.0.1", 4000))).await.unwrap();
    let address = running.local_addr();
    let (_, first) = shake(address, &authority, &[]).await.unwrap();
    let tls = write(folder.path(), &authority.identity("127.0.0.1", 4001));
    assert_eq!(shake(address, &authority, &[]).await.unwrap().1, first);
    running.renew_certificate().unwrap();
    let (_, second) = shake(address, &authority, &[]).await.unwrap();
    assert_ne!(first, second);
    // One that does not serve is refused, and the last one that did goes on.
    std::fs::write(&tls.key, authority.identity("127.0.0.1", 4001).key).unwrap();
    running.renew_certificate().unwrap_err();
    assert_eq!(shake(address, &authority, &[]).await.unwrap().1, second);
}

#[tokio::test]
async fn a_hang_up_makes_the_server_read_its_certificate_again() {
    let home = Home::empty();
    let authority = Authority::new();
    let tls = write(home.path(), &authority.identity("127.0.0.1", 4000));
    let (certificate, key) = (tls.certificate.to_str().unwrap(), tls.key.to_str().unwrap());
    let serving = Serving::start(&home, &["--tls-cert", certificate, "--tls-key", key]);
    let address = serving.url.strip_prefix("https://").unwrap().parse().unwrap();
    let (_, first) = shake(address, &authority, &[]).await.unwrap();
    write(home.path(), &authority.identity("127.0.0.1", 4001));
    serving.signal(Signal::HUP);
    let renewed = async {
        // The signal is answered by nothing but what is shown next.
        while shake(address, &authority, &[]).await.unwrap().1 == first {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, renewed).await.expect("the old certificate is still shown");
    serving.end();
}
