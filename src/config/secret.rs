use std::fmt;
use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

use super::reader::Reader;
use super::{DatabaseUrl, Variable};

const KEY: Variable = Variable::secret(
    "HEARTH_SECRET_KEY",
    "made once and kept beside the embedded database; required with PostgreSQL",
    "The key under which sealed bids, one-time links and access tokens are kept: at least 32 bytes in base64 (`openssl rand -base64 32`). Lost, sealed bids cannot be opened.",
);
pub(super) const VARIABLES: &[Variable] = &[KEY];

/// Fewest bytes of a secret key.
const LEAST_BYTES: usize = 32;

/// The program's one secret: every other key is derived from it, each for its purpose.
#[derive(Clone)]
pub struct SecretKey(Arc<SecretSlice<u8>>);

impl SecretKey {
    /// The key of these bytes.
    ///
    /// # Errors
    /// A sentence, when there are fewer than 32.
    pub fn new(bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.len() < LEAST_BYTES {
            return Err(format!(
                "at least {LEAST_BYTES} bytes are needed, these are {}",
                bytes.len()
            ));
        }
        Ok(Self(Arc::new(bytes.into())))
    }

    /// The key as written: base64.
    ///
    /// # Errors
    /// A sentence that does not repeat the value.
    pub fn parse(value: &str) -> Result<Self, String> {
        Self::new(
            STANDARD
                .decode(value.trim())
                .map_err(|_| "base64 is needed, as `openssl rand -base64 32` makes it")?,
        )
    }

    /// The key for one purpose (HKDF-SHA256, RFC 5869, the purpose as its info). The same purpose gives the same key for
    /// ever, so a purpose is never renamed.
    pub fn derive(&self, purpose: &'static str) -> [u8; 32] {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, self.0.expose_secret())
            .expand(purpose.as_bytes(), &mut key)
            .expect("32 bytes are fewer than HKDF-SHA256's limit of 8160");
        key
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// Where the secret key is.
#[derive(Debug, Clone)]
pub enum SecretConfig {
    /// Given from outside.
    Given(SecretKey),
    /// Kept beside the embedded database.
    Kept {
        /// The file of the key.
        key: PathBuf,
        /// The database that is kept under it.
        database: PathBuf,
    },
}

/// Why the secret key beside the embedded database cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    /// The database is there and its key is not.
    #[error(
        "the database {database} exists, but its key {key} does not: put the key back, or give it as HEARTH_SECRET_KEY"
    )]
    Lost {
        /// The file that should be there.
        key: String,
        /// The database.
        database: String,
    },
    /// Others than the owner may read it.
    #[error("{0} may be read by others: `chmod 600` it")]
    Exposed(String),
    /// It is not a key.
    #[error("{file} is not a key: {message}")]
    Damaged {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// The file can be neither read nor made.
    #[error("{file}: {source}")]
    File {
        /// The file.
        file: String,
        /// The system's answer.
        source: std::io::Error,
    },
}

impl SecretConfig {
    pub(super) fn read(reader: &mut Reader<'_>, database: Option<&DatabaseUrl>) -> Option<Self> {
        if let Some(value) = reader.given(&KEY) {
            return reader.checked(&KEY, SecretKey::parse(&value)).map(Self::Given);
        }
        match database? {
            DatabaseUrl::Sqlite(path) => Some(Self::Kept {
                key: path.with_extension("key"),
                database: path.clone(),
            }),
            DatabaseUrl::Postgres(_) => {
                reader.problem(
                    &KEY,
                    "is required with PostgreSQL: at least 32 bytes in base64 (`openssl rand -base64 32`)",
                );
                None
            }
        }
    }

    /// The key. When it is to be kept beside an embedded database that does not exist yet, it is made here, readable by its
    /// owner alone; so this comes before the database is made.
    ///
    /// # Errors
    /// [`SecretKeyError`]: a database without its key is never given a new one.
    pub fn load(&self) -> Result<SecretKey, SecretKeyError> {
        let (file, database) = match self {
            Self::Given(key) => return Ok(key.clone()),
            Self::Kept { key, database } => (key, database),
        };
        let failed = |source| SecretKeyError::File {
            file: file.display().to_string(),
            source,
        };
        if !file.try_exists().map_err(failed)? {
            if database.try_exists().map_err(failed)? {
                return Err(SecretKeyError::Lost {
                    key: file.display().to_string(),
                    database: database.display().to_string(),
                });
            }
            make(file).map_err(failed)?;
        }
        if fs::metadata(file).map_err(failed)?.permissions().mode() & 0o077 != 0 {
            return Err(SecretKeyError::Exposed(file.display().to_string()));
        }
        SecretKey::parse(&fs::read_to_string(file).map_err(failed)?).map_err(|message| SecretKeyError::Damaged {
            file: file.display().to_string(),
            message,
        })
    }
}

/// Writes a fresh key. Whole or not at all, and never over another: two programs that start at once agree on one key.
fn make(file: &Path) -> std::io::Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut bytes = zeroize::Zeroizing::new([0; LEAST_BYTES]);
    getrandom::fill(bytes.as_mut()).map_err(std::io::Error::other)?;
    let draft = file.with_extension(format!("key.{}", std::process::id()));
    let mut out = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    out.write_all(zeroize::Zeroizing::new(STANDARD.encode(bytes.as_ref())).as_bytes())?;
    out.write_all(b"\n")?;
    out.sync_all()?;
    let linked = fs::hard_link(&draft, file);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => fs::File::open(folder)?.sync_all(),
    }
}
