//! How a server is reached: which package, repository, program or address its entry names, whatever is around it.

use crate::document::Value;

/// What is reached or started, without what may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Launch {
    /// A package from a registry, without its version.
    Package {
        /// The program that fetches and runs it, as `npx`.
        runner: String,
        /// The package.
        name: String,
    },
    /// A repository, `owner/name`, or an image of that name.
    Repository(String),
    /// A program or script of this machine, by the names in its path from the last to the first.
    Program(Vec<String>),
    /// A server at an address; its host alone.
    Host(String),
    /// The entry names none of these.
    Unknown,
}

/// Programs that run what their first plain argument names.
const RUNNERS: [&str; 6] = ["npx", "bunx", "pnpx", "uvx", "dlx", "deno"];
/// Words between a program and the package that it runs.
const VERBS: [(&str, &[&str]); 7] = [
    ("npm", &["exec", "x"]),
    ("pnpm", &["dlx", "exec"]),
    ("yarn", &["dlx"]),
    ("bun", &["x"]),
    ("pipx", &["run"]),
    ("uv", &["tool", "run"]),
    ("deno", &["run"]),
];
/// Options of runners whose value is the package.
const PACKAGE_OPTIONS: [&str; 3] = ["--package", "-p", "--from"];
/// Options of runners that have another value.
const VALUE_OPTIONS: [&str; 8] =
    ["--with", "--python", "--index-url", "--registry", "--directory", "--project", "-c", "--call"];
/// Programs that run a script.
const INTERPRETERS: [&str; 8] = ["node", "python", "python3", "py", "bun", "deno", "tsx", "uv"];
/// Packages that only carry on to an address.
const BRIDGES: [&str; 3] = ["mcp-remote", "supergateway", "mcp-proxy"];

impl Launch {
    /// What a command starts.
    #[must_use]
    pub fn of_command<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        words_of(&words.into_iter().collect::<Vec<_>>(), 0)
    }

    /// What answers at an address.
    #[must_use]
    pub fn of_address(address: &str) -> Self {
        host(address).map_or(Self::Unknown, Self::Host)
    }

    /// The registry that a package comes from, as catalogs name it.
    #[must_use]
    pub fn registry(&self) -> Option<&'static str> {
        let Self::Package { runner, .. } = self else { return None };
        let python = ["uvx", "uv", "pipx"].contains(&runner.as_str()) || runner.starts_with("py");
        Some(if python { "pypi" } else { "npm" })
    }

    /// The host of an address that means the same everywhere: a name, and no number or name of this network.
    #[must_use]
    pub fn public_host(&self) -> Option<&str> {
        let Self::Host(host) = self else { return None };
        let (_, last) = host.rsplit_once('.')?;
        last.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(host)
    }

    /// The names under which a catalog may know what is started.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::Package { name, .. } | Self::Repository(name) | Self::Host(name) => vec![name],
            // a folder called `git` tells nothing
            Self::Program(parts) => {
                parts.iter().map(String::as_str).filter(|part| part.contains(['-', '_', '/'])).collect()
            }
            Self::Unknown => Vec::new(),
        }
    }
}

pub(crate) fn of(entry: &Value) -> Launch {
    let text = |name: &str| entry.get(name).and_then(Value::text);
    if let Some(address) = text("url").or_else(|| text("serverUrl")).or_else(|| text("httpUrl")) {
        return Launch::of_address(address);
    }
    let Some(command) = text("command") else { return Launch::Unknown };
    let arguments = entry.get("args").map_or(&[][..], Value::items).iter().filter_map(Value::text);
    // some write the whole line into `command`
    let words: Vec<&str> = match entry.get("args") {
        None => command.split_whitespace().collect(),
        Some(_) => [command].into_iter().chain(arguments).collect(),
    };
    words_of(&words, 0)
}

/// How deep wrappers may stand in one another.
const WRAPPERS: usize = 4;

fn words_of(words: &[&str], depth: usize) -> Launch {
    let Some((program, rest)) = words.split_first() else { return Launch::Unknown };
    let name = program_name(program);
    let inner = |rest: &[&str]| if depth < WRAPPERS { words_of(rest, depth + 1) } else { Launch::Unknown };
    match name.as_str() {
        "cmd" => return inner(after_options(rest, '/')),
        "env" => {
            let skipped = rest.iter().take_while(|word| word.contains('=') || word.starts_with('-')).count();
            return inner(rest.get(skipped..).unwrap_or_default());
        }
        "sh" | "bash" | "zsh" | "powershell" | "pwsh" => {
            let line = rest.iter().skip_while(|word| word.starts_with('-')).flat_map(|word| word.split_whitespace());
            return inner(&line.filter(|word| *word != "exec").collect::<Vec<_>>());
        }
        "docker" | "podman" | "nerdctl" => return image(rest),
        _ => {}
    }
    let verbs = VERBS.iter().find(|(program, _)| *program == name).map_or(&[][..], |(_, verbs)| *verbs);
    let said = rest.iter().take_while(|word| verbs.contains(word)).count();
    // `uv run` runs a script of the project, `uv tool run` a package
    let needed = if name == "uv" { 2 } else { 1 };
    if RUNNERS.contains(&name.as_str()) || said >= needed {
        let launch = package(&name, rest.get(said..).unwrap_or_default());
        if launch != Launch::Unknown {
            return launch;
        }
    }
    let module = rest.iter().position(|word| *word == "-m").and_then(|at| rest.get(at + 1));
    if let Some(module) = module.filter(|_| name.starts_with("py")) {
        return Launch::Package { name: module.replace('_', "-"), runner: name };
    }
    let paths = rest.iter().filter(|word| INTERPRETERS.contains(&name.as_str()) && !word.starts_with('-'));
    let own = [*program].into_iter().filter(|_| !INTERPRETERS.contains(&name.as_str()));
    let parts: Vec<String> = own.chain(paths.copied()).flat_map(parts).collect();
    if parts.is_empty() { Launch::Unknown } else { Launch::Program(parts) }
}

/// The package that a runner is told to run, and for a package that carries on to an address, that address.
fn package(runner: &str, words: &[&str]) -> Launch {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if let Some((_, value)) = word.split_once('=').filter(|(option, _)| PACKAGE_OPTIONS.contains(option)) {
            return specified(runner, value);
        }
        if PACKAGE_OPTIONS.contains(word) {
            return words.next().map_or(Launch::Unknown, |value| specified(runner, value));
        }
        if VALUE_OPTIONS.contains(word) {
            words.next();
        } else if !word.starts_with('-') {
            if BRIDGES.iter().any(|bridge| bare(word) == *bridge) {
                return words.find_map(|word| host(word)).map_or(Launch::Unknown, Launch::Host);
            }
            return specified(runner, word);
        }
    }
    Launch::Unknown
}

/// What a package's specification names: a package without version and extras, or a repository.
fn specified(runner: &str, word: &str) -> Launch {
    let word = word.strip_prefix("npm:").unwrap_or(word);
    let source = word.strip_prefix("git+").or_else(|| word.starts_with("https://").then_some(word));
    let source = source.or_else(|| word.strip_prefix("github:"));
    match source {
        Some(source) => repository(source).map_or(Launch::Unknown, Launch::Repository),
        None => Launch::Package { runner: runner.to_owned(), name: bare(word).to_owned() },
    }
}

/// A package's name without its version and extras.
fn bare(word: &str) -> &str {
    let version = word.char_indices().skip(1).find(|(_, c)| matches!(c, '@' | '=' | '<' | '>' | '~' | '[' | ' '));
    version.map_or(word, |(at, _)| word.get(..at).unwrap_or(word))
}

/// `owner/name` of a repository's address.
fn repository(address: &str) -> Option<String> {
    let path = address.split_once("://").map_or(address, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let path = path.split(['#', '?']).next().unwrap_or_default();
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let (owner, name) = (parts.next()?, parts.next()?);
    let name = name.split('@').next().unwrap_or(name);
    Some(format!("{owner}/{}", name.strip_suffix(".git").unwrap_or(name)))
}

/// The image that a container is made of, as the repository that its name tells of.
fn image(words: &[&str]) -> Launch {
    // values of options have a `=`, a path or a port; an image has the form owner/name, perhaps behind a host
    let plain = |word: &&&str| {
        let name = without_tag(word);
        let parts: Vec<&str> = name.split('/').collect();
        let fine = |part: &&str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
                && !part.starts_with('.')
        };
        parts.len() >= 2 && parts.len() <= 4 && parts.iter().all(fine)
    };
    let Some(image) = words.iter().find(plain) else { return Launch::Unknown };
    let parts: Vec<&str> = without_tag(image).split('/').collect();
    match parts.as_slice() {
        [.., owner, name] => Launch::Repository(format!("{owner}/{name}")),
        _ => Launch::Unknown,
    }
}

fn without_tag(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or(image);
    match name.rsplit_once(':') {
        Some((before, tag)) if !tag.contains('/') => before,
        _ => name,
    }
}

/// The host of an http(s) address, in small letters and without its port.
fn host(address: &str) -> Option<String> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    (!host.is_empty()).then_some(host)
}

/// The name of a program without its folders and what Windows puts behind it.
fn program_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_lowercase();
    let ends = [".exe", ".cmd", ".bat", ".ps1"];
    let end = ends.iter().find_map(|end| name.strip_suffix(end).map(str::to_owned));
    end.unwrap_or(name)
}

/// The names in a path, the last first, without endings of scripts; a scope stays with its package.
fn parts(path: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for part in path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != "." && *part != "..") {
        match out.last_mut().filter(|scope| scope.starts_with('@') && !scope.contains('/')) {
            Some(scope) => {
                scope.push('/');
                scope.push_str(part);
            }
            None => out.push(part.to_owned()),
        }
    }
    if let Some(last) = out.last_mut() {
        *last = program_name(last);
        let script = [".js", ".mjs", ".cjs", ".ts", ".py"].iter().find_map(|end| last.strip_suffix(end));
        if let Some(script) = script.map(str::to_owned) {
            *last = script;
        }
    }
    out.reverse();
    out
}

/// The words behind the options of a wrapper.
fn after_options<'w, 'a>(words: &'w [&'a str], mark: char) -> &'w [&'a str] {
    let options = words.iter().take_while(|word| word.starts_with(mark)).count();
    words.get(options..).unwrap_or_default()
}
