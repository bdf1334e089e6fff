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
    /// Something that has what is looked at: where all words before it are such, a collection reads,
    /// since none of them is a verb that nobody knows.
    Subject,
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
    (Noun::Report, "version versions insight insights trend trends trending popular pricing price prices"),
    (Noun::Report, "weather schema schemas spec specs tree docs documentation help usage balance balances"),
    (Noun::Report, "leaderboard catalog capabilities quota quotas recommendations suggestions examples"),
    (Noun::Report, "references definition definitions total size length feed news headlines headline ping"),
    (Noun::Report, "today now current latest recent top upcoming nearby availability activity timeline score"),
    (Noun::Report, "scores rating ratings ranking rankings ticker tickers odds candles contract contracts"),
    (Noun::Report, "drift location distance existence discussions reports explanation analysis comparison"),
    (Noun::Report, "guide guidance tutorial faq advice tips practices bestpractices reference lookups me"),
    (Noun::Report, "identity hello echo who what which how where why when screenshots statement statements"),
    (Noun::Report, "inventory timezone elevation directions similarity sentiment transcript transcripts"),
    (Noun::Report, "lyrics synonyms antonyms horoscope citations backlinks xrefs facts dividends earnings"),
    (Noun::Report, "financials filings rates uptime humidity temperature coverage hierarchy standings"),
    (Noun::Report, "fixtures holidays indicators logbook agenda findings vulnerabilities freebusy dictionary"),
    (Noun::Report, "callers callees holders ideas currently recently random forecasts quotes jokes"),
    (
        Noun::Report,
        "performance whois diagnostics spending worth profit risk traceroute interest tracker roster enumeration",
    ),
    (Noun::Report, "geolocation changelog orderbook candlesticks ohlcv nutrition sunrise sunset headcount"),
    // collections, where nothing else is said of them
    (Noun::Things, "limits items entries types categories options choices position positions properties"),
    (Noun::Things, "attributes changes updates directory contents permissions requests releases environments"),
    (Noun::Things, "time date data dataset datasets table tables columns databases files users projects"),
    (Noun::Things, "events pages models repositories accounts contacts members teams countries cities"),
    (Noun::Things, "languages currencies symbols assets articles products regions book level levels depth"),
    (Noun::Things, "quality rate conversion pipeline profile profiles calendar menu phase readings lines"),
    (Noun::Things, "names numbers keys values offsets steps tracks songs albums artists playlists episodes"),
    (Noun::Things, "movies videos photos images comments posts tweets messages chats channels threads topics"),
    (Noun::Things, "subreddits followers friends orders trades customers vendors suppliers employees"),
    (Noun::Things, "companies deals leads tickets issues tasks boards sprints invoices bills transactions"),
    (Noun::Things, "refunds charges payouts offers listings postings jobs candidates applicants courses"),
    (Noun::Things, "lessons questions answers notes devices sensors rooms sites stations vehicles flights"),
    (Noun::Things, "hotels airports restaurants zones places servers services clusters nodes shards replicas"),
    (Noun::Things, "partitions brokers consumers groups interfaces containers networks volumes processes"),
    (Noun::Things, "windows sessions strings imports exports classes methods fields relationships"),
    (Noun::Things, "dependencies licenses branches commits tags builds runs campaigns keywords ads audiences"),
    (Noun::Things, "competitors pools chain graph value cap structure address addresses number namespaces"),
    (Noun::Things, "mentions hashtags stubs chains schedule receipt receipts lag departures arrivals reviews"),
    (Noun::Things, "blocks validators portfolios holdings tests alerts incidents deployments domains sources"),
    (Noun::Things, "stocks papers authors recipes"),
    (Noun::Subject, "account customer order company employee vendor member team organization org workspace"),
    (
        Noun::Subject,
        "project board sprint issue ticket task deal contact lead campaign keyword ad similar tv model meeting alert",
    ),
    (Noun::Subject, "aged earthquake analyst citation sales discount coupon loyalty reward bank dns ip ssl"),
    (Noun::Subject, "bus train tide visa drug gene protein compound law court property mortgage salary short"),
    (Noun::Subject, "slow whale gas yield protocol ingress staking system app application form survey audio"),
    (Noun::Subject, "document symbol variant purchase market stock portfolio token pool wallet asset fund"),
    (Noun::Subject, "economic financial insider exchange currency unit trade tax product store cart item"),
    (Noun::Subject, "video channel playlist track artist album song podcast episode movie show photo image"),
    (Noun::Subject, "message chat thread tweet post subreddit comment unread overdue pending active vehicle"),
    (Noun::Subject, "device sensor room battery home entity site station charging air moon sleep flight hotel"),
    (Noun::Subject, "airport restaurant city country region place map travel job course daily weekly monthly"),
    (Noun::Subject, "annual free fear game league player match athlete workout heart server service cluster"),
    (Noun::Subject, "node container network host interface process memory cpu disk domain database collection"),
    (Noun::Subject, "column field topic consumer partition queue key file code class variable dependency"),
    (Noun::Subject, "package license commit deployment page competitor traffic search bible recipe meal paper"),
    (Noun::Subject, "author security threat flaky"),
    (Noun::Payment, "payment payments withdrawal donation subscription transaction remittance disbursement"),
    (Noun::Payment, "reimbursement loan payroll escrow installment giftcard prepayment checkout repayment gift"),
    (Noun::Money, "money funds liquidity collateral cash crypto cryptocurrency usdc usdt btc bitcoin eth ether"),
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
    request retry run schedule send sign split submit trigger";

/// What ends the name of something that is told of payments or removals: `refund_policy`.
pub(super) const TERMS: &str = "policy policies reason reasons rules terms limits routes pdf eligibility";

/// What is also a verb, and behind nothing but nouns is none: `inflation_rate`, `bus_schedule`.
pub(super) const FIGURES: &str = "rate schedule";

/// The verbs behind a check that make one or change it: `check_host_create`.
pub(super) const MAKERS: &str = "create add update edit enable disable";

/// What before an order says how it is to be filled: `limit_order` places one.
pub(super) const ORDERS: &str = "market limit spot futures margin bracket oco";

/// The verbs that change what is paid for from now on, when it is a subscription that they change.
/// Few, since a subscription may also be one to events.
pub(super) const SUBSCRIBERS: &str = "add create make new start change downgrade modify renew resume update upgrade";

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
