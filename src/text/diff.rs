//! What two texts have in common, and both as a unified diff, the form that `patch` and reviewers read.

/// How many lines stand unchanged around a change.
const CONTEXT: usize = 3;
/// How many changes are told apart; beyond it what differs is one change.
const MOST: usize = 1_000;

/// One line of a diff, with its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line<'t> {
    Same(&'t str),
    Gone(&'t str),
    New(&'t str),
}

/// What makes `new` of `old`; nothing where they are equal.
pub fn unified(name: &str, old: &str, new: &str) -> String {
    let lines = lines(old, new);
    let changed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| !matches!(line, Line::Same(_))).map(|(at, _)| at).collect();
    let mut out = String::new();
    let mut rest = changed.as_slice();
    let (mut at, mut old_line, mut new_line) = (0, 1, 1);
    while let Some(first) = rest.first() {
        if out.is_empty() {
            out.push_str(&format!("--- {name}\n+++ {name}\n"));
        }
        // changes whose surroundings touch are told together
        let together = rest.iter().zip(rest.iter().skip(1)).take_while(|(a, b)| **b - **a <= 2 * CONTEXT).count();
        let last = rest.get(together).copied().unwrap_or(*first);
        rest = rest.get(together + 1..).unwrap_or_default();
        let start = first.saturating_sub(CONTEXT);
        for line in lines.iter().take(start).skip(at) {
            old_line += usize::from(!matches!(line, Line::New(_)));
            new_line += usize::from(!matches!(line, Line::Gone(_)));
        }
        at = (last + CONTEXT + 1).min(lines.len());
        let hunk = lines.get(start..at).unwrap_or_default();
        let olds = hunk.iter().filter(|line| !matches!(line, Line::New(_))).count();
        let news = hunk.iter().filter(|line| !matches!(line, Line::Gone(_))).count();
        out.push_str(&format!("@@ -{} +{} @@\n", place(old_line, olds), place(new_line, news)));
        for line in hunk {
            let (sign, text) = match line {
                Line::Same(text) => (' ', text),
                Line::Gone(text) => ('-', text),
                Line::New(text) => ('+', text),
            };
            out.push(sign);
            out.push_str(text);
            if !text.ends_with('\n') {
                out.push_str("\n\\ No newline at end of file\n");
            }
        }
        old_line += olds;
        new_line += news;
    }
    out
}

/// The place of a hunk: an empty one stands after the line before it.
fn place(line: usize, count: usize) -> String {
    match count {
        0 => format!("{},0", line - 1),
        1 => line.to_string(),
        _ => format!("{line},{count}"),
    }
}

/// Both texts as one list of lines.
fn lines<'t>(old: &'t str, new: &'t str) -> Vec<Line<'t>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (x, y) in common(&old, &new).into_iter().chain([(old.len(), new.len())]) {
        out.extend(old.iter().take(x).skip(i).map(|line| Line::Gone(line)));
        out.extend(new.iter().take(y).skip(j).map(|line| Line::New(line)));
        out.extend(old.get(x).map(|line| Line::Same(line)));
        (i, j) = (x + 1, y + 1);
    }
    out
}

/// The places of entries that two lists have in common, in order: as many as can be, and only those at both ends where
/// the lists differ in more than a thousand.
pub fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let before = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let room = old.len().min(new.len()) - before;
    let after = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
    let inner = search(middle(old, before, after), middle(new, before, after));
    let mut out: Vec<(usize, usize)> = (0..before).map(|at| (at, at)).collect();
    out.extend(inner.into_iter().map(|(x, y)| (before + x, before + y)));
    out.extend((old.len() - after..old.len()).zip(new.len() - after..new.len()));
    out
}

fn middle<'s, 't>(entries: &'s [&'t str], before: usize, after: usize) -> &'s [&'t str] {
    entries.get(before..entries.len() - after).unwrap_or_default()
}

/// The places of entries that both have, as many as can be in one order (Myers' greedy search).
fn search(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let most = (a.len() + b.len()).min(MOST);
    let middle = most + 1;
    // for each diagonal the farthest place in `a`
    let mut reach = vec![0_usize; 2 * most + 3];
    let mut trace = Vec::new();
    for edits in 0..=most.cast_signed() {
        trace.push(reach.clone());
        for diagonal in (-edits..=edits).step_by(2) {
            let (x, _) = step(&reach, middle, diagonal, edits);
            let mut x = x;
            let mut y = x.wrapping_add_signed(-diagonal);
            while a.get(x).is_some_and(|entry| b.get(y) == Some(entry)) {
                x += 1;
                y += 1;
            }
            if let Some(place) = reach.get_mut(middle.wrapping_add_signed(diagonal)) {
                *place = x;
            }
            if x >= a.len() && y >= b.len() {
                return back(&trace, middle, diagonal, x);
            }
        }
    }
    Vec::new()
}

/// Where a diagonal begins after one more edit, and the diagonal that it comes from.
fn step(reach: &[usize], middle: usize, diagonal: isize, edits: isize) -> (usize, isize) {
    let at = |diagonal: isize| reach.get(middle.wrapping_add_signed(diagonal)).copied().unwrap_or_default();
    let (below, above) = (at(diagonal + 1), at(diagonal - 1));
    if diagonal == -edits || (diagonal != edits && above < below) {
        (below, diagonal + 1)
    } else {
        (above + 1, diagonal - 1)
    }
}

/// The way back from the end: along each diagonal the entries are common.
fn back(trace: &[Vec<usize>], middle: usize, mut diagonal: isize, mut x: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    for (edits, reach) in trace.iter().enumerate().rev() {
        let (start, from) = if edits == 0 { (0, 0) } else { step(reach, middle, diagonal, edits.cast_signed()) };
        while x > start {
            x -= 1;
            out.push((x, x.wrapping_add_signed(-diagonal)));
        }
        if edits > 0 {
            x = if from > diagonal { start } else { start - 1 };
            diagonal = from;
        }
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks() {
        assert_eq!(unified("a", "x\n", "x\n"), "");
        assert_eq!(unified("a", "1\n2\n3\n", "1\nB\n3\n"), "--- a\n+++ a\n@@ -1,3 +1,3 @@\n 1\n-2\n+B\n 3\n");
        assert_eq!(unified("a", "", "x"), "--- a\n+++ a\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n");
        let old: String = (1..=20).map(|n| format!("{n}\n")).collect();
        let new = old.replace("\n2\n", "\n").replace("19\n", "19\nnew\n");
        let wanted = "--- a\n+++ a\n@@ -1,5 +1,4 @@\n 1\n-2\n 3\n 4\n 5\n@@ -17,4 +16,5 @@\n 17\n 18\n 19\n+new\n 20\n";
        assert_eq!(unified("a", &old, &new), wanted);
    }

    /// Both texts can be read back from their lines, whatever they are.
    #[test]
    fn lines_are_of_both_texts() {
        let mut seed = 1_u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 24
        };
        for _ in 0..500 {
            let mut text = || (0..random() % 12).map(|_| ["a\n", "b\n", "c\n", "d"][random() as usize % 4]).collect();
            let (old, new): (String, String) = (text(), text());
            let lines = lines(&old, &new);
            let of = |gone: bool| -> String {
                let kept = |line: &Line<'_>| match line {
                    Line::Same(text) => Some((*text).to_owned()),
                    Line::Gone(text) => gone.then(|| (*text).to_owned()),
                    Line::New(text) => (!gone).then(|| (*text).to_owned()),
                };
                lines.iter().filter_map(kept).collect()
            };
            assert_eq!((of(true), of(false)), (old, new));
        }
    }
}
