//! The verbs: what each says that a tool does.
//!
//! A table to be read and argued with. A verb stands in the row of what it usually means; what it
//! means with certain objects is in `phrases`. Inflections are made from the base form, so that
//! `deletes` and `deleting` are known and `undelete` is not `delete`. Nouns are in `nouns`; reading
//! a whole name is in `name`.

/// What a verb says that the tool does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Retrieves or computes. Verbs after it say what is read: `get_delete_status`.
    Read,
    /// Creates or changes.
    Write,
    /// Brings back or guards. Verbs after it say against what: `undo_delete`.
    Spare,
    /// Changes in a way that may lose what was there, or says too little: `archive`, `manage`.
    Alter,
    /// Starts, stops or drives something.
    Execute,
    /// Moves money.
    Pay,
    /// Ends or resets something, usually for good: `cancel`, `reset`, `clear`.
    End,
    /// Deletes.
    Delete,
}

/// A verb of the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verb {
    /// What it says.
    pub(super) act: Act,
    /// Whether it is as often a noun: `run`, `order`, `search`.
    pub(super) noun: bool,
}

/// Whether the act is one that cannot be undone.
pub(super) const fn critical(act: Act) -> bool {
    matches!(act, Act::Pay | Act::End | Act::Delete)
}

/// How strictly an act is judged: by its category, then by itself.
pub(super) const fn strictness(act: Act) -> u8 {
    match act {
        Act::Read => 0,
        Act::Spare => 1,
        Act::Write => 2,
        Act::Alter => 3,
        Act::Execute => 4,
        Act::Pay => 5,
        Act::End => 6,
        Act::Delete => 7,
    }
}

/// The verbs that are hardly ever nouns in the name of a tool.
pub(super) const VERBS: &[(Act, &str)] = &[
    // retrieving
    (Act::Read, "get fetch list ls retrieve find read browse lookup see cat"),
    (Act::Read, "describe inspect examine explore discover enumerate traverse peek grep"),
    (Act::Read, "receive acquire collect gather obtain pick glob locate identify know"),
    (Act::Read, "extract scrape crawl recall tail"),
    // asking whether
    (Act::Read, "check validate is has can are does should whoami exists assert"),
    (Act::Read, "diagnose detect lint troubleshoot"),
    // computing from what is given
    (Act::Read, "analyze analyse compare calculate estimate explain summarize summarise"),
    (Act::Read, "classify predict recommend suggest parse decode interpret"),
    (Act::Read, "recognize transcribe preview decompile disassemble visualize infer learn expect"),
    (Act::Read, "aggregate assess determine tokenize transform convert correlate cite geocode"),
    // the read commands of key-value stores
    (Act::Read, "hget hgetall hkeys hvals hlen hexists mget lrange llen lindex smembers"),
    (Act::Read, "scard sismember zrange zrank zscore zcard xrange xlen dbsize getrange strlen"),
    // creating
    (Act::Write, "create add insert append prepend make new init define"),
    (Act::Write, "save write put submit register install provision onboard enroll"),
    (Act::Write, "upload download ingest copy duplicate remember memorize"),
    (Act::Write, "send notify publish broadcast forward announce invite respond react mention"),
    // changing
    (Act::Write, "update set edit modify revise upsert createorupdate rename adjust configure customize"),
    (Act::Write, "assign unassign reassign attach associate disassociate bind unbind mark unmark"),
    (Act::Write, "enable activate allow approve accept complete finish increment decrement"),
    (Act::Write, "subscribe follow unfollow unlike unstar unpin unmute unblock unlock unhide ungroup"),
    (Act::Write, "upvote downvote crosspost silence rsvp mkdir chmod chown"),
    (Act::Write, "hide mute snooze reopen toggle promote demote escalate prioritize reorder"),
    (Act::Write, "join apply confirm resolve unresolve acknowledge ack place"),
    (
        Act::Write,
        "dismiss decline deny reject close fix autofix repair expand combine give zip compress downgrade fulfill provide ship",
    ),
    (Act::Write, "expose unshare untag arrange align resize crop rotate"),
    (Act::Write, "enrich annotate organize populate fill extend prolong renew adopt allocate"),
    (Act::Write, "finalize move relocate reparent nest encrypt"),
    (Act::Write, "hset hmset mset lpush rpush sadd zadd xadd setex setnx incr decr"),
    // bringing back and guarding
    (Act::Spare, "undo undelete unarchive untrash restore recover reinstate reactivate redo"),
    (Act::Spare, "prevent protect avoid disallow forbid unsuspend reenable unban undeprecate"),
    // changing what may not come back, or saying too little
    (Act::Alter, "manage administer alter disable replace suspend expire"),
    (Act::Alter, "rollback revert rewrite override supersede deprecate unprotect sync reconcile"),
    (Act::Alter, "ltrim lpop rpop spop zpopmin zpopmax exclude"),
    // driving
    (Act::Execute, "execute exec start stop restart reboot invoke eval evaluate perform"),
    (Act::Execute, "navigate undeploy prepare isolate design take go click hover press swipe goto"),
    (Act::Execute, "pause resume unpause act compile spawn rerun retry simulate initialize"),
    (Act::Execute, "initiate authenticate authorize sleep wait generate synthesize"),
    (Act::Execute, "begin end halt shutdown poweroff hibernate wake enqueue orchestrate operate"),
    (Act::Execute, "interact solve ask tell instruct automate migrate failover reindex recompile"),
    (Act::Execute, "optimize boot attack exploit inject call drag"),
    (Act::Execute, "minimize maximize open unzip emulate impersonate delegate"),
    // moving money
    (Act::Pay, "pay prepay repay buy sell withdraw donate reimburse remit settle multisend invest lend borrow"),
    (Act::Pay, "rebuy unstake liquidate disburse overpay topup repurchase cashout"),
    // ending
    (Act::End, "cancel clear reset revoke abort logout logoff signout unsubscribe disconnect"),
    (Act::End, "deactivate detach unlink unregister deregister unpublish discard evict kick ban"),
    (Act::End, "invalidate decommission deprovision unenroll uninvite unmount unset cleanup clean"),
    (Act::End, "unpair unsend retract quit retire expel unfriend unload demolish annul disband nullify dissolve"),
    // deleting
    (Act::Delete, "delete remove destroy erase purge wipe truncate expunge drop prune uninstall"),
    (Act::Delete, "terminate kill obliterate overwrite eradicate shred nuke annihilate scrub unindex"),
    (Act::Delete, "forget eliminate deindex teardown flush zap"),
    (Act::Delete, "del rm rmi rmdir rem hdel zrem srem lrem xdel jsondel flushdb flushall"),
];

/// The verbs that are as often nouns: a verb only where the name has room for one.
pub(super) const NOUN_VERBS: &[(Act, &str)] = &[
    // often the name of a product or of a service, with the verb behind it: `compute_disk_delete`
    (Act::Read, "compute verify translate load map measure probe"),
    (Act::Write, "import connect"),
    (Act::Execute, "deploy play launch"),
    (Act::Read, "search query count view scan review audit report monitor track poll"),
    (Act::Read, "diff hash screenshot snapshot capture export head stat watch sample"),
    (Act::Read, "look show research survey quote match filter sort rank forecast trace"),
    (Act::Read, "profile route plot chart debug return answer dump"),
    (Act::Write, "post patch change store record log note comment reply message email text"),
    (Act::Write, "tag label star pin like vote rate bookmark flag link share tweet schedule"),
    (Act::Write, "draft compose clone fork merge commit push stage stash backup grant transition"),
    (Act::Write, "checkin checkout book reserve rent mail sms block lock mix format style"),
    (Act::Write, "permit branch issue offer bump seed setup signup index embed paint"),
    (Act::Write, "bridge wrap unwrap"),
    (Act::Write, "split upgrade cache sign claim cc repost retweet reblog"),
    (Act::Alter, "archive trim release quarantine freeze exit shift"),
    (Act::Execute, "do login run build trigger train test process handle prompt chat select scroll"),
    (Act::Execute, "vacuum gc seek skip exercise"),
    (Act::Execute, "tap type scale step fire dispatch benchmark render cast"),
    (Act::Execute, "print request pull drive control focus power switch turn cycle dial speak say"),
    (Act::Execute, "mount refresh reload rebase cherry script command use work"),
    // what does it, at the end of a name
    (Act::Read, "reader viewer finder fetcher validator analyzer converter summarizer checker"),
    (Act::Write, "updater writer uploader sender"),
    (Act::Execute, "runner executor generator"),
    (Act::Delete, "remover deleter cleaner"),
    (Act::Pay, "charge refund transfer purchase order trade bid bet wager swap stake mint"),
    (Act::Pay, "debit deposit tip fund invoice payout redeem bill tithe airdrop"),
    (Act::End, "drain void empty leave trash recycle strip"),
];
