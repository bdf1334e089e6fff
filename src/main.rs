//! The `mcppol` command.

fn main() -> std::process::ExitCode {
    mcppol::cli::main()
}
