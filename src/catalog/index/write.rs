//! Writing an index. It names nothing else of the crate, since `build.rs` includes it too.
//!
//! The layout is told in `../index.rs`, beside its reader.

use std::collections::BTreeMap;

use serde_json::Value;

/// The first bytes of every index.
pub(super) const MAGIC: [u8; 8] = *b"mcppolix";
/// The version of the layout.
pub(super) const VERSION: u32 = 1;
/// The bytes of the head.
pub(super) const HEAD: usize = 24;
/// The bytes of one entry of each table.
pub(super) const SERVER: usize = 16;
/// As [`SERVER`].
pub(super) const NAME: usize = 12;

/// One server: the names it is found by, the names of its tools, its catalog.
#[derive(Debug)]
pub struct Entry {
    id: String,
    /// Its other names: aliases, package, repository.
    names: Vec<String>,
    tools: Vec<String>,
    /// The catalog file without blanks, deflated.
    packed: Vec<u8>,
    /// How large it is when it is not.
    bytes: usize,
}

impl Entry {
    /// The entry of a catalog file. Only its names are looked at: whether it is a sound catalog is for its reader.
    ///
    /// # Errors
    ///
    /// Where it is not JSON, or has no id.
    pub fn new(catalog: &[u8]) -> Result<Self, String> {
        let mut catalog: Value = serde_json::from_slice(catalog).map_err(|error| error.to_string())?;
        if let Some(members) = catalog.as_object_mut() {
            // it is for editors, and a path in another folder
            members.shift_remove("$schema");
        }
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let list = |name: &str| catalog.get(name).and_then(Value::as_array).into_iter().flatten();
        let others = ["package", "repository"].into_iter().filter_map(|name| catalog.get(name).and_then(text));
        let json = catalog.to_string();
        Ok(Self {
            id: catalog.get("id").and_then(text).ok_or("it has no id")?,
            names: list("aliases").filter_map(text).chain(others).collect(),
            tools: list("tools").filter_map(|tool| tool.get("name").and_then(text)).collect(),
            packed: miniz_oxide::deflate::compress_to_vec_zlib(json.as_bytes(), 9),
            bytes: json.len(),
        })
    }

    /// The name by which policies speak of the server.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How many tools it has.
    #[must_use]
    pub fn tools(&self) -> usize {
        self.tools.len()
    }
}

/// The bytes of an index of these servers, or `None` where they are more than its numbers can count.
#[must_use]
pub fn write(mut entries: Vec<Entry>) -> Option<Vec<u8>> {
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    let mut strings = Strings::default();
    let (mut servers, mut names, mut tools) = (Vec::new(), Vec::new(), Vec::new());
    let mut blocks: Vec<u8> = Vec::new();
    for (server, entry) in entries.iter().enumerate() {
        let server = u32::try_from(server).ok()?;
        // an id comes before another server's other name of the same letters
        names.push((entry.id.as_str(), 0_u8, server));
        names.extend(entry.names.iter().map(|name| (name.as_str(), 1, server)));
        tools.extend(entry.tools.iter().map(|name| (name.as_str(), 0, server)));
        servers.extend(u64::try_from(blocks.len()).ok()?.to_le_bytes());
        servers.extend(u32::try_from(entry.packed.len()).ok()?.to_le_bytes());
        servers.extend(u32::try_from(entry.bytes).ok()?.to_le_bytes());
        blocks.extend(&entry.packed);
    }
    let table = |mut rows: Vec<(&str, u8, u32)>, strings: &mut Strings| {
        rows.sort_unstable();
        rows.dedup();
        let mut out = Vec::new();
        for (name, kind, server) in &rows {
            out.extend(strings.place(name)?.to_le_bytes());
            out.extend(u16::try_from(name.len()).ok()?.to_le_bytes());
            out.extend([*kind, 0]);
            out.extend(server.to_le_bytes());
        }
        Some((u32::try_from(rows.len()).ok()?, out))
    };
    let (name_count, names) = table(names, &mut strings)?;
    let (tool_count, tools) = table(tools, &mut strings)?;
    let mut out = MAGIC.to_vec();
    let counts =
        [VERSION, u32::try_from(entries.len()).ok()?, name_count, tool_count].into_iter().flat_map(u32::to_le_bytes);
    out.extend(counts);
    for part in [servers, names, tools] {
        out.extend(part);
    }
    // the strings' own size, so that the blocks are found behind them
    out.extend(u32::try_from(strings.bytes.len()).ok()?.to_le_bytes());
    out.extend(strings.bytes);
    out.extend(blocks);
    Some(out)
}

/// Text, each once.
#[derive(Default)]
struct Strings {
    bytes: Vec<u8>,
    places: BTreeMap<String, u32>,
}

impl Strings {
    fn place(&mut self, text: &str) -> Option<u32> {
        if let Some(place) = self.places.get(text) {
            return Some(*place);
        }
        let place = u32::try_from(self.bytes.len()).ok()?;
        self.bytes.extend(text.as_bytes());
        self.places.insert(text.to_owned(), place);
        Some(place)
    }
}
