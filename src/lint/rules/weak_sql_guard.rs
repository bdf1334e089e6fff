use crate::{
    catalog::Category,
    diagnostic::{Class, Code, Level},
    hir::{
        checked::{Rule as PolicyRule, ToolId},
        model::Op,
    },
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, capability::sql_param, condition, exact,
    },
    syntax::literal::{write_name, write_path},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "weak-sql-guard",
        class: Class::Lint,
        summary: "a pattern on SQL refuses a statement and lets the same one through in another spelling",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("weak_sql_guard.md"),
    check: Check::Policy(check),
};

/// Statements that write, and whether they can stand within a `WITH`.
const WRITES: [(&str, bool); 6] = [
    ("DROP TABLE users", false),
    ("DELETE FROM users", true),
    ("UPDATE users SET role = 'admin'", true),
    ("INSERT INTO users VALUES (1)", true),
    ("TRUNCATE TABLE users", false),
    ("ALTER TABLE users ADD x int", false),
];

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let guarded = policy.callable().filter(|id| policy.has_conditions(*id));
    for id in guarded {
        let Some(tool) = policy.entry(id).filter(|tool| tool.category != Category::Read) else { continue };
        let Some(param) = sql_param(tool) else { continue };
        let Some(rule) = policy.rules_of(id).find(|rule| is_pattern(rule, &param.name)) else { continue };
        let Some((plain, call)) = slips_through(policy, id, &param.name) else { continue };
        let message = format!("this refuses `{plain}` and lets it through in another spelling, so it is no guard");
        let path = write_path(std::slice::from_ref(&param.name));
        findings.add(
            findings
                .finding(Level::Error, rule.span, message)
                .proof(format!("{call} is allowed"))
                .help(policy.advise(Advice::Say("a pattern does not read SQL: block the tool, list the statements that may run, or give the server a login that can only read"), || format!(
                    "a pattern does not read SQL: have a person approve each statement with `ask {}`, list the statements with \
                     `require {path} in [\"SELECT …\"]`, or give the server a login that can only read",
                    write_name(&tool.name)
                ))),
        );
    }
}

/// Whether a rule judges the argument by a pattern or a part of it.
fn is_pattern(rule: &PolicyRule, argument: &str) -> bool {
    rule.condition().is_some_and(|condition| {
        condition::any(condition, &mut |test| {
            let here = test.path.segments.first().is_some_and(|name| name == argument);
            here && matches!(test.op, Op::Matches(_) | Op::NotMatches(_) | Op::Contains(_) | Op::NotContains(_))
        })
    })
}

/// A statement that the conditions refuse as people write it, and the same one as they let it through.
fn slips_through(policy: &Subject<'_>, id: ToolId, argument: &str) -> Option<(&'static str, String)> {
    let passes = |text: &str| exact::passing_text(policy, id, argument, text);
    WRITES.into_iter().filter(|(plain, _)| passes(plain).is_none()).find_map(|(plain, nests)| {
        let arguments = disguises(plain, nests).iter().find_map(|text| passes(text))?;
        Some((plain, policy.call(id, &arguments)))
    })
}

fn disguises(plain: &str, nests: bool) -> Vec<String> {
    let lower = plain.to_lowercase();
    let mixed: String =
        plain.chars().enumerate().map(|(at, c)| if at % 2 == 0 { c.to_ascii_lowercase() } else { c }).collect();
    let mut out = vec![
        format!("SELECT 1; {plain}"),
        format!("select 1; {lower}"),
        format!("SELECT * FROM users; {plain}"),
        format!("select * from users; {lower}"),
        format!("SELECT 1;\n{plain}"),
        format!("SELECT 1; {mixed}"),
    ];
    if nests {
        out.push(format!("WITH gone AS ({plain} RETURNING *) SELECT * FROM gone"));
        out.push(format!("with gone as ({lower} returning *) select * from gone"));
        out.push(format!("EXPLAIN ANALYZE {plain}"));
    }
    let spaced = [format!("/**/{plain}"), plain.replace(' ', "\t"), plain.replacen(' ', "/**/", 1)];
    out.extend([lower, mixed].into_iter().chain(spaced));
    out
}
