//! What some verbs mean with some objects, and words that only together mean something.
//!
//! Each row is an exception, and has its reason beside it. The tables of single words are `words`
//! and `nouns`.

use super::words::Act;

/// A verb that means something else with one of these objects. An empty object stands for the
/// verb alone.
pub(super) struct Case {
    /// The verb, in its base form.
    pub(super) verb: &'static str,
    /// The objects.
    pub(super) objects: &'static [&'static str],
    /// What it means then.
    pub(super) act: Act,
}

const fn case(verb: &'static str, objects: &'static [&'static str], act: Act) -> Case {
    Case { verb, objects, act }
}

/// The exceptions; of one verb, the first row that fits.
pub(super) const CASES: &[Case] = &[
    // lets another account spend
    case("approve", &["token", "tokens", "allowance", "spending"], Act::Pay),
    // asks a page or a model of documents, and changes nothing
    case("ask", &["question", "docs", "documentation", "wiki"], Act::Read),
    // buys a seat or a bed
    case(
        "book",
        &["flight", "hotel", "ticket", "tickets", "room", "ride", "trip", "taxi", "cab", "car", "tour"],
        Act::Pay,
    ),
    // of cryptographic assets
    case("bridge", &["", "token", "tokens", "asset", "assets", "eth", "sol", "usdc"], Act::Pay),
    case("wrap", &["token", "tokens", "eth", "sol"], Act::Pay),
    case("unwrap", &["token", "tokens", "eth", "sol"], Act::Pay),
    // takes authorised money
    case("capture", &["payment", "order", "authorization", "charge", "funds"], Act::Pay),
    // electricity, not money
    case("charge", &["vehicle", "battery", "car", "device", "ev", "station", "port"], Act::Execute),
    // of a repository
    case("checkout", &["branch", "git", "ref", "commit", "repo", "repository", "file", "tag", "revision"], Act::Write),
    // of a shop
    case("checkout", &["", "cart", "basket", "session", "order", "create", "complete"], Act::Pay),
    // makes text tidy
    case("clean", &["text", "data", "html", "string", "markdown", "csv", "name", "code", "transcript"], Act::Read),
    // a pin on a map, a passenger, a shadow
    // sells what is held
    case("close", &["position", "positions", "trade", "trades"], Act::Pay),
    // what a hand does on a page
    case("drop", &["browser", "element", "page"], Act::Execute),
    case("drop", &["pin", "shadow", "off", "cap", "marker"], Act::Write),
    // changes what a thing is, and not only how data is written
    case("convert", &["draft", "lead", "issue", "note", "card", "page", "deal", "discussion"], Act::Write),
    // of a storage device; elsewhere it is about looks
    case("format", &["drive", "disk", "partition", "volume", "sd", "usb", "filesystem"], Act::Delete),
    // begins something
    case("kick", &["off"], Act::Execute),
    // uses a right to buy
    case("exercise", &["option", "options", "position"], Act::Pay),
    // writes what was packed
    case("extract", &["archive", "zip", "tar"], Act::Write),
    // gives a comment
    case("leave", &["comment", "review", "feedback", "note", "reply", "rating", "message"], Act::Write),
    // sends something to be carried out
    case("make", &["request", "requests", "api", "http", "call"], Act::Execute),
    // the bin is where things are lost
    case("move", &["trash", "bin"], Act::Delete),
    // on the telephone
    case("place", &["call"], Act::Execute),
    // is paid for again
    case("renew", &["domain", "membership", "plan", "license"], Act::Pay),
    // what one sees, not what there is
    case("reset", &["view", "camera", "zoom", "viewport", "cursor", "layout", "window", "orientation"], Act::Write),
    // shows what is in it
    case("open", &["node", "nodes", "entity", "entities", "record", "note"], Act::Read),
    // finds what a name stands for
    case(
        "resolve",
        &["id", "ids", "name", "names", "library", "dns", "domain", "host", "hostname", "url", "path", "symbol"],
        Act::Read,
    ),
    case("resolve", &["username", "handle", "type", "address", "reference", "package", "entity", "ip"], Act::Read),
    case("send", &["command", "commands", "http", "rpc", "key", "keys", "keystrokes"], Act::Execute),
    // of cryptographic assets; elsewhere things change places
    case(
        "swap",
        &["", "token", "tokens", "coin", "coins", "crypto", "asset", "assets", "usdc", "eth", "sol", "exact"],
        Act::Pay,
    ),
    case(
        "swap",
        &["file", "files", "face", "slot", "slots", "variable", "variables", "node", "nodes", "component"],
        Act::Write,
    ),
    // looks
    case("take", &["screenshot", "screenshots", "snapshot", "heapsnapshot", "photo", "picture"], Act::Read),
    // of something other than money
    case(
        "transfer",
        &["issue", "issues", "ownership", "owner", "repository", "repo", "file", "files", "domain"],
        Act::Write,
    ),
    case(
        "transfer",
        &["project", "task", "ticket", "lead", "user", "role", "license", "data", "number", "object"],
        Act::Write,
    ),
    case("transfer", &["call", "agent", "chat", "conversation", "control", "session"], Act::Execute),
];

/// Words that only together mean something.
pub(super) struct Phrase {
    /// The words.
    pub(super) words: &'static [&'static str],
    /// What they say as a verb; nothing where they are a name.
    pub(super) act: Option<Act>,
}

const fn phrase(words: &'static [&'static str], act: Option<Act>) -> Phrase {
    Phrase { words, act }
}

/// The phrases; a longer one stands before a shorter one with the same start.
pub(super) const PHRASES: &[Phrase] = &[
    phrase(&["do", "not", "disturb"], None),
    phrase(&["drag", "and", "drop"], Some(Act::Execute)),
    phrase(&["drag", "drop"], Some(Act::Execute)),
    phrase(&["cherry", "pick"], Some(Act::Write)),
    phrase(&["force", "push"], Some(Act::Delete)),
    phrase(&["log", "out"], Some(Act::End)),
    phrase(&["sign", "out"], Some(Act::End)),
    phrase(&["log", "off"], Some(Act::End)),
    phrase(&["sign", "off"], Some(Act::Write)),
    phrase(&["log", "in"], Some(Act::Execute)),
    phrase(&["sign", "in"], Some(Act::Execute)),
    phrase(&["sign", "up"], Some(Act::Write)),
    phrase(&["shut", "down"], Some(Act::Execute)),
    phrase(&["power", "off"], Some(Act::Execute)),
    phrase(&["tear", "down"], Some(Act::Delete)),
    phrase(&["clean", "up"], Some(Act::End)),
    phrase(&["clear", "out"], Some(Act::End)),
    phrase(&["wipe", "out"], Some(Act::Delete)),
    phrase(&["burn", "token"], Some(Act::Delete)),
    phrase(&["burn", "tokens"], Some(Act::Delete)),
    phrase(&["burn", "nft"], Some(Act::Delete)),
    phrase(&["opt", "out"], Some(Act::End)),
    phrase(&["roll", "back"], Some(Act::Alter)),
    phrase(&["set", "up"], Some(Act::Write)),
    phrase(&["spin", "up"], Some(Act::Execute)),
    phrase(&["top", "up"], Some(Act::Pay)),
    phrase(&["cash", "out"], Some(Act::Pay)),
    phrase(&["check", "in"], Some(Act::Write)),
    phrase(&["check", "out"], Some(Act::Write)),
    phrase(&["look", "up"], Some(Act::Read)),
    phrase(&["read", "only"], None),
    phrase(&["pull", "request"], None),
    phrase(&["pull", "requests"], None),
    phrase(&["merge", "request"], None),
    phrase(&["merge", "requests"], None),
    phrase(&["change", "request"], None),
    phrase(&["dry", "run"], None),
    phrase(&["test", "run"], None),
    phrase(&["test", "runs"], None),
    phrase(&["test", "case"], None),
    phrase(&["test", "cases"], None),
    phrase(&["test", "plan"], None),
    phrase(&["work", "order"], None),
    phrase(&["work", "item"], None),
    phrase(&["work", "items"], None),
    phrase(&["work", "flow"], None),
    phrase(&["sort", "order"], None),
    phrase(&["order", "by"], None),
    phrase(&["order", "book"], None),
    phrase(&["drop", "down"], None),
    phrase(&["on", "call"], None),
    phrase(&["load", "test"], None),
    phrase(&["load", "balancer"], None),
    phrase(&["load", "balancers"], None),
    phrase(&["access", "control"], None),
    phrase(&["open", "api"], None),
    phrase(&["read", "me"], None),
    // products, whose names fall apart in camel case
    phrase(&["pay", "pal"], None),
    phrase(&["drop", "box"], None),
    phrase(&["click", "up"], None),
    phrase(&["click", "house"], None),
    phrase(&["post", "hog"], None),
    phrase(&["post", "gres"], None),
    phrase(&["postgre", "sql"], None),
    phrase(&["send", "grid"], None),
    phrase(&["call", "rail"], None),
    phrase(&["run", "pod"], None),
    phrase(&["build", "kite"], None),
    phrase(&["open", "ai"], None),
    phrase(&["open", "search"], None),
    phrase(&["open", "router"], None),
    phrase(&["test", "rail"], None),
    phrase(&["share", "point"], None),
    phrase(&["power", "point"], None),
    phrase(&["power", "bi"], None),
    phrase(&["search", "console"], None),
    phrase(&["tag", "manager"], None),
];
