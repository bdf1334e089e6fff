//! Indexes: what is written is found, and damaged bytes are told.

use proptest::{collection, prelude::*, sample::Index as Pick};

use super::*;

fn entry(id: &str, names: &[&str], tools: &[&str]) -> Entry {
    let tool = |name: &&str| {
        format!(r#"{{"name":"{name}","category":"read","risk":"low","signals":[],"why":"w","params":[]}}"#)
    };
    let all: Vec<String> = tools.iter().map(tool).collect();
    let json = serde_json::json!({"format": 1, "id": id, "name": "N", "source": "s", "aliases": names, "tools": []});
    let json = json.to_string().replace(r#""tools":[]"#, &format!(r#""tools":[{}]"#, all.join(",")));
    Entry::new(json.as_bytes()).unwrap()
}

fn open(bytes: Vec<u8>) -> Result<Index, IndexError> {
    Index::open(&*Box::leak(bytes.into_boxed_slice()))
}

#[test]
fn found_by_every_name() {
    let bytes = write(vec![
        entry("b", &["a", "x/y", "same"], &["get", "list"]),
        entry("a", &["same"], &["list"]),
        entry("c", &[], &[]),
    ]);
    let index = open(bytes.unwrap()).unwrap();
    assert_eq!(index.len(), 3);
    let named = |name: &str| index.find(name).unwrap().map(|at| index.server(at).unwrap().id);
    for (name, id) in [("a", "a"), ("b", "b"), ("c", "c"), ("x/y", "b"), ("same", "a")] {
        assert_eq!(named(name).as_deref(), Some(id), "{name}");
    }
    for name in ["", "A", "x", "x/y/", "zz"] {
        assert_eq!(named(name), None, "{name}");
    }
    assert_eq!(index.find_id("x/y").unwrap(), None);
    assert_eq!(index.find_id("b").unwrap(), Some(1));
    assert_eq!(index.with_tool("list").unwrap(), [0, 1]);
    assert_eq!(index.with_tool("lis").unwrap(), [0_u32; 0]);
    let ids = [("a".to_owned(), 0), ("b".to_owned(), 1), ("c".to_owned(), 2)];
    assert_eq!(index.ids().unwrap(), ids);
    let mut tools = Vec::new();
    index.each_tool(|name, server| tools.push((name.to_owned(), server))).unwrap();
    assert_eq!(tools, [("get".to_owned(), 1), ("list".to_owned(), 0), ("list".to_owned(), 1)]);
}

#[test]
fn what_is_no_index_is_told() {
    for bytes in [&b""[..], b"{}", b"mcppoliy\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"] {
        assert_eq!(open(bytes.to_vec()).unwrap_err().to_string(), "not an index of catalogs");
    }
    let mut bytes = write(vec![entry("a", &[], &[])]).unwrap();
    assert_eq!(open(bytes.iter().copied().take(40).collect()).unwrap_err().to_string(), "the index is cut short");
    bytes[8] = 2;
    assert_eq!(open(bytes).unwrap_err().to_string(), "the index has version 2, this program reads version 1");
    let empty = open(write(Vec::new()).unwrap()).unwrap();
    assert!(empty.is_empty() && empty.find("a").unwrap().is_none());
}

proptest! {
    #[test]
    fn every_name_is_found(names in collection::btree_set("[a-c/]{1,3}", 1..20), pick: Pick) {
        let names: Vec<_> = names.into_iter().collect();
        let entries = names.iter().map(|name| entry(name, &["other"], &[name, "all"])).collect();
        let index = open(write(entries).unwrap()).unwrap();
        let place = pick.index(names.len());
        prop_assert_eq!(index.find(&names[place]).unwrap(), Some(place as u32));
        prop_assert_eq!(index.with_tool(&names[place]).unwrap(), vec![place as u32]);
        prop_assert_eq!(index.with_tool("all").unwrap().len(), names.len());
        prop_assert_eq!(index.find("other").unwrap(), Some(0));
    }

    /// Changed or cut bytes give an answer or an error, never a panic and never a large allocation.
    #[test]
    fn damage_is_survived(at: Pick, byte: u8, cut: Pick, whole: bool) {
        let mut bytes = write(vec![entry("a", &["x"], &["t", "u"]), entry("b", &["y"], &["t"])]).unwrap();
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(index) = open(bytes) {
            for name in ["a", "x", "t", "zz"] {
                if let Ok(Some(at)) = index.find(name) {
                    let _ = index.server(at);
                }
                let _ = index.with_tool(name);
            }
            let _ = index.ids();
            let _ = index.each_tool(|_, _| {});
        }
    }
}
