use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use url::Url;

use super::Variable;
use super::reader::Reader;

const LISTEN: Variable = Variable::open(
    "HEARTH_LISTEN",
    "127.0.0.1:8080",
    "The address and port on which the program listens.",
);
const PUBLIC_URL: Variable = Variable::open(
    "HEARTH_PUBLIC_URL",
    "http:// and the listening address",
    "How the world reaches the program; every link in a mail starts with it. Over the internet: `https://…`.",
);
const TRUSTED_PROXIES: Variable = Variable::open(
    "HEARTH_TRUSTED_PROXIES",
    "none",
    "Addresses, separated by commas, of the proxies whose X-Forwarded-For is believed.",
);
const CALLS: Variable = Variable::open(
    "HEARTH_CALLS_PER_MINUTE",
    "1200",
    "Most calls a minute from one address, before 429 is answered; 0 for no limit.",
);
pub(super) const VARIABLES: &[Variable] = &[LISTEN, PUBLIC_URL, TRUSTED_PROXIES, CALLS];

/// Where the program listens, and how the world reaches it.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Where the program listens.
    pub listen: SocketAddr,
    /// How the world reaches it: `http(s)://host…`, its path ending in `/`.
    pub public_url: Url,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Most calls a minute from one address; none for no limit.
    pub calls_per_minute: Option<u32>,
}

impl ServerConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let standard = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        let listen = reader.value(&LISTEN, standard, |value| {
            value
                .parse()
                .map_err(|_| format!("an address and port are needed, as in `127.0.0.1:8080`, not `{value}`"))
        });
        let own = format!("http://{}/", listen.unwrap_or(standard));
        let public_url = match reader.given(&PUBLIC_URL) {
            Some(value) => reader.checked(&PUBLIC_URL, public_url(&value)),
            None => reader.checked(&PUBLIC_URL, public_url(&own)),
        };
        let trusted_proxies = reader.value(&TRUSTED_PROXIES, Vec::new(), |value| {
            value
                .split(',')
                .map(|address| {
                    let address = address.trim();
                    address.parse().map_err(|_| format!("`{address}` is not an IP address"))
                })
                .collect()
        });
        let calls = reader.number(&CALLS, 1200, 0, 1_000_000);
        Some(Self {
            listen: listen?,
            public_url: public_url?,
            trusted_proxies: trusted_proxies?,
            calls_per_minute: calls.map(|calls| (calls > 0).then_some(calls))?,
        })
    }

    /// The full address of a path (`join/TOKEN`), as mails carry it.
    pub fn link(&self, path: &str) -> String {
        format!("{}{}", self.public_url, path.trim_start_matches('/'))
    }

    /// Whether the world reaches the program over TLS: cookies are then marked `Secure`.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

fn public_url(value: &str) -> Result<Url, String> {
    let wrong = || format!("`https://HOST` is needed, without query or password, not `{value}`");
    let mut url = Url::parse(value).map_err(|_| wrong())?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || !plain || url.password().is_some() {
        return Err(wrong());
    }
    let path = format!("{}/", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}
