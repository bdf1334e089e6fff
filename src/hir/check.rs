//! From the model to policies whose names, tools, types and dates are in order.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    checked::{Covers, Naming, Pattern, Policy, Rule, RuleKind},
    expand::{Expander, Usage},
    model::{self, ClauseKind, Fallback, Name, Rate, SelectorKind, Statement, Tools, Verb},
    origin::Origin,
    resolve::Scopes,
    types::{Role, Typer},
};
use crate::{
    catalog::{Catalogs, Server, Tool},
    diagnostic::{Diagnostic, codes},
    syntax::{
        MAX_DEPTH,
        literal::{Date, write_path},
    },
    text::Span,
};

/// Checks one policy. `None` where it has no name or no server; otherwise the policy, whole as far as it could be
/// read, and whether it is sound.
pub(super) fn policy(
    policy: &model::Policy,
    statements: &[Statement],
    scopes: &Scopes<'_>,
    catalogs: &Catalogs,
    today: Date,
    errors: &mut Vec<Diagnostic>,
) -> Option<(Policy, bool)> {
    let before = errors.len();
    let fallback = fallback(policy, errors);
    let (Some(name), Some(server_name)) = (&policy.name, &policy.server) else { return None };
    let server = catalogs.find(&server_name.text);
    let foreign = policy.origin != Origin::Language;
    if server.is_none() && !foreign {
        errors.push(unknown_server(server_name, catalogs));
    }
    let mut checker = Checker {
        expander: Expander::new(scopes, server.as_deref(), server_name, foreign),
        server: server.as_deref(),
        typer: Typer::new(foreign),
        today,
        rules: Vec::with_capacity(statements.len() * 2),
        patterns: Vec::new(),
        until: BTreeMap::new(),
        included: BTreeSet::new(),
        errors: Vec::new(),
    };
    for statement in statements {
        if statement.verb == Verb::Include {
            checker.include(statement, scopes, &mut vec![policy.head]);
        } else {
            checker.statement(statement, false);
        }
    }
    if let Some((Fallback::Hide, span)) = fallback
        && server.is_none()
    {
        checker.errors.push(
            Diagnostic::error(
                &codes::NO_CATALOG,
                span,
                format!("`default hide` has no list to hide: no catalog knows the server `{}`", server_name.text),
            )
            .help("write `default deny`, and `hide` the tools by name"),
        );
    }
    let Checker { expander, typer, rules, patterns, until, errors: own, .. } = checker;
    errors.extend(own);
    errors.extend(expander.errors);
    errors.extend(typer.errors);
    // a list that matches nothing, or a statement whose time is over, leaves the rest of what is said clear
    let clear = [&codes::DEAD_PATTERN, &codes::EXPIRED_STATEMENT];
    let unclear = |error: &Diagnostic| error.is_fatal() && !clear.contains(&error.code);
    let sound = fallback.is_some() && !errors.iter().skip(before).any(unclear);
    let mut out = Policy {
        name: name.clone(),
        server_name: server_name.clone(),
        alias: policy.alias.clone(),
        fallback: fallback.unwrap_or((Fallback::Deny, policy.head)),
        head: policy.head,
        span: policy.span,
        extras: expander.extras,
        extra_ids: expander.extra_ids,
        rules,
        starts: Vec::new(),
        tool_rules: Vec::new(),
        all_rules: Vec::new(),
        unknown: expander.unknown,
        patterns,
        until,
        included: false,
        origin: policy.origin,
        notes: policy.notes.clone(),
        server,
    };
    out.rules.shrink_to_fit();
    out.index();
    Some((out, sound))
}

fn fallback(policy: &model::Policy, errors: &mut Vec<Diagnostic>) -> Option<(Fallback, Span)> {
    if let [first, rest @ ..] = policy.defaults.as_slice() {
        for (_, span) in rest {
            errors.push(
                Diagnostic::error(&codes::DUPLICATE_PART, *span, "this policy has a second `default`")
                    .label(first.1, "the first one")
                    .help("keep one of the two"),
            );
        }
        return Some(*first);
    }
    errors.push(
        Diagnostic::error(
            &codes::MISSING_DEFAULT,
            policy.head,
            "this policy does not say what happens to calls that nothing decides",
        )
        .help("begin it with `default deny`"),
    );
    None
}

fn unknown_server(name: &Name, catalogs: &Catalogs) -> Diagnostic {
    let warning = Diagnostic::warning(
        &codes::UNKNOWN_SERVER,
        name.span,
        format!("no catalog knows the server `{}`, so its tools and arguments cannot be checked", name.text),
    );
    let known: Vec<String> = catalogs.ids().collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    match crate::text::nearest(&name.text, known.iter().copied()) {
        Some(near) => warning.fix(
            crate::diagnostic::Applicability::Unsafe,
            format!("did you mean `{near}`?"),
            name.span,
            crate::syntax::literal::write_name(near),
        ),
        None => warning
            .help(format!("exact tool names still work; known servers are {}", crate::text::quoted_list(&known, 6))),
    }
}

struct Checker<'a> {
    expander: Expander<'a>,
    server: Option<&'a Server>,
    typer: Typer,
    today: Date,
    rules: Vec<Rule>,
    patterns: Vec<Pattern>,
    until: BTreeMap<Span, (Date, Span)>,
    /// The policies that were included so far, by their heads.
    included: BTreeSet<Span>,
    errors: Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    /// The narrowing statements of the policy that `statement` names, and of those that it includes; each policy once.
    fn include(&mut self, statement: &Statement, scopes: &Scopes<'a>, path: &mut Vec<Span>) {
        let Some(name) = &statement.policy else { return };
        let Some(policy) = scopes.policy(name.span.file, &name.text) else {
            self.errors.push(scopes.unknown_policy(name));
            return;
        };
        if path.contains(&policy.head) {
            self.errors.push(
                Diagnostic::error(&codes::CYCLE, name.span, format!("the policy `{}` includes itself", name.text))
                    .help("remove one of the includes"),
            );
            return;
        }
        if path.len() > MAX_DEPTH {
            self.errors.push(
                Diagnostic::error(
                    &codes::NESTED_TOO_DEEPLY,
                    name.span,
                    format!("includes nest more than {MAX_DEPTH} deep"),
                )
                .help("include the policies directly"),
            );
            return;
        }
        if !self.included.insert(policy.head) {
            return;
        }
        path.push(policy.head);
        for inner in &policy.statements {
            match inner.verb {
                Verb::Include => self.include(inner, scopes, path),
                Verb::Ask if inner.condition.is_some() => self.statement(inner, true),
                Verb::Deny | Verb::Hide | Verb::Limit | Verb::LimitAll | Verb::On => self.statement(inner, true),
                Verb::Allow | Verb::Ask => {}
            }
        }
        path.pop();
    }

    fn statement(&mut self, statement: &Statement, included: bool) {
        if let Some((date, span)) = statement.until
            && date < self.today
        {
            self.errors.push(
                Diagnostic::error(
                    &codes::EXPIRED_STATEMENT,
                    span,
                    format!("this ended with {date}, and today is {}", self.today),
                )
                .help("remove the statement, or give it a later day"),
            );
        }
        if !included {
            self.until.extend(statement.until.map(|until| (statement.span, until)));
            let patterns = statement.tools.take.iter().filter(|selector| selector.kind == SelectorKind::Pattern);
            self.patterns.extend(patterns.map(|selector| Pattern {
                text: Name { text: selector.text.clone(), span: selector.span },
                verb: statement.verb,
                statement: statement.span,
            }));
        }
        let usage = match statement.verb {
            _ if included => Usage::Included,
            Verb::Allow => Usage::Allow,
            Verb::Ask | Verb::Deny | Verb::Hide | Verb::Limit | Verb::LimitAll | Verb::On | Verb::Include => {
                Usage::Guard
            }
        };
        let (mut tools, naming) = self.expander.tools(&statement.tools, usage);
        let named = if naming == Naming::Broad { self.expander.named(&statement.tools) } else { Box::default() };
        if let Some(path) = &statement.having {
            self.having(&mut tools, path, &statement.tools, included);
        }
        let covers = if statement.verb == Verb::LimitAll { Covers::All } else { Covers::of(&tools) };
        let push = |rules: &mut Vec<Rule>, kind: RuleKind, span: Span, because: Option<&Arc<Name>>| {
            rules.push(Rule {
                kind,
                span,
                because: because.cloned(),
                statement: statement.span,
                covers: covers.clone(),
                naming,
                named: named.clone(),
                tools_span: statement.tools.span,
                included,
            });
        };
        let server = self.server;
        let entries = || tools.iter().filter_map(move |id| server?.tools.get(*id as usize));
        let because = statement.because.as_ref();
        let kind = match (statement.verb, &statement.condition, &statement.rate) {
            (Verb::Allow, ..) => Some(RuleKind::Allow),
            (Verb::Ask, None, _) => Some(RuleKind::Ask),
            (Verb::Ask, Some(condition), _) => {
                self.typer.condition(condition, Role::AskIf, entries());
                Some(RuleKind::AskIf(Arc::clone(condition)))
            }
            (Verb::Deny, None, _) => Some(RuleKind::Deny),
            (Verb::Deny, Some(condition), _) => {
                self.typer.condition(condition, Role::DenyIf, entries());
                Some(RuleKind::DenyIf(Arc::clone(condition)))
            }
            (Verb::Hide, ..) => Some(RuleKind::Hide),
            (Verb::Limit, _, Some(rate)) => {
                self.typer.rate(rate, entries());
                Some(RuleKind::Limit(Arc::clone(rate)))
            }
            (Verb::LimitAll, _, Some(rate)) => self.limit_all(rate),
            (Verb::Limit | Verb::LimitAll | Verb::On | Verb::Include, ..) => None,
        };
        if let Some(kind) = kind {
            push(&mut self.rules, kind, statement.span, because);
        }
        for clause in &statement.clauses {
            let kind = match &clause.kind {
                ClauseKind::Require(condition) => {
                    self.typer.condition(condition, Role::Require, entries());
                    RuleKind::Require(Arc::clone(condition))
                }
                ClauseKind::DenyIf(condition) => {
                    self.typer.condition(condition, Role::DenyIf, entries());
                    RuleKind::DenyIf(Arc::clone(condition))
                }
                ClauseKind::AskIf(condition) => {
                    self.typer.condition(condition, Role::AskIf, entries());
                    RuleKind::AskIf(Arc::clone(condition))
                }
                ClauseKind::Limit(rate) => {
                    self.typer.rate(rate, entries());
                    RuleKind::Limit(Arc::clone(rate))
                }
            };
            push(&mut self.rules, kind, clause.span, clause.because.as_ref());
        }
    }

    fn limit_all(&mut self, rate: &Arc<Rate>) -> Option<RuleKind> {
        if let Some(path) = &rate.argument {
            self.errors.push(
                Diagnostic::error(
                    &codes::INVALID_LIMIT,
                    path.span,
                    "`limit all` counts calls: no argument is shared by all tools",
                )
                .help("write `limit TOOL total args.x to N per …` for each tool"),
            );
            return None;
        }
        Some(RuleKind::LimitAll(Arc::clone(rate)))
    }

    /// Keeps the tools whose schema has the argument.
    fn having(&mut self, tools: &mut Vec<u32>, path: &model::Path, list: &Tools, included: bool) {
        let Some(server) = self.server else {
            self.errors.push(
                Diagnostic::error(
                    &codes::NO_CATALOG,
                    path.span,
                    "`having` asks for the tools' schemas, and no catalog knows them",
                )
                .help("name the tools exactly, without `having`"),
            );
            return;
        };
        let has = |tool: &Tool| path.segments.first().is_some_and(|name| tool.param(name).is_some());
        let before = tools.len();
        tools.retain(|id| server.tools.get(*id as usize).is_some_and(has));
        if tools.is_empty() && before > 0 && !included {
            self.errors.push(
                Diagnostic::error(
                    &codes::DEAD_PATTERN,
                    path.span,
                    format!("none of these tools has `{}`, so nothing is narrowed", write_path(&path.segments)),
                )
                .label(list.span, crate::text::count(before, "tool"))
                .help("see the tools' arguments, and name one that they have"),
            );
        }
    }
}
