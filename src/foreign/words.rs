//! Advice of the checks that all policies go through, in words that hold in other formats as well.

use crate::diagnostic::{Applicability, Diagnostic, codes};

/// Puts what is only true of our language differently.
pub(super) fn reword(diagnostics: &mut [Diagnostic]) {
    for diagnostic in diagnostics {
        let code = diagnostic.code;
        if code == &codes::TYPE_MISMATCH {
            diagnostic.help = Some(
                "`lt` to `gte` look at numbers, `regex` at texts, `contains` at texts and lists; of anything else they are false"
                    .to_owned(),
            );
        } else if code == &codes::DEAD_PATTERN && diagnostic.help.is_none() {
            diagnostic.help = Some("name a tool that the server has".to_owned());
        } else if code == &codes::QUALIFIED_TOOL_NAME
            && let Some(fix) = &mut diagnostic.fix
            && let [edit] = fix.edits.as_mut_slice()
        {
            let bare = edit.text.trim_matches('"').to_owned();
            fix.title = format!("write `{bare}`");
            fix.applicability = Applicability::Unsafe;
            diagnostic.help = Some(format!("engines see the server's own name of the tool; write `{bare}`"));
            edit.text = bare;
        }
    }
}
