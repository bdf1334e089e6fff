//! Random policies, as text: what is drawn here goes through the whole pipeline, from the grammar on.
//!
//! A policy is drawn without a look at the server, as choices by number; writing it down for a server turns each into
//! a name, an argument or a literal that fits. So most policies are sound, and failures shrink.

use std::collections::BTreeSet;

use mcppol::{
    catalog::{JsonType, Param, Server, Tool, Types},
    syntax::literal::{quote, write_name, write_path},
};
use proptest::{collection::vec, prelude::*};
use serde_json::Value;

use super::{
    traps::{DIRS, HOSTS, NUMBERS, PATTERNS, TEXTS, number},
    world::SERVER,
};

#[derive(Debug, Clone)]
pub(crate) struct PolicySpec {
    fallback: usize,
    known: bool,
    /// Whether every tool is granted, so that conditions and counters decide.
    open: bool,
    /// 0 leaves out what one target or the other refuses: conditions, other counters, other windows.
    breadth: usize,
    sets: Vec<ListSpec>,
    statements: Vec<Statement>,
    /// Another policy, to be included.
    floor: Vec<Statement>,
}

#[derive(Debug, Clone)]
struct Statement {
    verb: usize,
    tools: ListSpec,
    clauses: Vec<Clause>,
    because: bool,
}

/// Kinds of naming with the choice in each, and what is taken away.
#[derive(Debug, Clone)]
struct ListSpec {
    take: Vec<(usize, usize)>,
    except: Vec<(usize, usize)>,
}

#[derive(Debug, Clone)]
struct Clause {
    kind: usize,
    condition: ConditionSpec,
    rate: (usize, usize, usize),
    because: bool,
}

#[derive(Debug, Clone)]
struct ConditionSpec {
    tests: Vec<TestSpec>,
    form: usize,
    /// 1: all tests are `==` and `in` on one argument. 2: all tests have an opposite that a target can write.
    kin: usize,
}

#[derive(Debug, Clone)]
struct TestSpec {
    param: usize,
    op: usize,
    literals: Vec<usize>,
    nested: usize,
}

pub(crate) fn policy() -> impl Strategy<Value = PolicySpec> {
    let fallback = prop_oneof![3 => Just(0), 2 => Just(1), 1 => Just(2)];
    let breadth = prop_oneof![6 => Just(0), 9 => Just(1), 4 => Just(2)];
    let floor = prop_oneof![4 => Just(Vec::new()).boxed(), 1 => vec(statement(), 1..3).boxed()];
    let (known, open) = (prop::bool::weighted(0.9), prop::bool::weighted(0.6));
    (fallback, known, open, breadth, vec(list(), 0..2), vec(statement(), 1..5), floor).prop_map(
        |(fallback, known, open, breadth, sets, statements, floor)| PolicySpec {
            fallback,
            known,
            open,
            breadth,
            sets,
            statements,
            floor,
        },
    )
}

fn list() -> impl Strategy<Value = ListSpec> {
    let one = || (0..14_usize, 0..64_usize);
    (vec(one(), 1..3), prop_oneof![4 => Just(Vec::new()).boxed(), 1 => vec(one(), 1..3).boxed()])
        .prop_map(|(take, except)| ListSpec { take, except })
}

fn statement() -> impl Strategy<Value = Statement> {
    (0..24_usize, list(), vec(clause(), 1..4), any::<bool>()).prop_map(|(verb, tools, clauses, because)| Statement {
        verb,
        tools,
        clauses,
        because,
    })
}

fn clause() -> impl Strategy<Value = Clause> {
    let rate = (0..64_usize, 0..64_usize, 0..64_usize);
    (0..12_usize, condition(), rate, any::<bool>()).prop_map(|(kind, condition, rate, because)| Clause {
        kind,
        condition,
        rate,
        because,
    })
}

fn condition() -> impl Strategy<Value = ConditionSpec> {
    let test = (0..64_usize, 0..720_720_usize, vec(0..2048_usize, 1..4), 0..8_usize)
        .prop_map(|(param, op, literals, nested)| TestSpec { param, op, literals, nested });
    let tests = prop_oneof![5 => vec(test.clone(), 1..2), 2 => vec(test, 2..5)];
    (tests, 0..6_usize, 0..4_usize).prop_map(|(tests, form, kin)| ConditionSpec { tests, form, kin })
}

/// Where a condition stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Require,
    Other,
}

struct Writer<'a> {
    server: Option<&'a Server>,
    sets: Vec<BTreeSet<String>>,
    breadth: usize,
    reasons: usize,
    out: String,
    covers: Vec<(usize, BTreeSet<String>)>,
}

/// A policy as a file, and for each statement's place the tools that its list of tools is to cover, found without the
/// compiler: what becomes of a list is the same for a policy's meaning and for its documents, so the laws alone would
/// not see a mistake there.
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) covers: Vec<(usize, BTreeSet<String>)>,
}

pub(crate) fn write(spec: &PolicySpec, server: &Server) -> Written {
    let mut writer = Writer {
        server: Some(server).filter(|_| spec.known),
        sets: Vec::new(),
        breadth: spec.breadth,
        reasons: 0,
        out: String::new(),
        covers: Vec::new(),
    };
    for (nth, set) in spec.sets.iter().enumerate() {
        let (tools, covered) = writer.list(set);
        writer.out.push_str(&format!("set own{nth} = {tools}\n"));
        writer.sets.push(covered);
    }
    let name = if spec.known { SERVER } else { "nobody-knows" };
    if !spec.floor.is_empty() {
        writer.out.push_str(&format!("policy floor for {name} {{\n  default deny\n"));
        spec.floor.iter().for_each(|statement| writer.statement(statement));
        writer.out.push_str("}\n");
    }
    writer.out.push_str(&format!("policy main for {name} {{\n"));
    // `default hide` needs a catalog
    let fallback = ["deny", "allow", if spec.known { "hide" } else { "deny" }][spec.fallback];
    writer.out.push_str(&format!("  default {fallback}\n"));
    if spec.open {
        writer.out.push_str(if spec.known { "  allow *\n" } else { "  allow extra, get_user, a-b, x.y\n" });
    }
    spec.statements.iter().for_each(|statement| writer.statement(statement));
    if !spec.floor.is_empty() {
        writer.out.push_str("  include floor\n");
    }
    writer.out.push_str("}\n");
    Written { text: writer.out, covers: writer.covers }
}

impl Writer<'_> {
    fn tool(&self, which: usize) -> &str {
        match self.server {
            Some(server) => &server.tools[which % server.tools.len()].name,
            None => ["extra", "get_user", "a-b", "x.y"][which % 4],
        }
    }

    /// A list of tools as it is written, and the tools.
    fn list(&self, list: &ListSpec) -> (String, BTreeSet<String>) {
        let all = |items: &[(usize, usize)]| {
            let items: Vec<(String, Vec<&str>)> = items.iter().map(|item| self.item(*item)).collect();
            let tools: BTreeSet<String> = items.iter().flat_map(|item| &item.1).map(ToString::to_string).collect();
            (items.into_iter().map(|item| item.0).collect::<Vec<_>>().join(", "), tools)
        };
        let (text, tools) = all(&list.take);
        if list.except.is_empty() {
            return (text, tools);
        }
        let (gone, without) = all(&list.except);
        (format!("{text} except {gone}"), &tools - &without)
    }

    fn item(&self, (kind, which): (usize, usize)) -> (String, Vec<&str>) {
        let name = self.tool(which);
        let Some(server) = self.server else { return (write_name(name), vec![name]) };
        let tool = &server.tools[which % server.tools.len()];
        let of = |holds: &dyn Fn(&Tool) -> bool| {
            server.tools.iter().filter(|tool| holds(tool)).map(|tool| tool.name.as_str()).collect()
        };
        match kind {
            5..=6 => ("*".to_owned(), of(&|_| true)),
            7..=8 => {
                let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let start: Vec<char> = name.chars().take(1 + which % 4).collect();
                // a `?` for what a bare pattern cannot hold
                let fits = |part: &[char]| {
                    part.len() == start.len() && start.iter().zip(part).all(|(want, c)| !plain(*want) || want == c)
                };
                let text: String = start.iter().map(|c| if plain(*c) { *c } else { '?' }).collect();
                let chars = |tool: &Tool| tool.name.chars().collect::<Vec<char>>();
                if which.is_multiple_of(3) {
                    let inside = |tool: &Tool| chars(tool).windows(start.len()).any(fits);
                    (format!("*{text}*"), of(&inside))
                } else {
                    (format!("{text}*"), of(&|tool| chars(tool).get(..start.len()).is_some_and(fits)))
                }
            }
            9 => (format!("@{}", tool.category), of(&|other| other.category == tool.category)),
            10 => (format!("@{}", tool.risk.name()), of(&|other| other.risk == tool.risk)),
            11..=12 if !self.sets.is_empty() => {
                let nth = which % self.sets.len();
                (format!("@own{nth}"), self.sets[nth].iter().map(String::as_str).collect())
            }
            13 if which.is_multiple_of(4) => {
                let name = ["later", "later.v2", "main"][which % 3];
                (write_name(name), vec![name])
            }
            _ => (write_name(name), vec![name]),
        }
    }

    fn because(&mut self, because: bool) -> String {
        if !because {
            return String::new();
        }
        self.reasons += 1;
        format!(" because \"reason {}\"", self.reasons)
    }

    fn statement(&mut self, statement: &Statement) {
        let (tools, mut covered) = self.list(&statement.tools);
        let clause = &statement.clauses[0];
        let anchor = statement.tools.take[0].1;
        let name = write_name(self.tool(anchor));
        let alone = BTreeSet::from([self.tool(anchor).to_owned()]);
        let text = match (statement.verb, self.breadth) {
            (0..=4, _) => {
                let block = self.block(&statement.clauses, anchor);
                // a block's conditions are for the arguments of one tool
                let tools = if block.is_empty() { tools } else { name };
                covered = if block.is_empty() { covered } else { alone };
                let until = if statement.because { " until 2099-12-31" } else { "" };
                format!("allow {tools}{until}{}{block}", self.because(statement.because))
            }
            (5..=6, _) => format!("allow {tools}"),
            (7, _) => format!("ask {tools}{}", self.because(statement.because)),
            (8, _) => format!("deny {tools}{}", self.because(statement.because)),
            (9, _) => format!("hide {tools}{}", self.because(statement.because)),
            (10, _) => format!("limit {tools} {}{}", self.calls(clause.rate), self.because(statement.because)),
            (11, 1..) => {
                covered.clear();
                format!("limit all {}{}", self.calls(clause.rate), self.because(statement.because))
            }
            (12..=14, 1..) => {
                let Some(condition) = self.condition(&clause.condition, anchor, Role::Other) else { return };
                covered = alone;
                let verb = if statement.verb == 14 { "ask" } else { "deny" };
                format!("{verb} {name} if {condition}{}", self.because(statement.because))
            }
            (15..=16, 1..) => {
                let Some(param) = self.param(clause.condition.tests[0].param, anchor) else { return };
                covered.retain(|tool| {
                    self.server.is_some_and(|s| s.tool(tool).is_some_and(|t| t.param(&param.name).is_some()))
                });
                let path = write_path(&[param.name]);
                let Some(condition) = self.condition(&clause.condition, anchor, Role::Require) else { return };
                format!("on {tools} having {path} {{ require {condition}{} }}", self.because(clause.because))
            }
            _ => {
                let block = self.block(&statement.clauses, anchor);
                if block.is_empty() {
                    return;
                }
                covered = alone;
                format!("on {name}{block}")
            }
        };
        self.covers.push((self.out.len() + 2, covered));
        self.out.push_str(&format!("  {text}\n"));
    }

    fn block(&mut self, clauses: &[Clause], anchor: usize) -> String {
        let mut out = String::new();
        for clause in clauses {
            let text = match (clause.kind, self.breadth) {
                (0..=3, 1..) => {
                    self.condition(&clause.condition, anchor, Role::Require).map(|text| format!("require {text}"))
                }
                (4..=6, 1..) => {
                    self.condition(&clause.condition, anchor, Role::Other).map(|text| format!("deny if {text}"))
                }
                (7..=8, 1..) => {
                    self.condition(&clause.condition, anchor, Role::Other).map(|text| format!("ask if {text}"))
                }
                (9, _) => Some(format!("limit {}", self.calls(clause.rate))),
                (10..=11, 1..) => self.total(clause.rate, anchor),
                _ => None,
            };
            if let Some(text) = text {
                let because = self.because(clause.because);
                out.push_str(&format!(" {text}{because}"));
            }
        }
        if out.is_empty() { out } else { format!(" {{{out} }}") }
    }

    fn calls(&self, (max, window, _): (usize, usize, usize)) -> String {
        let max = ["1", "2", "3", "30", "5", "9_007_199_254_740_992"][max % 6];
        let windows: &[&str] = match self.breadth {
            0 => &["minute"],
            1 => &["minute", "hour", "day", "60 seconds"],
            _ => &["minute", "hour", "day", "second", "90 seconds", "24 hours", "2 days", "9007199254740992 seconds"],
        };
        format!("to {max} per {}", windows[window % windows.len()])
    }

    fn total(&self, (max, window, param): (usize, usize, usize), anchor: usize) -> Option<String> {
        let counted =
            |param: &Param| !param.types.contains(JsonType::Number) && param.types.admits_type(JsonType::Integer);
        let params: Vec<Param> = self.params(anchor).into_iter().filter(counted).collect();
        let path = write_path(&[params.get(param % params.len().max(1))?.name.clone()]);
        let window = ["minute", "hour", "day", "minute", "hour", "90 seconds"][window % 6];
        let limit = |max: usize| {
            let max = ["5", "1", "2", "100", "1000", "1001"][max % 6];
            format!("limit total {path} to {max} per {window}")
        };
        // sometimes twice: the smaller binds
        Some(if max % 4 == 3 { format!("{} {}", limit(max), limit(max / 6)) } else { limit(max) })
    }

    /// The arguments of a tool; of one that nobody knows, anything.
    fn params(&self, anchor: usize) -> Vec<Param> {
        match self.server {
            Some(server) => server.tools[anchor % server.tools.len()].params.clone(),
            None => ["x", "odd key"]
                .map(|name| Param {
                    name: name.to_owned(),
                    types: Types::ANY,
                    required: false,
                    conditional: None,
                    values: None,
                    items: Types::ANY,
                })
                .to_vec(),
        }
    }

    fn param(&self, which: usize, anchor: usize) -> Option<Param> {
        let params = self.params(anchor);
        params.get(which % params.len().max(1)).cloned()
    }

    fn condition(&self, spec: &ConditionSpec, anchor: usize, role: Role) -> Option<String> {
        let mut tests = Vec::new();
        for test in &spec.tests {
            let kin = if spec.tests.len() > 1 { spec.kin } else { 0 };
            let param = self.param(if kin == 1 { spec.tests[0].param } else { test.param }, anchor)?;
            tests.push(self::test(test, &param, role, kin)?);
        }
        let (first, rest) = tests.split_first()?;
        if rest.is_empty() {
            return Some(first.clone());
        }
        let group = |word: &str, tests: &[String]| match tests {
            [one] => one.clone(),
            many => format!("({})", many.join(word)),
        };
        Some(match spec.form {
            0 => tests.join(" and "),
            1 => tests.join(" or "),
            2 => format!("{first} and {}", group(" or ", rest)),
            3 => format!("{first} or {}", group(" and ", rest)),
            4 => {
                let mut out = first.clone();
                for (nth, test) in rest.iter().enumerate() {
                    out.push_str(if nth.is_multiple_of(2) { " or " } else { " and " });
                    out.push_str(test);
                }
                out
            }
            _ => {
                let (left, right) = tests.split_at(tests.len() / 2);
                format!("{} and {}", group(" or ", left), group(" or ", right))
            }
        })
    }
}

/// The kinds of literal that a value of these types can be equal to.
const KINDS: [JsonType; 3] = [JsonType::String, JsonType::Integer, JsonType::Boolean];

/// The first few as often as all others: each is a trap of its own.
fn text(which: usize) -> &'static str {
    if which.is_multiple_of(2) { TEXTS[which / 2 % 8] } else { TEXTS[which / 2 % TEXTS.len()] }
}

fn literal(types: Types, values: Option<&[Value]>, which: usize) -> Option<String> {
    if let Some(values) = values {
        let values: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
        return Some(values.get(which % values.len().max(1))?.to_string());
    }
    let kinds: Vec<JsonType> = KINDS.into_iter().filter(|kind| types.admits_type(*kind)).collect();
    let kind = kinds.get(which % kinds.len().max(1))?;
    let which = which / kinds.len();
    Some(match kind {
        JsonType::String => quote(text(which)),
        JsonType::Boolean => (which.is_multiple_of(2)).to_string(),
        _ => {
            let fits = |literal: &&&str| types.contains(JsonType::Number) || number(literal).fract() == 0.0;
            let numbers: Vec<&&str> = NUMBERS.iter().filter(fits).collect();
            numbers[which % numbers.len()].to_string()
        }
    })
}

fn test(spec: &TestSpec, param: &Param, role: Role, kin: usize) -> Option<String> {
    let mut path = vec![param.name.clone()];
    let (mut types, mut values, mut items) = (param.types, param.values.as_deref(), param.items);
    if types.admits_type(JsonType::Object) && (!types.is_any() || spec.nested > 5) {
        let inner: [&[&str]; 6] = [&["level"], &["deep", "x"], &["odd key"], &["level"], &["deep"], &["a.b"]];
        path.extend(inner[spec.nested % 6].iter().map(ToString::to_string));
        (types, values, items) = (Types::ANY, None, Types::ANY);
    }
    let (text, list) = (types.admits_type(JsonType::String), types.admits_type(JsonType::Array));
    let counts = types.admits_type(JsonType::Integer);
    let mut ops: Vec<&str> = Vec::new();
    if text || counts || types.admits_type(JsonType::Boolean) {
        ops.extend(["==", "in"]);
    }
    if kin != 1 || ops.is_empty() {
        ops.extend(["exists", "missing"]);
    }
    if !matches!(kin, 1 | 2) {
        if !ops.is_empty() && ops[0] == "==" {
            ops.extend(["!=", "not in"]);
        }
        if counts {
            ops.extend(["<", "<=", ">", ">="]);
        }
        if text {
            ops.extend(["matches", "not matches"]);
        }
        if text || list {
            ops.extend(["contains", "not contains"]);
        }
        if text && role == Role::Require {
            ops.extend(["under", "not under", "host in", "host not in"]);
        }
    }
    let op = ops[spec.op % ops.len()];
    let which = spec.literals[0];
    let operand = match op {
        "exists" | "missing" => String::new(),
        "==" | "!=" => literal(types, values, which)?,
        "in" | "not in" => {
            let all: Option<Vec<String>> = spec.literals.iter().map(|which| literal(types, values, *which)).collect();
            format!("[{}]", all?.join(", "))
        }
        "<" | "<=" | ">" | ">=" => NUMBERS[which % NUMBERS.len()].to_owned(),
        "matches" | "not matches" => format!("r\"{}\"", PATTERNS[which % PATTERNS.len()]),
        "under" | "not under" => quote(DIRS[which % DIRS.len()]),
        "host in" | "host not in" => {
            let hosts: Vec<String> = spec.literals.iter().map(|which| quote(HOSTS[which % HOSTS.len()])).collect();
            format!("[{}]", hosts.join(", "))
        }
        _ if text && (!list || which.is_multiple_of(2)) => quote(self::text(which / 2)),
        _ => literal(items, None, which / 2)?,
    };
    Some(format!("{} {op} {operand}", write_path(&path)).trim_end().to_owned())
}
