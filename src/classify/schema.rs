//! What the arguments of a tool say: an action to choose, code to run, money to move, tools to call.

use serde_json::Value;

use crate::catalog::{JsonType, Param};

use super::{
    name::Name,
    tokens::Words,
    words::{Act, critical, strictness},
};

/// The arguments that choose what the tool does.
const CHOICES: &[&str] = &["action", "actions", "operation", "op", "method", "mode", "command", "verb", "subcommand"];

/// The arguments that are run.
const CODE: &[&str] =
    &["command", "commands", "cmd", "shell", "script", "sql", "cypher", "javascript", "js", "python", "bash"];

/// The arguments by which a tool pages through what it finds.
const PAGING: &[&str] = &["limit", "offset", "page", "cursor", "take", "skip"];

/// The flags of a tool that may lose something.
const FLAGS: &[&str] = &["overwrite", "purge", "permanent", "permanently", "delete", "remove", "replace", "wipe"];

/// The arguments of a call that is passed on.
const PASSED_ON: &[&str] = &["arguments", "args", "parameters", "params", "input", "inputs", "payload"];

/// What the arguments say.
#[derive(Debug, Default)]
pub(super) struct Schema<'a> {
    /// The strictest value of an argument that chooses what the tool does.
    pub(super) choice: Option<Choice<'a>>,
    /// Whether one of the arguments chooses the method of an HTTP request.
    pub(super) http: bool,
    /// An argument that is run.
    pub(super) code: Option<&'a str>,
    /// The arguments that say that money moves.
    pub(super) money: Option<&'a str>,
    /// Whether there is a flag by which something may be lost.
    pub(super) flag: bool,
    /// An argument by which the tool pages.
    pub(super) paging: Option<&'a str>,
    /// The argument that names another tool to call.
    pub(super) dispatch: Option<&'a str>,
    /// Whether no argument must be given.
    pub(super) nothing_required: bool,
}

/// A value of an argument that chooses what the tool does.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    /// The argument.
    pub(super) param: &'a str,
    /// The value.
    pub(super) value: &'a str,
    /// What it means.
    pub(super) act: Act,
}

impl<'a> Schema<'a> {
    /// Reads the arguments, given with the words of their names.
    pub(super) fn of(params: &'a [Param], words: &[Words]) -> Self {
        let mut out = Self { nothing_required: !params.iter().any(|it| it.required), ..Self::default() };
        let mut tool = None;
        let (mut passed_on, mut learn, mut amount, mut side) = (false, false, None, false);
        for (param, words) in params.iter().zip(words) {
            let name = param.name.as_str();
            let last = words.last();
            if CHOICES.contains(&last) {
                out.choose(param);
            }
            if takes_text(param) {
                if CODE.contains(&last) && param.values.is_none() {
                    out.code = out.code.or(Some(name));
                }
                if last == "tool" || (last == "name" && words.has("tool")) {
                    tool = tool.or(Some(name));
                }
            }
            passed_on |= PASSED_ON.contains(&last);
            learn |= matches!(last, "learn" | "intent");
            // `unit_amount` says what something costs, not that it is paid
            if param.required
                && last == "amount"
                && matches!(words.at(0), "amount" | "payment" | "transfer" | "total" | "order")
            {
                amount = amount.or(Some(name));
            }
            side |=
                matches!(
                    last,
                    "currency" | "recipient" | "payee" | "destination" | "beneficiary" | "payer" | "iban" | "wallet"
                ) || matches!(words.at(0), "to" | "from") && words.len() > 1 && matches!(last, "address" | "account");
            if last == "side" && is_trade(param) {
                out.money = Some(name);
            }
            out.flag |= FLAGS.contains(&words.at(0)) && param.types.contains(JsonType::Boolean);
            if PAGING.contains(&words.at(0)) || PAGING.contains(&last) {
                out.paging = out.paging.or(Some(name));
            }
        }
        if side {
            out.money = out.money.or(amount);
        }
        if passed_on {
            // one tool for a whole service: `command` with `parameters`, and `learn` for what there is
            out.dispatch = tool.or(out.code.filter(|_| learn));
        }
        out
    }

    /// Notes the strictest value of an argument.
    fn choose(&mut self, param: &'a Param) {
        let values = || param.values.iter().flatten().filter_map(Value::as_str);
        if values().any(|it| it == "GET") && values().any(|it| it == "POST") {
            self.http = true;
            return;
        }
        for value in values() {
            let act = Name::of(value).read_value();
            let Some(act) = act else { continue };
            if self.choice.as_ref().is_none_or(|known| strictness(act) > strictness(known.act)) {
                self.choice = Some(Choice { param: &param.name, value, act });
            }
        }
    }

    /// The value that deletes, ends or pays, if there is one.
    pub(super) fn critical_choice(&self) -> Option<&Choice<'a>> {
        self.choice.as_ref().filter(|it| critical(it.act))
    }
}

/// Whether an argument may hold text.
pub(super) fn takes_text(param: &Param) -> bool {
    param.types.contains(JsonType::String)
        || (param.types.contains(JsonType::Array) && param.items.contains(JsonType::String))
}

/// Whether an argument chooses between buying and selling.
fn is_trade(param: &Param) -> bool {
    param.values.iter().flatten().filter_map(Value::as_str).any(|it| it.eq_ignore_ascii_case("buy"))
}
