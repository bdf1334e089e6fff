//! What the editor's settings say, in their section `mcppol`. What a project says in `mcppol.toml` counts as for `check`;
//! these are what the command line's options are there.

use serde_json::{Map, Value};

use crate::{
    lint::Persona,
    target::{self, Target},
    text::{list, nearest, quoted_list},
};

/// The name of the section.
pub(super) const SECTION: &str = "mcppol";

/// Those that the editor keeps for itself.
const OF_EDITORS: [&str; 3] = ["enable", "server", "trace"];
/// Ours.
const NAMES: [&str; 2] = ["persona", "target"];

/// What was chosen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choices {
    /// What policies are compiled to.
    pub(super) target: &'static Target,
    /// For whom the findings are, where not for those whom the project names.
    pub(super) persona: Option<Persona>,
}

impl Default for Choices {
    fn default() -> Self {
        Self { target: target::DEFAULT, persona: None }
    }
}

/// The choices in a section, and what is wrong with it: what is wrong counts as not said.
pub(super) fn read(section: &Value) -> (Choices, Vec<String>) {
    let (mut out, mut wrong) = (Choices::default(), Vec::new());
    let none = Map::new();
    let members = match section {
        Value::Null => &none,
        Value::Object(members) => members,
        _ => {
            wrong.push(format!("the settings `{SECTION}` are no object"));
            &none
        }
    };
    for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        let word = value.as_str().unwrap_or_default();
        match name.as_str() {
            "target" => match target::named(word) {
                Some(target) => out.target = target,
                None => {
                    wrong.push(unknown(name, value, &target::ALL.iter().map(|target| target.name).collect::<Vec<_>>()))
                }
            },
            "persona" => match Persona::ALL.into_iter().find(|persona| persona.name() == word) {
                Some(persona) => out.persona = Some(persona),
                None => wrong.push(unknown(name, value, &Persona::ALL.map(Persona::name))),
            },
            name if OF_EDITORS.contains(&name) => {}
            name => wrong.push(match nearest(name, NAMES) {
                Some(near) => format!("there is no setting `{SECTION}.{name}`: did you mean `{SECTION}.{near}`?"),
                None => format!("there is no setting `{SECTION}.{name}`: there are {}", quoted_list(&NAMES, 9)),
            }),
        }
    }
    (out, wrong)
}

fn unknown(name: &str, value: &Value, words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    format!("the setting `{SECTION}.{name}` is {value}, and can be {}", list(&words, "or"))
}
