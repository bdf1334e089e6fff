use mcppol::syntax::*;
use mcppol::text::*;
fn dump(n: Node<'_>, d: usize) {
    let k = n.children().count();
    println!("{}{:?} {:?}", "  ".repeat(d), n, if k == 0 { n.text() } else { "" });
    for c in n.children() {
        dump(c, d + 1)
    }
}
fn main() {
    let t = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let v = std::env::args().nth(2).is_some();
    let t0 = std::time::Instant::now();
    let mut s = split(&t);
    s.push(t.len() as u32);
    let lines = Lines::new(&t);
    let mut nn = 0;
    for w in s.windows(2) {
        let c = &t[w[0] as usize..w[1] as usize];
        let ch = parse_chunk(FileId(0), c);
        if v {
            for r in ch.tree.roots(c, FileId(0), w[0]) {
                dump(r, 0);
            }
        }
        nn += ch.tree.all(c, FileId(0), 0).count();
        for e in ch.errors {
            let p = lines.position(&t, e.span.start + w[0]);
            println!("{}:{} {} {} | {:?}", p.line, p.column, e.code.name, e.message, e.help);
            for l in e.labels {
                println!("    {:?}", l);
            }
        }
    }
    println!("{:?} {nn}", t0.elapsed());
}
