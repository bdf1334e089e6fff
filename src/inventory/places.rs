//! Where clients keep their configurations: the places of each, on every system.

/// A folder that places are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// The folder that is worked in.
    Project,
    /// The user's home.
    Home,
    /// Where programs keep a user's settings: `~/.config`, `~/Library/Application Support`, `%APPDATA%`.
    Settings,
    /// Where an administrator keeps what holds for all users of Claude Code.
    Managed,
}

/// What a file holds, as far as it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// JSON with `mcpServers`.
    McpServers,
    /// The same, and `projects` with more of them for single folders.
    ClaudeCode,
    /// JSON with `servers`.
    VsCode,
    /// JSON with `mcp.servers` among other settings.
    VsCodeSettings,
    /// TOML with `mcp_servers`.
    Codex,
    /// No servers, but lists of what is allowed and refused.
    Lists,
}

/// A file that may be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Whose it is.
    pub client: &'static str,
    /// Where its path begins.
    pub base: Base,
    /// The path, with `/` on every system.
    pub path: &'static str,
    /// What it holds.
    pub form: Form,
}

const fn place(client: &'static str, base: Base, path: &'static str, form: Form) -> Place {
    Place { client, base, path, form }
}

/// All of them: what belongs to the project before what belongs to the user, for the first that speaks of a name counts.
pub static PLACES: &[Place] = &[
    place("Claude Code", Base::Project, ".mcp.json", Form::McpServers),
    place("Claude Code", Base::Project, ".claude/settings.local.json", Form::Lists),
    place("Claude Code", Base::Project, ".claude/settings.json", Form::Lists),
    place("Cursor", Base::Project, ".cursor/mcp.json", Form::McpServers),
    place("Cursor", Base::Project, ".cursor/permissions.json", Form::Lists),
    place("Cursor", Base::Project, ".cursor/cli.json", Form::Lists),
    place("VS Code", Base::Project, ".vscode/mcp.json", Form::VsCode),
    place("VS Code", Base::Project, ".vscode/settings.json", Form::VsCodeSettings),
    place("Codex", Base::Project, ".codex/config.toml", Form::Codex),
    place("Claude Code", Base::Home, ".claude.json", Form::ClaudeCode),
    place("Claude Code", Base::Home, ".claude/settings.json", Form::Lists),
    place("Claude Code", Base::Managed, "managed-mcp.json", Form::McpServers),
    place("Claude Code", Base::Managed, "managed-settings.json", Form::Lists),
    place("Claude Desktop", Base::Settings, "Claude/claude_desktop_config.json", Form::McpServers),
    place("Cursor", Base::Home, ".cursor/mcp.json", Form::McpServers),
    place("Cursor", Base::Home, ".cursor/permissions.json", Form::Lists),
    place("Cursor", Base::Home, ".cursor/cli-config.json", Form::Lists),
    place("VS Code", Base::Settings, "Code/User/mcp.json", Form::VsCode),
    place("VS Code", Base::Settings, "Code/User/settings.json", Form::VsCodeSettings),
    place("VS Code Insiders", Base::Settings, "Code - Insiders/User/mcp.json", Form::VsCode),
    place("Codex", Base::Home, ".codex/config.toml", Form::Codex),
    place("Windsurf", Base::Home, ".codeium/windsurf/mcp_config.json", Form::McpServers),
];

impl Form {
    /// The form of a file by the end of its path, for files that stand anywhere; what no place is like is taken for
    /// `mcpServers`, as most clients write.
    pub fn of(path: &str) -> Self {
        let path = path.replace('\\', "/");
        let ends = |place: &&Place| {
            path.strip_suffix(place.path).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        let longest = PLACES.iter().filter(ends).max_by_key(|place| place.path.len());
        match longest {
            Some(place) => place.form,
            None if path.ends_with(".toml") => Form::Codex,
            None => Form::McpServers,
        }
    }
}
