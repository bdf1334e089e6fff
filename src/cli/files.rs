//! Everything that touches files and the clock.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::{Component, Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use super::{Failure, render::sarif::encoded};
use crate::{
    catalog::index::ReadAt,
    hir::{ImportError, Imports, Source},
    syntax::{MAX_BYTES, literal::Date},
    text::count,
};

/// What standard input is called.
pub(super) const STDIN: &str = "<stdin>";

/// Reads a policy file, or standard input for `-`.
pub(super) fn read(path: &Path) -> Result<Source, Failure> {
    let (name, bytes) = if path == Path::new("-") {
        (STDIN.to_owned(), limited(io::stdin().lock()))
    } else {
        (path.display().to_string(), fs::File::open(path).and_then(limited))
    };
    let bytes = bytes.map_err(|error| Failure::new(format!("`{name}` cannot be read: {}", words(&error))))?;
    text(&name, bytes).map(|text| Source { name, text })
}

/// Reads one byte more than the limit at most, so that a file past it is seen to be past it.
fn limited(reader: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    if bytes.len() > MAX_BYTES {
        return Err(Failure::new(format!("`{name}` is larger than {MAX_BYTES} bytes"))
            .help("split it: a policy file can `import` others"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("`{name}` is not UTF-8 text: the byte at offset {at} belongs to no character"))
            .help("save the file as UTF-8")
    })
}

/// Imports from the disk, relative to the file that imports.
#[derive(Debug)]
pub(super) struct Disk;

impl Imports for Disk {
    fn load(&self, from: &str, path: &str) -> Result<Source, ImportError> {
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        let path = cleaned(&folder.join(path));
        let source = fs::File::open(&path).and_then(limited).map_err(|error| ImportError(words(&error)))?;
        let name = path.display().to_string();
        let text = text(&name, source).map_err(|failure| ImportError(failure.message))?;
        Ok(Source { name, text })
    }
}

/// Reads a file of at most `limit` bytes, or standard input for `-`.
pub(super) fn bytes(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(limit as u64 + 1).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(limit as u64 + 1).read_to_end(&mut bytes))
    };
    match read {
        Ok(size) if size > limit => Err(Failure::new(format!("`{shown}` is larger than {limit} bytes"))),
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::new(format!("`{shown}` cannot be read: {}", words(&error)))),
    }
}

/// The names of the files in a folder; `None` where there is no such folder.
pub(super) fn names(folder: &Path) -> Option<Vec<String>> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(folder).ok()?;
    let files = entries.flatten().filter(|entry| entry.path().is_file());
    Some(files.filter_map(|entry| entry.file_name().into_string().ok()).collect())
}

/// A file of which parts are read, at any place.
#[derive(Debug)]
pub(super) struct Random {
    file: fs::File,
    size: u64,
}

impl Random {
    pub(super) fn new(file: fs::File) -> io::Result<Self> {
        let size = file.metadata()?.len();
        Ok(Self { file, size })
    }
}

impl ReadAt for Random {
    fn size(&self) -> u64 {
        self.size
    }

    #[cfg(unix)]
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, into, at)
    }

    #[cfg(windows)]
    fn read_at(&self, mut at: u64, mut into: &mut [u8]) -> io::Result<()> {
        while !into.is_empty() {
            let read = std::os::windows::fs::FileExt::seek_read(&self.file, into, at)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            into = into.get_mut(read..).unwrap_or_default();
            at += read as u64;
        }
        Ok(())
    }
}

/// The path without `.` and, where a folder stands before it, without `..`: one file, one name.
pub(super) fn cleaned(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            Component::ParentDir | Component::Normal(_) | Component::RootDir | Component::Prefix(_) => out.push(part),
        }
    }
    out
}

/// Whether two paths lead to one file.
pub(super) fn is_same(a: &Path, b: &Path) -> bool {
    let whole = |path: &Path| std::path::absolute(path).map(|path| real(&path)).ok();
    whole(a) == whole(b)
}

/// The folder that paths for other programs are relative to.
#[derive(Debug, Clone)]
pub(super) struct Root {
    /// The working folder, from which the command names files.
    here: PathBuf,
    folder: PathBuf,
}

impl Root {
    /// The folder of the repository, or without one the working folder.
    pub(super) fn of_repository() -> Result<Self, Failure> {
        let here = here()?;
        let folder = here.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&here).to_owned();
        Ok(Self { here, folder })
    }

    /// The folder that a file is in.
    pub(super) fn of(file: &Path) -> Result<Self, Failure> {
        let here = here()?;
        let file = real(&here.join(file));
        let folder = file.parent().unwrap_or(&here).to_owned();
        Ok(Self { here, folder })
    }

    /// What a file below the folder is called there; standard input is itself.
    pub(super) fn name(&self, file: &str) -> Option<String> {
        if file == STDIN {
            return Some(file.to_owned());
        }
        let path = real(&self.here.join(file));
        path.strip_prefix(&self.folder).ok().map(slashes)
    }

    /// What any file is called from the folder.
    pub(super) fn path_to(&self, file: &str) -> String {
        if let Some(name) = self.name(file) {
            return name;
        }
        let path = real(&self.here.join(file));
        let shared = self.folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
        let up = self.folder.components().skip(shared).map(|_| Component::ParentDir);
        slashes(&up.chain(path.components().skip(shared)).collect::<PathBuf>())
    }

    /// A path from the folder as one from the working folder.
    pub(super) fn path_of(&self, name: &str) -> PathBuf {
        self.here.join(cleaned(&self.folder.join(name)))
    }

    /// The address of a file anywhere.
    pub(super) fn address(&self, file: &str) -> String {
        let path = slashes(&real(&self.here.join(file)));
        let slash = if path.starts_with('/') { "" } else { "/" };
        format!("file://{slash}{}", encoded(&path))
    }
}

fn here() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir();
    here.map_err(|error| Failure::new(format!("the working folder is gone: {}", words(&error))))
}

/// A path without links in its folders, so that one folder has one name; the file itself keeps its own.
fn real(path: &Path) -> PathBuf {
    let path = cleaned(path);
    match (path.parent().map(fs::canonicalize), path.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => path,
    }
}

/// A path as it is written everywhere, whatever the system.
fn slashes(path: &Path) -> String {
    let text = path.display().to_string();
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

/// What stands in a file now; `None` where there is none.
pub(super) fn current(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(format!("`{}` cannot be read: {}", path.display(), words(&error)))),
    }
}

/// Creates a directory and those above it.
pub(super) fn create_dir(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path)
        .map_err(|error| Failure::new(format!("`{}` cannot be created: {}", path.display(), words(&error))))
}

/// Writes a file whole or not at all: readers see the old text or the new one, also after a crash.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    write_bytes(path, text.as_bytes())
}

/// As [`write`]; over a file that holds something else only by `force`.
pub(super) fn write_new(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let there = current(path)?;
    if there.is_some_and(|there| there != text.as_bytes() && !force) {
        return Err(Failure::new(format!("`{}` exists, and is not what would be written", path.display()))
            .help("name another file, or write over it with `--force`"));
    }
    write(path, text)
}

/// As [`write`], for what is no text.
pub(super) fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    replace(path, bytes).map_err(|error| {
        let no_folder = error.kind() == io::ErrorKind::NotFound;
        let why = if no_folder { "its folder does not exist".to_owned() } else { words(&error) };
        Failure::new(format!("`{}` cannot be written: {why}", path.display()))
    })
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // through a link to the file itself; a pipe or device is written as it is
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let existing = fs::metadata(&path).ok();
    if existing.as_ref().is_some_and(|existing| !existing.is_file()) {
        return fs::OpenOptions::new().write(true).open(&path)?.write_all(bytes);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mcppol-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // as a plain new file; the user's mask takes its part away
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(existing) = existing {
        file.as_file().set_permissions(existing.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Today, in UTC.
pub(super) fn today() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
    Date::from_unix(seconds)
}

/// An error of the system in the words of our messages.
pub(super) fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}

/// `1 file`, `3 files`.
pub(super) fn counted(files: usize) -> String {
    count(files, "file")
}
