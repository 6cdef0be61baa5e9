//! Whom a server believes to be its database, and what all others get to hear: nothing.

use std::fs;
use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::cluster::Cluster;
use crate::harness::{Home, RUNTIME};
use crate::serving::Serving;
use crate::tls::{Authority, Identity, acceptor, self_signed};

/// The name in the certificates here; `hostaddr` says where that is.
const NAME: &str = "db.example";

/// Something that waits where a database is looked for. It shakes hands under its identity, or says that it has none;
/// then it answers nothing, and tells the bytes it gets to read. Its port, and what it heard.
fn trap(identity: Option<&Identity>) -> (u16, JoinHandle<Vec<u8>>) {
    let acceptor = identity.map(acceptor);
    let listener = RUNTIME.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = RUNTIME.spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut asked, mut heard) = ([0; 8], vec![0; 1024]);
        stream.read_exact(&mut asked).await.unwrap();
        // The number by which PostgreSQL is asked for TLS.
        assert_eq!(asked[4..], 80_877_103_u32.to_be_bytes());
        let read = if let Some(acceptor) = acceptor {
            stream.write_all(b"S").await.unwrap();
            match acceptor.accept(stream).await {
                Ok(mut stream) => stream.read(&mut heard).await.unwrap_or(0),
                Err(_) => 0,
            }
        } else {
            stream.write_all(b"N").await.unwrap();
            stream.read(&mut heard).await.unwrap_or(0)
        };
        heard.truncate(read);
        heard
    });
    (port, heard)
}

/// The authority's certificate as a file of this home.
fn file_of(home: &Home, authority: &Authority) -> String {
    let path = home.path().join("db-ca.pem");
    fs::write(&path, &authority.pem).unwrap();
    path.display().to_string()
}

#[test]
fn a_database_under_tls_is_served_and_no_connection_to_it_is_in_the_clear() {
    let authority = Authority::new();
    let identity = authority.identity(NAME, 4000);
    let cluster = match Cluster::under_tls(&identity.certificate, &identity.key) {
        Ok(cluster) => cluster,
        Err(why) => return println!("skipped: {why}"),
    };
    let database = cluster.database();
    let home = Home::empty();
    let url = database.url().replace("127.0.0.1", NAME);
    let url = format!("{url}?hostaddr=127.0.0.1&sslrootcert={}", file_of(&home, &authority));
    let password = home.path().join("password").display().to_string();
    home.done(&["user", "add", "boss", "--role=admin", "--password-file", &password, "--database", &url]);
    let serving = Serving::start(&home, &["--database", &url]);
    home.done(&["--server", &serving.url, "search", "井盖"]);
    let guarded = "SELECT count(*) > 1, bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
        WHERE application_name = 'huiyin'";
    assert_eq!(database.sql(guarded), Ok("t|t".to_owned()));
    serving.end();
}

#[test]
fn a_database_that_is_not_who_it_should_be_hears_nothing_and_it_is_told_why() {
    let home = Home::empty();
    let authority = Authority::new();
    let believed = file_of(&home, &authority);
    let start = |language: &str, port: u16| {
        let url =
            format!("postgres://huiyin:s3cret@{NAME}:{port}/city?hostaddr=127.0.0.1&sslrootcert={believed}");
        let output = home.run(&["--language", language, "serve", "--listen=127.0.0.1:0", "--database", &url]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
        said
    };
    let (port, heard) = trap(Some(&authority.identity(NAME, 4000)));
    start("en", port);
    let heard = RUNTIME.block_on(heard).unwrap();
    assert!(heard.windows(11).any(|bytes| bytes == b"user\0huiyin"), "the trap catches what is sent");

    for (identity, zh, en) in [
        (Some(Authority::new().identity(NAME, 4000)), "的证书不受信任", "is not trusted"),
        (Some(self_signed(NAME)), "的证书不受信任", "is not trusted"),
        (Some(authority.identity("db2.example", 4000)), "的证书与主机名不符", "is not for that host name"),
        (Some(authority.identity(NAME, 2021)), "的证书已过期", "has expired"),
        (None, "不提供 TLS", "offers no TLS"),
    ] {
        for (language, words) in [("zh-CN", zh), ("en", en)] {
            let (port, heard) = trap(identity.as_ref());
            let said = start(language, port);
            let place = format!("postgres://{NAME}:{port}/city");
            assert!(said.contains(words) && said.contains(&place), "{said}");
            assert_eq!(RUNTIME.block_on(heard).unwrap(), b"", "{en}");
        }
    }
}
