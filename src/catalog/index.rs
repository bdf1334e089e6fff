//! An index: many catalogs in one file, of which a look-up reads only what it needs.
//!
//! The catalogs that ship with the program are one such index, made by `build.rs`; a project may name others. Numbers
//! are little-endian:
//!
//! ```text
//! head      "mcppolix", version u32, servers u32, names u32, tools u32
//! servers   for each, by id: where its block begins u64, packed bytes u32, unpacked bytes u32
//! names     by text: where the text is u32, its bytes u16, 0 for an id or 1 for another name u16, server u32
//! tools     by text: where the text is u32, its bytes u16, 0 u16, server u32
//! strings   bytes u32, then the texts
//! blocks    for each server its catalog file, without blanks, as zlib (RFC 1950), whose checksum tells damage
//! ```
//!
//! Nothing is read before it is asked for, and nothing is kept: a look-up is a binary search of some twenty small reads,
//! whatever the number of servers. How bytes come from a file is absent: see [`ReadAt`].

mod write;

use std::{cmp::Ordering, fmt, io};

use super::{CatalogError, MAX_BYTES, Server, parse};
use write::{HEAD, MAGIC, NAME, SERVER, VERSION};

pub use write::{Entry, write};

/// Bytes that can be read at any place: a file, or bytes in memory.
pub trait ReadAt: fmt::Debug + Send + Sync {
    /// How many there are.
    fn size(&self) -> u64;

    /// Fills `into` with those that begin at `at`.
    ///
    /// # Errors
    ///
    /// Where there are not so many, or they cannot be read.
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()>;
}

impl ReadAt for &'static [u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let part = usize::try_from(at).ok().and_then(|at| self.get(at..)?.get(..into.len()));
        into.copy_from_slice(part.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// Why bytes are not an index, or no longer are.
#[derive(Debug)]
#[non_exhaustive]
pub enum IndexError {
    /// They cannot be read.
    Io(io::Error),
    /// They do not begin as an index does.
    NotAnIndex,
    /// Another version of the layout.
    Version {
        /// The version there is.
        found: u32,
    },
    /// What they say of themselves cannot be.
    Damaged,
    /// A server's catalog is not one.
    Catalog {
        /// The server's place in the index.
        server: u32,
        /// What is wrong with it.
        error: CatalogError,
    },
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => f.write_str("the index is cut short"),
            Self::Io(error) => write!(f, "the index cannot be read: {error}"),
            Self::NotAnIndex => f.write_str("not an index of catalogs"),
            Self::Version { found } => write!(f, "the index has version {found}, this program reads version {VERSION}"),
            Self::Damaged => f.write_str("the index is damaged"),
            Self::Catalog { server, error } => write!(f, "server {server} of the index: {error}"),
        }
    }
}

impl std::error::Error for IndexError {}

impl From<io::Error> for IndexError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Many catalogs, to be found by the name of a server or of a tool.
#[derive(Debug)]
pub struct Index {
    data: Box<dyn ReadAt>,
    servers: u32,
    names: Table,
    tools: Table,
    /// Where the texts begin.
    strings: u64,
    /// Where the blocks begin.
    blocks: u64,
}

#[derive(Clone, Copy, Debug)]
struct Table {
    at: u64,
    count: u32,
}

/// One line of a table.
struct Row {
    text: u32,
    bytes: u16,
    other_name: bool,
    server: u32,
}

impl Index {
    /// Reads the head, and nothing more.
    ///
    /// # Errors
    ///
    /// Where it is not that of an index, or says more than there is.
    pub fn open(data: impl ReadAt + 'static) -> Result<Self, IndexError> {
        let mut head = [0; HEAD];
        data.read_at(0, &mut head).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => IndexError::NotAnIndex,
            _ => IndexError::Io(error),
        })?;
        let mut fields = Fields(&head);
        if fields.take::<8>()? != MAGIC {
            return Err(IndexError::NotAnIndex);
        }
        let version = fields.u32()?;
        if version != VERSION {
            return Err(IndexError::Version { found: version });
        }
        let servers = fields.u32()?;
        let names = Table { at: HEAD as u64 + u64::from(servers) * SERVER as u64, count: fields.u32()? };
        let tools = Table { at: names.end(), count: fields.u32()? };
        let mut size = [0; 4];
        data.read_at(tools.end(), &mut size)?;
        let strings = tools.end() + 4;
        let blocks = strings + u64::from(u32::from_le_bytes(size));
        if blocks > data.size() {
            return Err(IndexError::Damaged);
        }
        Ok(Self { data: Box::new(data), servers, names, tools, strings, blocks })
    }

    /// How many servers there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.servers
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.servers == 0
    }

    /// The place of the server of that id, else of the first that has it as another name.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read or is damaged.
    pub fn find(&self, name: &str) -> Result<Option<u32>, IndexError> {
        let row = self.rows(self.names, name)?.next().transpose()?;
        Ok(row.map(|row| row.server))
    }

    /// As [`Index::find`], by id alone.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn find_id(&self, id: &str) -> Result<Option<u32>, IndexError> {
        let row = self.rows(self.names, id)?.next().transpose()?;
        Ok(row.filter(|row| !row.other_name).map(|row| row.server))
    }

    /// The places of the servers that have a tool of exactly this name.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read or is damaged.
    pub fn with_tool(&self, tool: &str) -> Result<Vec<u32>, IndexError> {
        self.rows(self.tools, tool)?.map(|row| Ok(row?.server)).collect()
    }

    /// The server at a place.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read or is damaged.
    pub fn server(&self, server: u32) -> Result<Server, IndexError> {
        if server >= self.servers {
            return Err(IndexError::Damaged);
        }
        let mut row = [0; SERVER];
        self.data.read_at(HEAD as u64 + u64::from(server) * SERVER as u64, &mut row)?;
        let mut fields = Fields(&row);
        let (at, packed, unpacked) = (fields.u64()?, fields.u32()?, fields.u32()?);
        let at = self.blocks.checked_add(at).filter(|at| at.saturating_add(u64::from(packed)) <= self.data.size());
        let at = at.ok_or(IndexError::Damaged)?;
        let (packed, unpacked) = (packed as usize, unpacked as usize);
        if unpacked > MAX_BYTES {
            return Err(IndexError::Damaged);
        }
        let mut bytes = vec![0; packed];
        self.data.read_at(at, &mut bytes)?;
        let json = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(&bytes, unpacked);
        let json = json.map_err(|_| IndexError::Damaged)?;
        parse(&json).map_err(|error| IndexError::Catalog { server, error })
    }

    /// All ids with their places, sorted.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read or is damaged.
    pub fn ids(&self) -> Result<Vec<(String, u32)>, IndexError> {
        let mut out = Vec::new();
        self.each(self.names, |name, row| {
            if !row.other_name {
                out.push((name.to_owned(), row.server));
            }
        })?;
        Ok(out)
    }

    /// The names of each server by its place, its id before the others.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read or is damaged.
    pub fn names(&self) -> Result<Vec<Vec<String>>, IndexError> {
        let mut out = vec![Vec::new(); self.servers as usize];
        self.each(self.names, |name, row| {
            if let Some(names) = out.get_mut(row.server as usize) {
                let at = if row.other_name { names.len() } else { 0 };
                names.insert(at, name.to_owned());
            }
        })?;
        Ok(out)
    }

    /// Calls `with` for every tool: its name and the place of its server, sorted by name.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read or is damaged.
    pub fn each_tool(&self, mut with: impl FnMut(&str, u32)) -> Result<(), IndexError> {
        self.each(self.tools, |name, row| with(name, row.server))
    }

    /// The whole table at once: for what looks at every line.
    fn each(&self, table: Table, mut with: impl FnMut(&str, &Row)) -> Result<(), IndexError> {
        let part = |from: u64, to: u64| -> Result<Vec<u8>, IndexError> {
            let size = usize::try_from(to - from).map_err(|_| IndexError::Damaged)?;
            let mut bytes = vec![0; size];
            self.data.read_at(from, &mut bytes)?;
            Ok(bytes)
        };
        if table.end() > self.data.size() {
            return Err(IndexError::Damaged);
        }
        let rows = part(table.at, table.end())?;
        let strings = part(self.strings, self.blocks)?;
        for bytes in rows.chunks_exact(NAME) {
            let row = Row::read(bytes)?;
            let text = strings.get(row.text as usize..).and_then(|rest| rest.get(..usize::from(row.bytes)));
            let text = text.and_then(|text| std::str::from_utf8(text).ok()).ok_or(IndexError::Damaged)?;
            with(text, &row);
        }
        Ok(())
    }

    /// The lines of that text.
    fn rows<'a>(
        &'a self,
        table: Table,
        text: &'a str,
    ) -> Result<impl Iterator<Item = Result<Row, IndexError>> + 'a, IndexError> {
        let (mut low, mut high) = (0, table.count);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.compare(&self.row(table, middle)?, text)? {
                Ordering::Less => low = middle + 1,
                Ordering::Equal | Ordering::Greater => high = middle,
            }
        }
        Ok((low..table.count).map_while(move |place| {
            let row = self.row(table, place);
            let same = row.and_then(|row| Ok(self.compare(&row, text)?.is_eq().then_some(row)));
            same.transpose()
        }))
    }

    fn row(&self, table: Table, place: u32) -> Result<Row, IndexError> {
        let mut bytes = [0; NAME];
        self.data.read_at(table.at + u64::from(place) * NAME as u64, &mut bytes)?;
        Row::read(&bytes)
    }

    fn compare(&self, row: &Row, text: &str) -> Result<Ordering, IndexError> {
        let mut bytes = vec![0; usize::from(row.bytes)];
        self.data.read_at(self.strings + u64::from(row.text), &mut bytes)?;
        Ok(bytes.as_slice().cmp(text.as_bytes()))
    }
}

impl Table {
    fn end(self) -> u64 {
        self.at + u64::from(self.count) * NAME as u64
    }
}

impl Row {
    fn read(bytes: &[u8]) -> Result<Self, IndexError> {
        let mut fields = Fields(bytes);
        let (text, bytes) = (fields.u32()?, u16::from_le_bytes(fields.take()?));
        let [kind, _] = fields.take()?;
        Ok(Self { text, bytes, other_name: kind != 0, server: fields.u32()? })
    }
}

/// Numbers, one behind the other.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], IndexError> {
        let (first, rest) = self.0.split_first_chunk::<N>().ok_or(IndexError::Damaged)?;
        self.0 = rest;
        Ok(*first)
    }

    fn u32(&mut self) -> Result<u32, IndexError> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, IndexError> {
        self.take().map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests;
