//! Conditions against the input schemas of the tools that they are for.

use std::collections::BTreeMap;

use super::model::{Comparison, Condition, Literal, Op, Path, Rate};
use crate::{
    catalog::{JsonType, Param, Tool, Types},
    diagnostic::{Applicability, Diagnostic, codes},
    pattern::{self, guard},
    syntax::literal::{quote, write_path},
    text::{as_u32, list, nearest, quoted_list},
};

/// The part of a policy that a condition stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// `require`.
    Require,
    /// `deny if`.
    DenyIf,
    /// `ask if`.
    AskIf,
}

/// What typing has seen of patterns, so that each is read once.
#[derive(Default)]
pub(super) struct Typer {
    patterns: BTreeMap<Box<str>, Option<pattern::Problem>>,
    /// Whether the text is of another format, whose engine compares values of different types by what they print as
    /// and has judged the patterns.
    foreign: bool,
    pub(super) errors: Vec<Diagnostic>,
}

/// One way in which a test does not fit a tool.
enum Misfit<'t> {
    Unknown(&'t Tool),
    Type { found: Types, wanted: String, help: &'static str },
    Elements { found: Types, wanted: &'static str },
    Value { literal: String, known: Vec<String> },
}

impl Misfit<'_> {
    /// Whether an engine that compares what values print as may find them equal all the same.
    fn is_loose(&self, test: &Comparison) -> bool {
        let compares = matches!(
            test.op,
            Op::Equal(_) | Op::NotEqual(_) | Op::In(_) | Op::NotIn(_) | Op::Contains(_) | Op::NotContains(_)
        );
        compares && matches!(self, Misfit::Type { .. } | Misfit::Elements { .. })
    }
}

impl Typer {
    pub(super) fn new(foreign: bool) -> Self {
        Self { foreign, ..Self::default() }
    }

    /// Types a condition for each of the tools that it covers; tools that no catalog knows have no schema.
    pub(super) fn condition<'t>(
        &mut self,
        condition: &Condition,
        role: Role,
        tools: impl Iterator<Item = &'t Tool> + Clone,
    ) {
        match condition {
            Condition::Test(test) => self.test(test, role, tools),
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.condition(part, role, tools.clone());
                }
            }
        }
    }

    fn test<'t>(&mut self, test: &Comparison, role: Role, tools: impl Iterator<Item = &'t Tool> + Clone) {
        if !self.foreign {
            self.operand(test);
        }
        if role != Role::Require {
            self.guard_outside_require(test, role);
        }
        let mut covered = 0;
        let mut misfits: Vec<(&Tool, Misfit<'t>)> = Vec::new();
        for tool in tools {
            covered += 1;
            if let Some(misfit) = misfit(test, tool).filter(|misfit| !self.foreign || !misfit.is_loose(test)) {
                misfits.push((tool, misfit));
            }
        }
        let Some((_, first)) = misfits.first() else { return };
        let names: Vec<&str> = misfits.iter().map(|(tool, _)| tool.name.as_str()).collect();
        // with one tool the statement names it already
        let of =
            if covered == 1 { format!("of `{}`", names.join("")) } else { format!("of {}", quoted_list(&names, 3)) };
        self.errors.push(say(test, first, &of, names.len() < covered));
    }

    /// A limit that counts an argument: the argument must be there to be counted.
    pub(super) fn rate<'t>(&mut self, rate: &Rate, tools: impl Iterator<Item = &'t Tool>) {
        let Some(path) = rate.argument.as_ref().filter(|_| !self.foreign) else { return };
        for tool in tools {
            let Some(param) = path.segments.first().and_then(|name| tool.param(name)) else {
                self.errors.push(unknown_argument(path, tool, &format!("`{}`", tool.name), false));
                return;
            };
            let types = if path.segments.len() == 1 { param.types } else { Types::ANY };
            if !types.admits_type(JsonType::Integer) || types.admits_type(JsonType::Number) && !types.is_any() {
                self.errors.push(
                    Diagnostic::error(
                        &codes::INVALID_LIMIT,
                        path.span,
                        format!(
                            "`{}` of `{}` is {}, and only whole numbers are counted",
                            write_path(&path.segments),
                            tool.name,
                            with_article(types)
                        ),
                    )
                    .help("count calls (`limit to N per …`), or bound each call with `require … <= N`"),
                );
                return;
            }
        }
    }

    /// Patterns, directories and hosts, each read once.
    fn operand(&mut self, test: &Comparison) {
        let problem = match &test.op {
            Op::Matches(pattern) | Op::NotMatches(pattern) => {
                self.patterns.entry(pattern.clone()).or_insert_with(|| pattern::check(pattern).err()).clone()
            }
            Op::Under(dir) | Op::NotUnder(dir) => guard::under(dir).err(),
            Op::HostIn(hosts) | Op::HostNotIn(hosts) => {
                let hosts: Vec<&str> = hosts.iter().map(|host| &**host).collect();
                guard::host_in(&hosts).err().map(|(_, problem)| problem)
            }
            _ => None,
        };
        let Some(problem) = problem else { return };
        let mut span = test.operand;
        if let Op::Matches(pattern) | Op::NotMatches(pattern) = &test.op {
            // in `r"…"` the pattern's bytes are the file's; with escapes only the whole text is sure
            let raw = span.range().len() == pattern.len() + 3;
            if raw {
                span.start += 2 + as_u32(problem.range.start);
                span.end = span.start + as_u32(problem.range.len());
            }
        }
        self.errors.push(Diagnostic::error(&codes::INVALID_PATTERN, span, problem.message).help(problem.help));
    }

    fn guard_outside_require(&mut self, test: &Comparison, role: Role) {
        let (name, instead) = match &test.op {
            Op::Under(dir) => ("under", format!("not under {}", quote(dir))),
            Op::NotUnder(dir) => ("not under", format!("under {}", quote(dir))),
            Op::HostIn(hosts) => ("host in", format!("host not in {}", host_list(hosts))),
            Op::HostNotIn(hosts) => ("host not in", format!("host in {}", host_list(hosts))),
            _ => return,
        };
        let clause = if role == Role::DenyIf { "deny if" } else { "ask if" };
        self.errors.push(
            Diagnostic::error(
                &codes::GUARD_IN_DENY,
                test.span,
                format!("`{name}` is true only of values it can judge, so in `{clause}` an unreadable value would slip through"),
            )
            .help(format!("write `require {} {instead}`", write_path(&test.path.segments))),
        );
    }
}

fn host_list(hosts: &[Box<str>]) -> String {
    format!("[{}]", hosts.iter().map(|host| quote(host)).collect::<Vec<_>>().join(", "))
}

fn say(test: &Comparison, misfit: &Misfit<'_>, of: &str, only_some: bool) -> Diagnostic {
    let path = write_path(&test.path.segments);
    match misfit {
        Misfit::Unknown(tool) => unknown_argument(&test.path, tool, of.strip_prefix("of ").unwrap_or(of), only_some),
        Misfit::Type { found, wanted, help } => Diagnostic::error(
            &codes::TYPE_MISMATCH,
            test.span,
            format!("`{path}` {of} is {}, but the test wants {wanted}", with_article(*found)),
        )
        .help(*help),
        Misfit::Elements { found, wanted } => Diagnostic::error(
            &codes::TYPE_MISMATCH,
            test.span,
            format!("each element of `{path}` {of} is {}, but the test looks for {wanted}", with_article(*found)),
        )
        .help("`contains` compares with the elements of a list"),
        Misfit::Value { literal, known } => {
            let error = Diagnostic::error(
                &codes::VALUE_OUTSIDE_SCHEMA,
                test.operand,
                format!("`{path}` {of} is never {literal}"),
            );
            match nearest(literal, known.iter().map(String::as_str)) {
                Some(near) if matches!(test.op, Op::Equal(_) | Op::NotEqual(_)) => {
                    error.fix(Applicability::Unsafe, format!("did you mean {near}?"), test.operand, near)
                }
                Some(near) => error.help(format!("did you mean {near}?")),
                None => error.help(format!("it is {}", list(known, "or"))),
            }
        }
    }
}

fn unknown_argument(path: &Path, tool: &Tool, of: &str, only_some: bool) -> Diagnostic {
    let name = path.segments.first().map_or("", String::as_str);
    let error =
        Diagnostic::error(&codes::UNKNOWN_ARGUMENT, path.span, format!("there is no argument `{name}` in {of}"));
    if only_some {
        return error.help(format!(
            "write it for the tools that have it: `on TOOLS having {} {{ … }}`",
            write_path(&path.segments)
        ));
    }
    let known = || tool.params.iter().map(|param| param.name.as_str());
    match nearest(name, known()) {
        Some(near) => {
            let mut segments = path.segments.to_vec();
            if let Some(first) = segments.first_mut() {
                near.clone_into(first);
            }
            let written = write_path(&segments);
            error.fix(Applicability::Unsafe, format!("did you mean `{written}`?"), path.span, written)
        }
        None if tool.params.is_empty() => error.help("the tool takes no arguments"),
        None => error.help(format!("it has {}", quoted_list(&known().collect::<Vec<_>>(), 8))),
    }
}

fn misfit<'t>(test: &Comparison, tool: &'t Tool) -> Option<Misfit<'t>> {
    let param = match test.path.segments.first().and_then(|name| tool.param(name)) {
        Some(param) => param,
        None => return Some(Misfit::Unknown(tool)),
    };
    if test.path.segments.len() > 1 {
        return (!param.types.admits_type(JsonType::Object)).then(|| Misfit::Type {
            found: param.types,
            wanted: "an object to look into".to_owned(),
            help: "test the argument itself",
        });
    }
    unfit(&test.op, param)
}

/// Whether a test of a whole argument fits its schema.
pub fn test_fits(op: &Op, param: &Param) -> bool {
    unfit(op, param).is_none()
}

fn unfit<'t>(op: &Op, param: &Param) -> Option<Misfit<'t>> {
    match op {
        Op::Equal(value) | Op::NotEqual(value) => equality(value, param),
        Op::In(values) | Op::NotIn(values) => values.iter().find_map(|value| equality(value, param)),
        Op::Less(_) | Op::AtMost(_) | Op::Greater(_) | Op::AtLeast(_) => admits(
            param,
            &[JsonType::Integer, JsonType::Number],
            "a number",
            "numbers are compared with `<` and `>`; texts with `==`, `in` or `matches`",
        ),
        Op::Matches(_) | Op::NotMatches(_) => {
            admits(param, &[JsonType::String], "a text", "`matches` looks at texts only")
        }
        Op::Under(_) | Op::NotUnder(_) => {
            admits(param, &[JsonType::String], "a path as text", "`under` looks at texts only")
        }
        Op::HostIn(_) | Op::HostNotIn(_) => {
            admits(param, &[JsonType::String], "a URL as text", "`host in` looks at texts only")
        }
        Op::Contains(value) | Op::NotContains(value) => contains(value, param),
        Op::Exists | Op::Missing => None,
    }
}

fn admits<'t>(param: &Param, wanted: &[JsonType], words: &str, help: &'static str) -> Option<Misfit<'t>> {
    if wanted.iter().any(|kind| param.types.admits_type(*kind)) {
        return None;
    }
    let help = if param.types.admits_type(JsonType::Array) {
        "no target can look into a list; test it with `contains`, or deny or ask the tool"
    } else {
        help
    };
    Some(Misfit::Type { found: param.types, wanted: words.to_owned(), help })
}

fn equality<'t>(value: &Literal, param: &Param) -> Option<Misfit<'t>> {
    let (fits, words) = match value {
        Literal::Text(_) => (param.types.admits_type(JsonType::String), "a text"),
        Literal::Bool(_) => (param.types.admits_type(JsonType::Boolean), "true or false"),
        Literal::Number(n) if n.fract() == 0.0 => {
            (param.types.admits_type(JsonType::Integer) || param.types.admits_type(JsonType::Number), "a number")
        }
        Literal::Number(_) => (param.types.admits_type(JsonType::Number), "a number with a fraction"),
    };
    if !fits {
        let help = if param.types.admits_type(JsonType::Array) {
            "no target can look into a list; test it with `contains`, or deny or ask the tool"
        } else if matches!(value, Literal::Number(_)) && param.types.admits_type(JsonType::Integer) {
            "a whole number has no fraction; round the value"
        } else {
            "values of different types are never equal"
        };
        return Some(Misfit::Type { found: param.types, wanted: words.to_owned(), help });
    }
    let values = param.values.as_ref()?;
    if values.iter().any(|known| same(known, value)) {
        return None;
    }
    Some(Misfit::Value { literal: written(value), known: values.iter().map(ToString::to_string).collect() })
}

fn contains<'t>(value: &Literal, param: &Param) -> Option<Misfit<'t>> {
    let text = param.types.admits_type(JsonType::String);
    let array = param.types.admits_type(JsonType::Array);
    if !text && !array {
        return Some(Misfit::Type {
            found: param.types,
            wanted: "a text or a list".to_owned(),
            help: "`contains` finds a part of a text or an element of a list",
        });
    }
    if text && matches!(value, Literal::Text(_)) {
        return None;
    }
    let element = match value {
        Literal::Text(_) => JsonType::String,
        Literal::Number(_) => JsonType::Number,
        Literal::Bool(_) => JsonType::Boolean,
    };
    let integer = element == JsonType::Number && param.items.admits_type(JsonType::Integer);
    if array && (param.items.admits_type(element) || integer) {
        return None;
    }
    let wanted = match element {
        JsonType::String => "a text",
        JsonType::Boolean => "a truth value",
        _ => "a number",
    };
    if array {
        return Some(Misfit::Elements { found: param.items, wanted });
    }
    Some(Misfit::Type {
        found: param.types,
        wanted: format!("a list to find {wanted} in"),
        help: "in a text, `contains` finds a part of the text",
    })
}

fn same(known: &serde_json::Value, value: &Literal) -> bool {
    match value {
        Literal::Text(text) => known.as_str() == Some(text),
        Literal::Bool(b) => known.as_bool() == Some(*b),
        Literal::Number(n) => known.as_f64() == Some(*n),
    }
}

/// A literal as the language writes it.
pub(super) fn written(value: &Literal) -> String {
    match value {
        Literal::Text(text) => quote(text),
        Literal::Bool(b) => b.to_string(),
        Literal::Number(n) => n.to_string(),
    }
}

fn with_article(types: Types) -> String {
    let text = types.to_string();
    let article = if text.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    if text.starts_with("any") || text.starts_with("no ") { text } else { format!("{article} {text}") }
}
