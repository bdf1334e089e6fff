//! The words around a verb: what is reported, what is money, what joins and what guards.
//!
//! A table as in `words`. Anything that is not here is a name of something, and says nothing.

/// What a word that is no verb does for the meaning of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noun {
    /// Something that is looked at: a name that ends in it and has no verb reads.
    Report,
    /// Something that may also be the object of a verb that nobody knows: it reads alone only.
    Things,
    /// What is told of a thing: also behind a word that may be a verb, as in `build_status`.
    State,
    /// Something that moves money when it is made or sent. In a compound the last noun counts:
    /// `create_payment`, but not `create_payment_method`.
    Payment,
    /// Money itself.
    Money,
    /// The act of deleting, as a noun.
    Removal,
    /// What a verb before it only describes: `delete_protection`, `cancel_reason`.
    Guard,
    /// Begins a phrase: what follows is not the object.
    Preposition,
    /// Puts two verbs on a level.
    Join,
    /// Goes before a noun.
    Article,
    /// Denies what follows.
    Not,
    /// Says nothing at the start of a description: "this tool allows you to …".
    Filler,
}

/// The words.
pub(super) const NOUNS: &[(Noun, &str)] = &[
    (Noun::State, "status statuses state info information detail details result results history"),
    (Noun::State, "stats statistics metric metrics summary overview health log logs progress"),
    (Noun::State, "analytics metadata ps blame reflog"),
    (Noun::Report, "version versions"),
    (Noun::Report, "insight insights trend trends trending popular pricing price prices weather"),
    (Noun::Report, "schema schemas spec specs tree docs documentation help usage balance balances"),
    (Noun::Report, "leaderboard catalog capabilities"),
    (Noun::Report, "quota quotas recommendations suggestions examples references definition"),
    (Noun::Report, "definitions total size length feed news headlines headline ping"),
    (Noun::Report, "today now current latest recent top upcoming nearby availability activity timeline"),
    (Noun::Report, "score scores rating ratings ranking rankings ticker tickers odds candles"),
    (Noun::Report, "contract contracts drift"),
    (Noun::Report, "location distance existence discussions"),
    (Noun::Report, "reports explanation analysis comparison"),
    (Noun::Report, "guide guidance tutorial faq advice tips practices bestpractices reference lookups"),
    (Noun::Report, "me identity hello echo who what which how where why when screenshots"),
    (Noun::Report, "statement statements inventory timezone elevation directions similarity sentiment"),
    // collections, where nothing else is said of them
    (Noun::Things, "limits items entries types categories options choices position positions properties attributes"),
    (Noun::Things, "changes updates directory contents permissions requests releases environments time date"),
    (Noun::Things, "data dataset datasets table tables columns databases files users"),
    (Noun::Things, "projects events pages models repositories accounts contacts members teams"),
    (Noun::Things, "countries cities languages currencies symbols assets articles products regions"),
    (Noun::Payment, "payment payments withdrawal donation subscription transaction remittance disbursement"),
    (Noun::Payment, "reimbursement loan payroll escrow installment giftcard prepayment checkout repayment"),
    (Noun::Money, "money funds liquidity cash crypto cryptocurrency usdc usdt btc bitcoin eth ether"),
    (Noun::Money, "sol xrp sats satoshis coins coin tokens stablecoin dollars euros lamports"),
    (Noun::Removal, "deletion deletions removal erasure cancellation termination destruction revocation"),
    (Noun::Removal, "uninstallation takedown liquidation deactivation deprovisioning decommissioning"),
    (Noun::Guard, "protection policy policies permission rule rules marker markers webhook hook"),
    (Noun::Guard, "hooks button handler listener reason reasons behavior behaviour confirmation"),
    (Noun::Guard, "dialog option setting settings alarm notification instructions email link"),
    (Noun::Preposition, "to from for by in on of with via at into onto between as"),
    (Noun::Preposition, "using per about under after before within across against near without"),
    (Noun::Join, "and or then n also"),
    (Noun::Article, "a an the all one single multiple your any every many some its my"),
    (Noun::Not, "not never no cannot don doesn won isn t nothing neither nor"),
    (Noun::Filler, "this that tool tools it you user agent agents used allows lets"),
    (Noun::Filler, "let enables helps will would could may function method endpoint operation"),
    (Noun::Filler, "api utility simply quickly easily safely permanently irreversibly immediately"),
    (Noun::Filler, "instantly automatically atomically asynchronously programmatically deprecated beta"),
    (Noun::Filler, "destructive readonly experimental recommended optionally efficiently directly mcp"),
    (Noun::Filler, "please allowing designed able clients client llm ai semantically batch bulk"),
];

/// The verbs that move money when what they make is a payment.
pub(super) const MOVERS: &str = "accept add approve authorize broadcast capture claim complete confirm create do execute finalize \
    generate initiate issue give make move new perform place post process provide put record register release \
    request retry run schedule send sign submit trigger";

/// The verbs that change what is paid for from now on, when it is a subscription that they change.
/// Few, since a subscription may also be one to events.
pub(super) const SUBSCRIBERS: &str = "add create make new change downgrade modify renew resume update upgrade";

/// What may follow a payment in its compound without making it something else.
pub(super) const PAYMENT_TAILS: &str = "async batch bulk intent item items link links now order orders request run session transaction v1 v2 \
    v3";

/// What before a payment's word makes it something else: a sort order, a subscription to events.
pub(super) const NO_PAYMENT_AFTER: &str = "call channel column database db display email event field heat message newsletter notification pubsub \
    push read row sort sql stacking tab topic webhook work write z";

/// Whether a list of words has this one.
pub(super) fn among(list: &str, word: &str) -> bool {
    list.split(' ').any(|it| it == word)
}
