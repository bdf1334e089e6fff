//! Places that requests name, and places and edits in other files that answers name.

use std::{collections::BTreeSet, path::Path};

use lsp_types::{Location, Range, TextDocumentPositionParams, Uri};
use serde_json::{Map, Value, json};

use super::{documents::Open, position::Index, state::State, uri};
use crate::{
    hir::{Imports, Source},
    ide::{View, names::Places},
    text::Span,
};

impl State<'_> {
    /// The document that a request is about, and the byte in it.
    pub(super) fn place(&self, params: &TextDocumentPositionParams) -> Option<(&Open, View<'_>, u32)> {
        let (open, view) = self.view(&params.text_document.uri)?;
        Some((open, view, open.index.offset(&open.text, params.position)))
    }

    /// Where imports come from.
    pub(super) fn imports(&self) -> impl Imports + '_ {
        self.documents.imports(&*self.world)
    }

    /// The policies of our language that the client has open or works on, each once, as they are now.
    pub(super) fn policies(&self) -> impl Iterator<Item = Source> + '_ {
        let ours =
            |open: &&Open| open.path.as_deref().is_some_and(|path| path.extension().is_some_and(|it| it == "mcp"));
        let open: Vec<Source> = self.documents.iter().filter(ours).map(source).collect();
        let known: BTreeSet<String> = open.iter().map(|source| source.name.clone()).collect();
        let files: BTreeSet<_> = self.workspace.folders().flat_map(|root| self.world.policies(root)).collect();
        let unopened = files.into_iter().filter_map(move |file| {
            let name = file.display().to_string();
            // what cannot be read has nothing to show
            (!known.contains(&name)).then(|| self.world.read(&file).ok())?.map(|text| Source { name, text })
        });
        open.into_iter().chain(unopened)
    }

    /// The address of a file, and spans in its text as ranges.
    pub(super) fn ranges(&self, source: &Source, spans: &[Span]) -> Option<(Uri, Vec<Range>)> {
        let open = self.documents.iter().find(|open| open.subject.name == source.name);
        let uri = open.map(|open| open.uri.clone()).or_else(|| uri::of(Path::new(&source.name)))?;
        let index = Index::new(&source.text, self.client.encoding);
        Some((uri, spans.iter().map(|span| index.range(&source.text, *span)).collect()))
    }

    /// Edits of documents, in the newest form that the client reads: there each says which version it is of.
    pub(super) fn workspace_edit(&self, edits: Vec<(Uri, Vec<Value>)>) -> Value {
        if !self.client.document_changes {
            let changes = edits.into_iter().map(|(uri, edits)| (uri.as_str().to_owned(), Value::Array(edits)));
            return json!({ "changes": changes.collect::<Map<_, _>>() });
        }
        let changes = edits.into_iter().map(|(uri, edits)| {
            let version = self.documents.get(&uri).map(|open| open.version);
            json!({ "textDocument": { "uri": uri, "version": version }, "edits": edits })
        });
        json!({ "documentChanges": changes.collect::<Vec<_>>() })
    }

    /// Places as the protocol has them.
    pub(super) fn locations(&self, places: &[Places]) -> Vec<Location> {
        let of = |places: &Places| {
            let (uri, ranges) = self.ranges(&places.source, &places.spans)?;
            Some(ranges.into_iter().map(move |range| Location { uri: uri.clone(), range }))
        };
        places.iter().filter_map(of).flatten().collect()
    }
}

fn source(open: &Open) -> Source {
    Source { name: open.subject.name.clone(), text: open.text.clone() }
}
