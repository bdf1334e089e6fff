//! How the tools of one category are named in a statement: by a set with its exceptions, or one by one.

use super::quoted;
use crate::catalog::{BuiltIn, Category, Risk, Server, Tool};

/// The list of tools of a statement.
#[derive(Debug)]
pub(super) struct Selection {
    /// What is taken.
    pub(super) take: Vec<String>,
    /// What is taken away from it.
    pub(super) except: Vec<String>,
    /// Whether sets do it, so that the names have to be said elsewhere.
    pub(super) by_set: bool,
}

/// Whether no target can be told of the tool: see `target`, where such names are refused.
pub(super) fn unsayable(tool: &Tool) -> bool {
    tool.name == "*" || tool.name.trim().is_empty()
}

/// A list that covers exactly these tools of the server, all of which are treated as the category.
///
/// `whole` says that every tool of the server is spoken of; otherwise sets would take in too many.
pub(super) fn select(server: &Server, category: Category, members: &[&Tool], whole: bool) -> Selection {
    let by_name = || Selection {
        take: members.iter().map(|tool| quoted(&tool.name)).collect(),
        except: Vec::new(),
        by_set: false,
    };
    if !whole || matches!(category, Category::Execute | Category::Other) {
        return by_name();
    }
    let critical = BuiltIn::Risk(Risk::Critical);
    let astray = |tool: &&Tool| tool.treated_as() != tool.category;
    let (mut take, mut except) = (vec![BuiltIn::Category(category)], Vec::new());
    if category == Category::Destructive {
        if server.tools.iter().any(|tool| astray(&tool)) {
            take.push(critical);
            except.push(BuiltIn::Category(Category::Financial));
        }
    } else if server.tools.iter().any(|tool| tool.category == category && astray(&tool)) {
        except.push(critical);
    }
    let covers = |sets: &[BuiltIn], tool: &Tool| sets.iter().any(|set| set.covers(tool));
    let covered = server.tools.iter().filter(|tool| covers(&take, tool) && !covers(&except, tool));
    let others: Vec<&Tool> = covered.filter(|tool| !members.iter().any(|member| member.name == tool.name)).collect();
    // more exceptions than members: the set would say the opposite of what is meant
    if others.len() > members.len() {
        return by_name();
    }
    let sets = |sets: Vec<BuiltIn>| sets.into_iter().map(|set| set.to_string());
    Selection {
        take: sets(take).collect(),
        except: sets(except).chain(others.iter().map(|tool| quoted(&tool.name))).collect(),
        by_set: true,
    }
}
