//! The JSON Schemas: sound themselves, and true of what is shipped and printed.

use std::fs;

use serde_json::Value;

use crate::examples::{files_below, root};

fn json(path: &str) -> Value {
    let text = fs::read_to_string(root().join(path)).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What a schema has against a value.
fn problems(schema: &str, value: &Value) -> Vec<String> {
    let schema = json(&format!("schemas/{schema}.schema.json"));
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

pub(crate) fn assert_valid(schema: &str, value: &Value, what: &str) {
    let problems = problems(schema, value);
    assert!(problems.is_empty(), "{what} against {schema}: {problems:#?}");
}

/// Every object schema within a schema.
fn objects<'v>(value: &'v Value, out: &mut Vec<&'v Value>) {
    match value {
        Value::Object(members) => {
            if members.get("type").is_some_and(|kind| kind == "object") {
                out.push(value);
            }
            members.values().for_each(|value| objects(value, out));
        }
        Value::Array(items) => items.iter().for_each(|item| objects(item, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn schemas_are_sound_and_strict() {
    let files = files_below("schemas", ".json");
    assert_eq!(files.len(), 16, "{files:?}");
    for file in files {
        let schema = json(&file);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{file}");
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{file}");
        assert!(jsonschema::meta::is_valid(&schema), "{file}");
        let mut all = Vec::new();
        objects(&schema, &mut all);
        assert!(!all.is_empty(), "{file}");
        for object in all {
            assert!(object.get("additionalProperties").is_some(), "{file}: {object} is open");
        }
    }
}

#[test]
fn catalogs_are_of_their_schema() {
    let files = files_below("catalogs", ".json");
    assert!(files.len() >= 69, "{files:?}");
    for file in files {
        assert_valid("catalog", &json(&file), &file);
    }
}

/// A lock is a list of catalogs; a schema has to hold all that it says.
#[test]
fn the_lock_schema_repeats_that_of_catalogs() {
    let (lock, catalog) = (json("schemas/lock.schema.json"), json("schemas/catalog.schema.json"));
    for (name, part) in catalog["$defs"].as_object().unwrap() {
        assert_eq!(lock["$defs"][name], *part, "{name}");
    }
    for member in ["required", "properties", "additionalProperties"] {
        assert_eq!(lock["$defs"]["server"][member], catalog[member], "{member}");
    }
}

#[test]
fn compiled_examples_are_of_their_schemas() {
    let files = files_below("examples", ".json");
    assert!(files.len() > 20, "{files:?}");
    for file in files {
        let target = file.strip_suffix(".json").unwrap().rsplit('.').next().unwrap();
        assert_valid(target, &json(&file), &file);
    }
}

/// The schemas tell the forms apart, and refuse what is nearly right.
#[test]
fn schemas_refuse_what_is_nearly_right() {
    let text = fs::read_to_string(root().join("examples/trakt/assistant.policylayer.json")).unwrap();
    for (from, to) in [
        ("\"version\": \"1\"", "\"version\": 1"),
        ("\"default\": \"deny\"", "\"default\": \"hide\""),
        ("\"minute\"", "\"second\""),
        ("\"max\": 30", "\"max\": 0"),
        ("\"args.history_type\"", "\"history_type\""),
        ("\"op\": \"in\"", "\"op\": \"among\""),
        ("\"hide\"", "\"hidden\""),
    ] {
        assert!(text.contains(from), "{from}");
        let value = serde_json::from_str(&text.replacen(from, to, 1)).unwrap();
        assert!(!problems("policylayer", &value).is_empty(), "{to} is accepted");
    }
    let questions = "examples/questions/ten_a_minute";
    assert!(!problems("policylayer", &json(&format!("{questions}.rules.json"))).is_empty());
    assert!(!problems("rules", &json(&format!("{questions}.policylayer.json"))).is_empty());
    assert!(!problems("intercept", &json(&format!("{questions}.rules.json"))).is_empty());
}

#[cfg(feature = "cli")]
mod printed {
    use super::{Value, assert_valid, files_below, root};
    use crate::cli::Folder;

    fn output(line: &str) -> Value {
        let folder = Folder::new(&[]);
        let output = folder.command(line).current_dir(root()).output().unwrap();
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{line}: {error}: {}", String::from_utf8_lossy(&output.stderr)))
    }

    #[test]
    fn findings_are_of_their_schema() {
        for file in files_below("examples", ".mcp") {
            for target in mcppol::target::ALL {
                let line = format!("check --format json --target {} {file}", target.name);
                assert_valid("check", &output(&line), &line);
            }
        }
    }

    #[test]
    fn findings_in_broken_texts_are_of_their_schema() {
        let folder = Folder::new(&[]);
        for text in
            ["", "policy", "policy p for trakt {\r\n alow é", "\u{feff}// mcppol:", "import \"\"", "set a = \"\""]
        {
            let output = folder.output("check --format json -", text.as_bytes());
            assert_valid("check", &serde_json::from_slice(&output.stdout).unwrap(), text);
        }
    }

    #[test]
    fn rules_and_baselines_are_of_their_schemas() {
        assert_valid("rule-list", &output("rules --format json"), "rules");
        let text =
            "policy p for trakt {\n  default deny\n  allow @read, nothing // mcppol: ignore[dead-pattern] -- x\n}\n";
        let folder = Folder::new(&[("p.mcp", text)]);
        assert_eq!(folder.exit("check --write-baseline=b.json p.mcp"), 0);
        let baseline: Value = serde_json::from_str(&folder.read("b.json")).unwrap();
        assert_eq!(baseline["findings"].as_array().map(Vec::len), Some(2));
        assert_valid("baseline", &baseline, "b.json");
        std::fs::write(folder.path("p.mcp"), text.replace(", nothing", "")).unwrap();
        let output = folder.output("check --format json --baseline b.json p.mcp", b"");
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(found["baseline"]["stale"].as_array().map(Vec::len), Some(1), "{found:#}");
        assert_valid("check", &found, "with a baseline");
    }

    #[test]
    fn pages_are_of_their_schemas() {
        let catalogs = mcppol::catalog::Catalogs::embedded();
        for id in catalogs.ids() {
            let line = format!("catalog show --format json {id}");
            assert_valid("catalog-show", &output(&line), &line);
            for tool in catalogs.find(&id).unwrap().tools.iter().step_by(50) {
                let line = format!("catalog show --format json {id} '{}'", tool.name);
                assert_valid("catalog-show", &output(&line), &line);
            }
        }
        for (schema, line) in [
            ("catalog-show", "catalog show --format json clear_auth"),
            ("catalog-list", "catalog list --format json"),
            ("catalog-search", "catalog search --format json auth"),
            ("catalog-search", "catalog search --format json --risk critical --limit 1"),
        ] {
            assert_valid(schema, &output(line), line);
        }
        assert!(!super::problems("catalog-show", &output("catalog list --format json")).is_empty());
    }

    #[test]
    fn classes_are_of_their_schema() {
        let folder = Folder::new(&[]);
        let listing =
            r#"[{"name": "clear_all"}, {"name": "call_tool", "inputSchema": {"properties": {"command": {}}}}]"#;
        let output = folder.output("catalog classify --format json -", listing.as_bytes());
        let classes: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(classes.as_array().map(Vec::len), Some(2));
        assert_valid("catalog-classify", &classes, listing);
    }

    #[test]
    fn decisions_are_of_their_schema() {
        for tool in ["fetch_history", "add_to_history", "clear_auth", "remove_from_history", "teleport", "\u{1}"] {
            let line = format!("eval --format json examples/trakt/assistant.mcp --tool {tool}");
            assert_valid("eval", &output(&line), &line);
        }
    }

    #[test]
    fn decisions_by_documents_and_of_records_are_of_their_schemas() {
        let folder = Folder::new(&[]);
        let lines = "{\"tool\":\"clear_auth\",\"result\":\"denied\"}\n{\"tool\":\"search_movies\"}\n\n{\"tool\":\"add_to_history\",\"args_hash\":\"x\"}\nnoise\n";
        for ending in ["mcp", "policylayer.json", "intercept.json"] {
            let file = format!("examples/trakt/assistant.{ending}");
            for tool in ["clear_auth", "add_to_history", "search_movies"] {
                let line = format!("eval --format json {file} --tool {tool}");
                assert_valid("eval", &output(&line), &line);
            }
            let line = format!("eval --format json {} --calls -", root().join(&file).display());
            let output = folder.output(&line, lines.as_bytes());
            let printed = String::from_utf8(output.stdout).unwrap();
            assert_eq!(printed.lines().count(), 4, "{printed}");
            for line in printed.lines() {
                assert_valid("eval-calls", &serde_json::from_str(line).unwrap(), line);
            }
        }
    }

    #[test]
    fn locks_and_drift_are_of_their_schemas() {
        let folder = Folder::new(&[]);
        assert_eq!(folder.exit("lock --server trakt --server plex --lock a.lock"), 0);
        assert_eq!(folder.exit("lock --server trakt --server llm-cli-gateway --lock b.lock"), 0);
        for name in ["a.lock", "b.lock"] {
            assert_valid("lock", &serde_json::from_str(&folder.read(name)).unwrap(), name);
        }
        for line in ["drift --lock a.lock", "catalog diff a.lock b.lock", "catalog diff plex trakt"] {
            let output = folder.output(&format!("{line} --format json"), b"");
            assert_valid("drift", &serde_json::from_slice(&output.stdout).unwrap(), line);
        }
    }
}
