//! What is said of a call that came out otherwise than expected: the place, what decided and why, and what to change.

use insta::assert_snapshot;
use mcppol::trial;

use super::{place, sound};

/// The failures of a file's tests, each as: what is wrong, the place with its remark, the other places, what to do.
fn failures(text: &str) -> String {
    let analysis = sound(text);
    let mut out = String::new();
    for made in trial::run(analysis.checked().unwrap(), &analysis.sources, &|_| true).iter().flat_map(|it| &it.calls) {
        let Some(found) = &made.failure else {
            out.push_str("passed\n");
            continue;
        };
        out.push_str(&format!("{}\n  {}", found.message, place(&analysis, found.span)));
        out.push_str(&if found.remark.is_empty() { "\n".to_owned() } else { format!(": {}\n", found.remark) });
        for label in &found.labels {
            out.push_str(&format!("  {}: {}\n", place(&analysis, label.span), label.text));
        }
        out.push_str(&format!("  help: {}\n", found.help.as_deref().unwrap_or("-")));
    }
    out
}

/// The calls of a test for a policy about refunds.
fn refunds(calls: &str) -> String {
    failures(&format!(
        "policy p for stripe {{
  default deny
  allow create_refund {{
    require args.amount <= 10_000 because \"too much\"
    require args.payment_intent matches r\"pi_[a-z0-9]+\"
    deny if args.amount == 13
    ask if args.amount > 5000
    limit to 10 per hour
  }}
  allow list_* except list_disputes
  hide cancel_subscription
  limit all to 60 per minute
}}
test \"t\" for p {{
  {calls}
}}
"
    ))
}

#[test]
fn refused_by_a_condition() {
    assert_snapshot!(refunds(r#"
  call create_refund { payment_intent: "pi_1", amount: 50000 } -> allow
  call create_refund { payment_intent: 5, amount: 1 } -> allow
  call create_refund { amount: 1 } -> ask
  call create_refund { payment_intent: "pi_1", amount: 13 } -> allow
  call create_refund { payment_intent: "pi_1", amount: 5001 } -> allow
"#), @r#"
    `t`: expected `allow`, got `deny`
      16:67 `allow`: too much
      4:5 `require args.amount <= 10_000 because "too much"`: `args.amount` is 50000, not `<= 10000`
      help: change this condition; if the policy is right, write `-> deny`
    `t`: expected `allow`, got `deny`
      17:58 `allow`: a requirement of `create_refund` is not met
      5:5 `require args.payment_intent matches r"pi_[a-z0-9]+"`: `args.payment_intent` is 5, not `matches r"pi_[a-z0-9]+"`
      help: change this condition; if the policy is right, write `-> deny`
    `t`: expected `ask`, got `deny`
      18:39 `ask`: a requirement of `create_refund` is not met
      5:5 `require args.payment_intent matches r"pi_[a-z0-9]+"`: `args.payment_intent` is absent
      help: change this condition; if the policy is right, write `-> deny`
    `t`: expected `allow`, got `deny`
      19:64 `allow`: a condition denies this call of `create_refund`
      6:5 `deny if args.amount == 13`: `args.amount` is 13, and so `== 13`
      help: change this condition; if the policy is right, write `-> deny`
    `t`: expected `allow`, got `ask`
      20:66 `allow`
      7:5 `ask if args.amount > 5000`: `args.amount` is 5001, and so `> 5000`
      help: change this condition; if the policy is right, write `-> ask`
    "#);
}

#[test]
fn let_through() {
    assert_snapshot!(refunds(r#"
  call create_refund { payment_intent: "pi_1", amount: 5000 } -> deny
  call create_refund { payment_intent: "pi_1", amount: 5000 } -> ask
  call list_invoices -> hidden
  call list_invoices -> limited
"#), @r#"
    `t`: expected `deny`, got `allow`
      16:66 `deny`
      3:9 `create_refund`: this grants it
      4:5 `require args.amount <= 10_000 because "too much"`: `args.amount` is 5000, and so `<= 10000`
      5:5 `require args.payment_intent matches r"pi_[a-z0-9]+"`: `args.payment_intent` is "pi_1", and so `matches r"pi_[a-z0-9]+"`
      6:5 `deny if args.amount == 13`: `args.amount` is 5000, not `== 13`
      help: write `deny create_refund`, or narrow what is granted with a `require`; if the policy is right, write `-> allow`
    `t`: expected `ask`, got `allow`
      17:66 `ask`
      3:9 `create_refund`: this grants it
      7:5 `ask if args.amount > 5000`: `args.amount` is 5000, not `> 5000`
      help: write `ask create_refund`; if the policy is right, write `-> allow`
    `t`: expected `hidden`, got `allow`
      18:25 `hidden`
      10:9 `list_* except list_disputes`: this grants it
      help: write `hide list_invoices`; if the policy is right, write `-> allow`
    `t`: expected `limited`, got `allow`
      19:25 `limited`
      10:9 `list_* except list_disputes`: this grants it
      12:3 `limit all to 60 per minute`: 0 of 60 used before this call
      help: write `limit list_invoices to 1 per …`; if the policy is right, write `-> allow`
    "#);
}

#[test]
fn nothing_grants_it() {
    assert_snapshot!(refunds(r#"
  call list_disputes -> allow
  call list_invoces -> allow
  call create_product -> allow
  call update_subscription -> ask
"#), @"
    `t`: expected `allow`, got `deny`
      16:25 `allow`: nothing grants `list_disputes`
      10:9 `list_*`: matches it, and `except` takes it away
      help: take `list_disputes` out of the `except`; if the policy is right, write `-> deny`
    `t`: expected `allow`, got `deny`
      17:24 `allow`: nothing grants `list_invoces`
      help: the nearest name is `list_invoices`; if the policy is right, write `-> deny`
    `t`: expected `allow`, got `deny`
      18:26 `allow`: nothing grants `create_product`
      3:9 `create_refund`: the nearest grant
      help: add `create_product` to this list, or write `allow create_product`; if the policy is right, write `-> deny`
    `t`: expected `ask`, got `deny`
      19:31 `ask`: nothing grants `update_subscription`
      help: write `ask update_subscription`; if the policy is right, write `-> deny`
    ");
}

#[test]
fn by_statements() {
    assert_snapshot!(refunds(r#"
  call cancel_subscription -> allow
  call cancel_subscription -> deny
  call update_subscription -> hidden
"#), @"
    `t`: expected `allow`, got `hidden`
      16:31 `allow`: `cancel_subscription` is hidden
      11:8 `cancel_subscription`: this hides it
      help: take `cancel_subscription` out of this list, perhaps with `except cancel_subscription`; if the policy is right, write `-> hidden`
    `t`: expected `deny`, got `hidden`
      17:31 `deny`: `cancel_subscription` is hidden
      11:8 `cancel_subscription`: this hides it
      help: take `cancel_subscription` out of this list, perhaps with `except cancel_subscription`; if the policy is right, write `-> hidden`
    `t`: expected `hidden`, got `deny`
      18:31 `hidden`: nothing grants `update_subscription`
      2:3 `default deny`: nothing else decides
      help: write `hide update_subscription`; if the policy is right, write `-> deny`
    ");
}

#[test]
fn counters() {
    assert_snapshot!(refunds(r#"
  call create_refund { payment_intent: "pi_1", amount: 1 } 10 times -> allow
  call create_refund { payment_intent: "pi_1", amount: 1 } 11 times -> allow
  call create_refund { payment_intent: "pi_1", amount: 1 } 9007199254740992 times -> allow
  call create_refund { payment_intent: "pi_1", amount: 1 } 10 times -> limited
  call create_refund { payment_intent: "pi_1", amount: 13 } 9007199254740992 times -> deny
  call list_invoices 60 times -> allow
  call list_invoices 61 times -> limited "the limit of 60 per minute is reached"
"#), @"
    passed
    `t`: expected `allow`, got `limited`
      17:72 `allow`: the limit of 10 per hour is reached
      8:5 `limit to 10 per hour`: 10 of 10 used before this call
      help: there is room for 10 such calls; if the policy is right, write `-> limited`
    `t`: expected `allow`, got `limited`
      18:86 `allow`: the limit of 10 per hour is reached
      8:5 `limit to 10 per hour`: 10 of 10 used before this call
      help: there is room for 10 such calls; if the policy is right, write `-> limited`
    `t`: expected `limited`, got `allow`
      19:72 `limited`
      3:9 `create_refund`: this grants it
      8:5 `limit to 10 per hour`: 9 of 10 used before this call
      12:3 `limit all to 60 per minute`: 9 of 60 used before this call
      help: write `limit create_refund to 9 per …`; if the policy is right, write `-> allow`
    passed
    passed
    passed
    ");
}

#[test]
fn messages() {
    assert_snapshot!(refunds(r#"
  call create_refund { payment_intent: "pi_1", amount: 50000 } -> deny "too much"
  call create_refund { payment_intent: "pi_1", amount: 50000 } -> deny "too little"
  call create_refund { payment_intent: "pi_1", amount: 13 } -> deny "too little"
  call update_subscription -> deny "no"
"#), @r#"
    passed
    `t`: expected the message "too little", got "too much"
      17:72 `"too little"`: the message is "too much"
      4:43 `"too much"`: this says it
      help: change the `because`, or the text that the test expects
    `t`: expected the message "too little", got "a condition denies this call of `create_refund`"
      18:69 `"too little"`: the message is "a condition denies this call of `create_refund`"
      6:5 `deny if args.amount == 13`: this says it
      help: give the statement a `because` with this text, or leave the text out of the test
    `t`: expected the message "no", got "nothing grants `update_subscription`"
      19:36 `"no"`: the message is "nothing grants `update_subscription`"
      help: leave the text out of the test: a default gives no reason
    "#);
}

/// What a floor in another file decides cannot be drawn here, and is named.
#[test]
fn other_files() {
    assert_snapshot!(failures(
        "import \"floor.mcp\"\npolicy p for trakt {\n  default deny\n  include floor\n  allow clear_auth\n}\n\
         test \"a\" for p {\n  call clear_auth -> allow\n  call clear_auth -> deny \"no\"\n}\n\
         test \"b\" for floor {\n  call clear_auth -> deny\n}\n"
    ), @r#"
    `a`: expected `allow`, got `deny`
      8:22 `allow`: by hand; `deny clear_auth` at floor.mcp:3: this denies it
      help: take `clear_auth` out of this list, perhaps with `except clear_auth`; if the policy is right, write `-> deny`
    `a`: expected the message "no", got "by hand"
      9:27 `"no"`: the message is "by hand"; `"by hand"` at floor.mcp:3: this says it
      help: change the `because`, or the text that the test expects
    `b`: it is not known what `floor` decides, which stands in another file
      12:3 `call clear_auth -> deny`
      help: move the test to the file of its policy
    "#);
}

#[test]
fn without_a_grant_at_all() {
    assert_snapshot!(failures(
        "policy p for web {\n  default allow\n  allow get {\n    limit total args.n to 5 per day\n  }\n}\n\
         test \"a\" for p {\n  call clear -> deny\n  call get -> allow\n  call get { n: 2 } 3 times -> allow\n  \
         call get { n: 0 } 3000 times -> allow\n}\n"
    ), @"
    `a`: expected `deny`, got `allow`
      8:17 `deny`
      2:3 `default allow`: nothing else decides
      help: write `deny clear`, or narrow what is granted with a `require`; if the policy is right, write `-> allow`
    `a`: expected `allow`, got `deny`
      9:15 `allow`: `args.n` is no amount that can be counted
      4:5 `limit total args.n to 5 per day`: this counts it
      help: an amount is a whole number, not negative; if the policy is right, write `-> deny`
    `a`: expected `allow`, got `limited`
      10:32 `allow`: the limit of 5 per day is reached
      4:5 `limit total args.n to 5 per day`: 4 of 5 used before this call
      help: there is room for 2 such calls; if the policy is right, write `-> limited`
    passed
    ");
}

/// Every kind of test in the words of a reason: with a value for which it holds, with another, and with none.
#[test]
fn reasons() {
    let long = "x".repeat(200);
    let tests = [
        ("== 5", "5.0", "\"5\""),
        ("!= true", "1", "true"),
        ("< 0.5", "0", "0.5"),
        (">= -1", "-1", "null"),
        ("in [1, \"a\"]", "\"a\"", "[]"),
        ("not in [\"a\"]", "{ b: 1 }", "\"a\""),
        ("matches r\"\\d+\"", "\"7\"", "7"),
        ("not matches r\"\\d+\"", "7", "\"7\""),
        ("contains \"a\"", "[\"a\"]", "\"b\""),
        ("not contains \"a\"", "\"b\"", "\"bab\""),
        ("exists", "0", "null"),
        ("missing", "null", "0"),
        ("under \"/srv\"", "\"/srv/a\"", "\"/srv/../a\""),
        ("not under \"/srv\"", "\"/a\"", "5"),
        ("host in [\"a.example\"]", "\"https://a.example/\"", "\"https://b.example/\""),
        ("host not in [\"a.example\"]", "\"https://b.example/\"", "\"nothing\""),
        (&format!("!= \"{long}\""), "1", &format!("\"{long}\"")),
    ];
    let mut out = String::new();
    for (test, good, bad) in tests {
        let said = |value: &str, expected: &str| {
            let policy = format!("policy p for web {{\n  default deny\n  allow a {{ require args.x {test} }}\n}}\n");
            let text = failures(&format!("{policy}test \"t\" for p {{\n  call a {{ x: {value} }} -> {expected}\n}}\n"));
            let line = text.lines().find(|line| line.contains("`require")).unwrap().to_owned();
            line.split_once("`: ").unwrap().1.to_owned()
        };
        out.push_str(&format!("{}\n  {}\n", said(good, "deny"), said(bad, "allow")));
    }
    assert_snapshot!(out, @r#"
    `args.x` is 5, and so `== 5`
      `args.x` is "5", not `== 5`
    `args.x` is 1, and so `!= true`
      `args.x` is true, so `!= true` does not hold
    `args.x` is 0, and so `< 0.5`
      `args.x` is 0.5, not `< 0.5`
    `args.x` is -1, and so `>= -1`
      `args.x` is absent
    `args.x` is "a", and so `in [1, "a"]`
      `args.x` is [], not `in [1, "a"]`
    `args.x` is { b: 1 }, and so `not in ["a"]`
      `args.x` is "a", so `not in ["a"]` does not hold
    `args.x` is "7", and so `matches r"\d+"`
      `args.x` is 7, not `matches r"\d+"`
    `args.x` is 7, and so `not matches r"\d+"`
      `args.x` is "7", so `not matches r"\d+"` does not hold
    `args.x` is ["a"], and so `contains "a"`
      `args.x` is "b", not `contains "a"`
    `args.x` is "b", and so `not contains "a"`
      `args.x` is "bab", so `not contains "a"` does not hold
    `args.x` is there
      `args.x` is absent
    `args.x` is absent
      `args.x` is there
    `args.x` is "/srv/a", and so `under "/srv"`
      `args.x` is "/srv/../a", not `under "/srv"`
    `args.x` is "/a", and so `not under "/srv"`
      `args.x` is 5, so `not under "/srv"` does not hold
    `args.x` is "https://a.example/", and so `host in ["a.example"]`
      `args.x` is "https://b.example/", not `host in ["a.example"]`
    `args.x` is "https://b.example/", and so `host not in ["a.example"]`
      `args.x` is "nothing", so `host not in ["a.example"]` does not hold
    `args.x` is 1, and so `!= "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…`
      `args.x` is "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…, so `!= "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` does not hold
    "#);
}

/// Of `and` and `or` the parts are told that made it so.
#[test]
fn reasons_of_several_tests() {
    assert_snapshot!(failures(
        "policy p for web {
  default deny
  allow a {
    require (args.x == 1 or args.y == 1 or args.z == 1 or args.v == 1) and args.w exists
    deny if args.x == 1 and args.y == 2
  }
}
test \"t\" for p {
  call a { x: 2, w: 1 } -> allow
  call a { x: 1 } -> allow
  call a { w: 1, x: 1, y: 2 } -> allow
  call a { w: 1, y: 1 } -> deny
}
"
    ), @"
    `t`: expected `allow`, got `deny`
      9:28 `allow`: a requirement of `a` is not met
      4:5 `require (args.x == 1 or args.y == 1 or args.z == 1 or args.v == 1) and args.w exists`: `args.x` is 2, not `== 1`; `args.y` is absent; `args.z` is absent, and 1 more
      help: change this condition; if the policy is right, write `-> deny`
    `t`: expected `allow`, got `deny`
      10:22 `allow`: a requirement of `a` is not met
      4:5 `require (args.x == 1 or args.y == 1 or args.z == 1 or args.v == 1) and args.w exists`: `args.w` is absent
      help: change this condition; if the policy is right, write `-> deny`
    `t`: expected `allow`, got `deny`
      11:34 `allow`: a condition denies this call of `a`
      5:5 `deny if args.x == 1 and args.y == 2`: `args.x` is 1, and so `== 1`; `args.y` is 2, and so `== 2`
      help: change this condition; if the policy is right, write `-> deny`
    `t`: expected `deny`, got `allow`
      12:28 `deny`
      3:9 `a`: this grants it
      4:5 `require (args.x == 1 or args.y == 1 or args.z == 1 or args.v == 1) and args.w exists`: `args.y` is 1, and so `== 1`; `args.w` is there
      5:5 `deny if args.x == 1 and args.y == 2`: `args.x` is absent
      help: write `deny a`, or narrow what is granted with a `require`; if the policy is right, write `-> allow`
    ");
}
