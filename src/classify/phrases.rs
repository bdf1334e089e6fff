//! What some verbs mean with some objects, and words that only together mean something.
//!
//! Each row is an exception, and has its reason beside it. The tables of single words are `words`
//! and `nouns`.

use super::{tokens::Words, words::Act};

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
    // what a home does, and not a flag
    case("activate", &["scene"], Act::Execute),
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
    // is paid out to the one who asks
    case("claim", &["reward", "rewards", "airdrop", "yield"], Act::Pay),
    // ends it, with what it holds
    case("close", &["account", "accounts"], Act::End),
    // sells what is held
    case("close", &["position", "positions", "trade", "trades", "short", "long"], Act::Pay),
    // takes money
    case("collect", &["payment", "payments", "funds", "fee", "fees"], Act::Pay),
    // says what a word means
    case("define", &["word", "words", "term"], Act::Read),
    // what a hand does on a page
    case("drop", &["browser", "element", "page"], Act::Execute),
    // a pin on a map, a passenger, a shadow
    case("drop", &["pin", "shadow", "off", "cap", "marker"], Act::Write),
    // money for other money; elsewhere what a thing is, and not only how data is written
    case("convert", &["funds", "cash", "coins"], Act::Pay),
    case("convert", &["draft", "lead", "issue", "item", "note", "card", "page", "deal", "discussion"], Act::Write),
    // of a storage device; elsewhere it is about looks
    case("format", &["drive", "disk", "partition", "volume", "sd", "usb", "filesystem"], Act::Delete),
    // begins something
    case("kick", &["off"], Act::Execute),
    // stops it by force
    case("end", &["process"], Act::Delete),
    // uses a right to buy
    case("exercise", &["option", "options", "position"], Act::Pay),
    // writes what was packed
    case("extract", &["archive", "zip", "tar"], Act::Write),
    // shows where it is defined
    case("goto", &["definition", "declaration", "implementation"], Act::Read),
    // gives what is worth money
    case("issue", &["credit", "credits", "gift"], Act::Pay),
    // gives a comment
    case("leave", &["comment", "review", "feedback", "note", "reply", "rating", "message"], Act::Write),
    // binds to buy
    case("make", &["offer", "bid"], Act::Pay),
    // sends something to be carried out
    case("make", &["request", "requests", "api", "http", "call"], Act::Execute),
    // the bin is where things are lost
    case("move", &["trash", "bin"], Act::Delete),
    // what a hand does
    case("move", &["mouse", "cursor", "pointer"], Act::Execute),
    // on the telephone
    case("place", &["call"], Act::Execute),
    // of a map, where the place is a noun
    case("place", &["detail", "details", "photos", "reviews", "nearby", "autocomplete"], Act::Read),
    // puts it into use
    case("promote", &["production", "prod"], Act::Execute),
    // offers a price
    case("place", &["offer"], Act::Pay),
    // gives up what somebody else may take
    case("release", &["ip", "ips", "address", "addresses", "number"], Act::End),
    // asks a person
    case("request", &["review", "reviews", "reviewer", "reviewers"], Act::Write),
    // drives a robot
    case("return", &["dock", "home", "base"], Act::Execute),
    // is paid for again
    case("renew", &["domain", "membership", "plan", "license"], Act::Pay),
    // what one sees, not what there is
    case("reset", &["view", "camera", "zoom", "viewport", "cursor", "layout", "window", "orientation"], Act::Write),
    // begins to hold something, which is bought; of several, those that are held
    case("open", &["position", "trade", "short", "long"], Act::Pay),
    case("open", &["orders", "positions", "trades", "interest"], Act::Read),
    // shows what is in it
    case("open", &["node", "nodes", "entity", "entities", "record", "note"], Act::Read),
    // finds what a name stands for
    case(
        "resolve",
        &["id", "ids", "name", "names", "library", "dns", "domain", "host", "hostname", "url", "path", "symbol"],
        Act::Read,
    ),
    case(
        "resolve",
        &["username", "handle", "type", "address", "reference", "package", "entity", "ip", "ens"],
        Act::Read,
    ),
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
    // of what is worth money
    case("send", &["gift", "wire"], Act::Pay),
    // is paid for again and again
    case("subscribe", &["plan", "membership", "premium", "pro"], Act::Pay),
    // looks
    case("take", &["screenshot", "screenshots", "snapshot", "heapsnapshot", "photo", "picture"], Act::Read),
    // takes back what was asked or offered
    case("withdraw", &["invitation", "invite", "application", "offer", "proposal", "consent"], Act::End),
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

/// The phrase that begins at a position.
pub(super) fn phrase(words: &Words, at: usize) -> Option<&'static Phrase> {
    // the first word tells most of them apart, so it is looked up once
    let first = words.at(at);
    PHRASES.iter().find(|it| {
        it.words.first() == Some(&first)
            && it.words.iter().enumerate().skip(1).all(|(more, word)| words.at(at + more) == *word)
    })
}

/// Words that only together mean something.
pub(super) struct Phrase {
    /// The words.
    pub(super) words: &'static [&'static str],
    /// What they say as a verb; nothing where they are a name.
    pub(super) act: Option<Act>,
}

const fn words(words: &'static [&'static str], act: Option<Act>) -> Phrase {
    Phrase { words, act }
}

/// The phrases; a longer one stands before a shorter one with the same start.
pub(super) const PHRASES: &[Phrase] = &[
    words(&["do", "not", "disturb"], None),
    words(&["of", "the", "day"], Some(Act::Read)),
    words(&["free", "busy"], Some(Act::Read)),
    words(&["to", "trash"], Some(Act::Delete)),
    words(&["to", "bin"], Some(Act::Delete)),
    words(&["text", "to", "speech"], Some(Act::Execute)),
    words(&["text", "to", "image"], Some(Act::Execute)),
    words(&["text", "to", "video"], Some(Act::Execute)),
    words(&["speech", "to", "text"], Some(Act::Read)),
    words(&["compose", "up"], Some(Act::Execute)),
    words(&["compose", "down"], Some(Act::Execute)),
    words(&["input", "text"], Some(Act::Execute)),
    words(&["next", "track"], Some(Act::Execute)),
    words(&["previous", "track"], Some(Act::Execute)),
    words(&["send", "token"], Some(Act::Pay)),
    words(&["supply", "collateral"], Some(Act::Pay)),
    words(&["supply", "asset"], Some(Act::Pay)),
    words(&["supply", "tokens"], Some(Act::Pay)),
    words(&["go", "to", "definition"], Some(Act::Read)),
    words(&["port", "forward"], Some(Act::Execute)),
    words(&["touch", "file"], Some(Act::Write)),
    words(&["harvest", "yield"], Some(Act::Pay)),
    words(&["harvest", "rewards"], Some(Act::Pay)),
    words(&["void", "check"], Some(Act::End)),
    words(&["sign", "and", "send"], Some(Act::Pay)),
    words(&["sign", "and", "submit"], Some(Act::Pay)),
    words(&["sign", "and", "broadcast"], Some(Act::Pay)),
    words(&["exchange", "currency"], Some(Act::Pay)),
    words(&["exchange", "currencies"], Some(Act::Pay)),
    words(&["wire", "funds"], Some(Act::Pay)),
    words(&["wire", "money"], Some(Act::Pay)),
    words(&["drag", "and", "drop"], Some(Act::Execute)),
    words(&["drag", "drop"], Some(Act::Execute)),
    words(&["cherry", "pick"], Some(Act::Write)),
    words(&["force", "push"], Some(Act::Delete)),
    words(&["log", "out"], Some(Act::End)),
    words(&["sign", "out"], Some(Act::End)),
    words(&["log", "off"], Some(Act::End)),
    words(&["sign", "off"], Some(Act::Write)),
    words(&["log", "in"], Some(Act::Execute)),
    words(&["sign", "in"], Some(Act::Execute)),
    words(&["sign", "up"], Some(Act::Write)),
    words(&["shut", "down"], Some(Act::Execute)),
    words(&["power", "off"], Some(Act::Execute)),
    words(&["tear", "down"], Some(Act::Delete)),
    words(&["clean", "up"], Some(Act::End)),
    words(&["clear", "out"], Some(Act::End)),
    words(&["wipe", "out"], Some(Act::Delete)),
    words(&["burn", "token"], Some(Act::Delete)),
    words(&["burn", "tokens"], Some(Act::Delete)),
    words(&["burn", "nft"], Some(Act::Delete)),
    words(&["opt", "out"], Some(Act::End)),
    words(&["roll", "back"], Some(Act::Alter)),
    words(&["set", "up"], Some(Act::Write)),
    words(&["spin", "up"], Some(Act::Execute)),
    words(&["top", "up"], Some(Act::Pay)),
    words(&["cash", "out"], Some(Act::Pay)),
    words(&["check", "in"], Some(Act::Write)),
    words(&["check", "out"], Some(Act::Write)),
    words(&["look", "up"], Some(Act::Read)),
    words(&["read", "only"], None),
    words(&["pull", "request"], None),
    words(&["pull", "requests"], None),
    words(&["merge", "request"], None),
    words(&["merge", "requests"], None),
    words(&["change", "request"], None),
    words(&["dry", "run"], None),
    words(&["test", "run"], None),
    words(&["test", "runs"], None),
    words(&["test", "case"], None),
    words(&["test", "cases"], None),
    words(&["test", "plan"], None),
    words(&["work", "order"], None),
    words(&["work", "item"], None),
    words(&["work", "items"], None),
    words(&["work", "flow"], None),
    words(&["sort", "order"], None),
    words(&["order", "by"], None),
    words(&["order", "book"], None),
    words(&["test", "coverage"], None),
    words(&["on", "call", "schedule"], None),
    words(&["deposit", "address"], None),
    words(&["deposit", "addresses"], None),
    words(&["invoice", "pdf"], None),
    words(&["purchase", "orders"], None),
    words(&["purchase", "request"], None),
    words(&["purchase", "requests"], None),
    words(&["draft", "orders"], None),
    words(&["withdraw", "fee"], None),
    words(&["withdraw", "fees"], None),
    words(&["leave", "balance"], None),
    words(&["leave", "balances"], None),
    words(&["leave", "request"], None),
    words(&["leave", "requests"], None),
    words(&["leave", "types"], None),
    words(&["trash", "contents"], None),
    words(&["kill", "chain"], None),
    words(&["block", "number"], None),
    words(&["log", "entries"], None),
    words(&["new", "releases"], None),
    words(&["new", "arrivals"], None),
    words(&["new", "listings"], None),
    words(&["call", "hierarchy"], None),
    words(&["call", "graph"], None),
    words(&["call", "stack"], None),
    words(&["call", "log"], None),
    words(&["call", "logs"], None),
    words(&["call", "history"], None),
    words(&["sleep", "data"], None),
    words(&["sleep", "score"], None),
    words(&["book", "reviews"], None),
    words(&["release", "notes"], None),
    words(&["debit", "card"], None),
    words(&["debit", "cards"], None),
    words(&["pay", "stub"], None),
    words(&["pay", "stubs"], None),
    words(&["pay", "slip"], None),
    words(&["pay", "slips"], None),
    words(&["pay", "period"], None),
    words(&["pay", "periods"], None),
    words(&["pay", "rate"], None),
    words(&["pay", "rates"], None),
    words(&["heart", "rate"], None),
    words(&["exchange", "rate"], None),
    words(&["interest", "rate"], None),
    words(&["funding", "rate"], None),
    words(&["conversion", "rate"], None),
    words(&["tax", "rate"], None),
    words(&["hash", "rate"], None),
    words(&["drop", "down"], None),
    words(&["on", "call"], None),
    words(&["load", "test"], None),
    words(&["load", "balancer"], None),
    words(&["load", "balancers"], None),
    words(&["access", "control"], None),
    words(&["open", "api"], None),
    words(&["read", "me"], None),
    // products, whose names fall apart in camel case
    words(&["pay", "pal"], None),
    words(&["drop", "box"], None),
    words(&["click", "up"], None),
    words(&["click", "house"], None),
    words(&["post", "hog"], None),
    words(&["new", "relic"], None),
    words(&["post", "gres"], None),
    words(&["postgre", "sql"], None),
    words(&["send", "grid"], None),
    words(&["call", "rail"], None),
    words(&["run", "pod"], None),
    words(&["build", "kite"], None),
    words(&["open", "ai"], None),
    words(&["open", "search"], None),
    words(&["open", "router"], None),
    words(&["test", "rail"], None),
    words(&["share", "point"], None),
    words(&["power", "point"], None),
    words(&["power", "bi"], None),
    words(&["search", "console"], None),
    words(&["tag", "manager"], None),
];
