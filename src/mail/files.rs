use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::SendError;

/// A folder, one file (`MESSAGE-ID.eml`) a mail: for development and the demo. A message that is sent twice is there once.
#[derive(Debug, Clone)]
pub(super) struct Files(PathBuf);

impl Files {
    pub(super) fn new(folder: &Path) -> Result<Self, String> {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self(folder.to_owned()))
    }

    pub(super) async fn send(&self, message_id: &str, content: Vec<u8>) -> Result<(), SendError> {
        // An address of the message's own domain, but a file name all the same.
        let name: String = message_id
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '@') {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let folder = self.0.clone();
        tokio::task::spawn_blocking(move || write(&folder, &name, &content))
            .await
            .map_err(|error| SendError::Transient(error.to_string()))?
            .map_err(|error| SendError::Transient(error.to_string()))
    }
}

/// Whole or not at all: whoever reads the folder never sees half a mail.
fn write(folder: &Path, name: &str, content: &[u8]) -> std::io::Result<()> {
    let draft = folder.join(format!(".{name}.{}", std::process::id()));
    // Mails hold one-time links: nobody else on this machine reads them.
    let mut out = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    out.write_all(content)?;
    out.sync_all()?;
    fs::rename(&draft, folder.join(format!("{name}.eml")))
}
