//! Documents made at random, the same for the same seed: namespaces declared, shadowed, taken back
//! and unused, prefixes on elements and attributes, comments, instructions, CDATA sections,
//! references, white space and quotes of every kind. All of them are well-formed.

use std::fmt::Write as _;

/// xorshift64*: enough to choose bytes, and the same everywhere.
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }
}

impl Random {
    /// One of several.
    pub fn of<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// True once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

const PREFIXES: [&str; 5] = ["", "a", "b", "c", "ds"];
const NAMESPACES: [&str; 5] = ["urn:one", "urn:two", "urn:z", "http://x/?a=1;b=2", "urn:a"];
const LOCALS: [&str; 5] = ["x", "y", "item", "\u{f6}l", "_1"];
const PIECES: [&str; 14] = [
    "text",
    " ",
    "\n",
    "\t",
    "\r\n",
    "&amp;",
    "&lt;",
    "&gt;",
    "&#13;",
    "&#x9;",
    "&quot;",
    "&apos;",
    "\u{20ac}\u{1F600}",
    "]] >",
];

/// Which prefixes stand for something, from the outermost element inwards.
type Scope = Vec<(&'static str, &'static str)>;

fn bound<'s>(scope: &'s Scope, prefix: &str) -> Option<&'s str> {
    scope.iter().rev().find(|(known, _)| *known == prefix).map(|(_, namespace)| *namespace)
}

/// An element with that name, inside elements that declare namespaces, and with content at random.
/// `extra` stands at the end of the inner element's start tag.
pub fn target(random: &mut Random, name: &str, extra: &str) -> String {
    let mut scope = Scope::new();
    let mut xml = String::new();
    let depth = random.below(3);
    for _ in 0..depth {
        xml.push_str("<around");
        declarations(random, &mut scope, &mut xml);
        if random.once_in(2) {
            write!(xml, " xml:lang=\"{}\"", random.of(&["en", "de", ""])).unwrap();
        }
        if random.once_in(4) {
            xml.push_str(" xml:space='preserve'");
        }
        xml.push('>');
    }
    write!(xml, "<{name}{extra}").unwrap();
    declarations(random, &mut scope, &mut xml);
    attributes(random, &scope, &mut xml);
    xml.push('>');
    content(random, &scope, 0, &mut xml);
    write!(xml, "</{name}>").unwrap();
    for _ in 0..depth {
        xml.push_str("</around>");
    }
    xml
}

fn declarations(random: &mut Random, scope: &mut Scope, xml: &mut String) {
    for prefix in PREFIXES {
        if !random.once_in(4) {
            continue;
        }
        let namespace =
            if prefix.is_empty() && random.once_in(3) { "" } else { random.of(&NAMESPACES) };
        let (colon, quote) = (if prefix.is_empty() { "" } else { ":" }, random.of(&["'", "\""]));
        write!(xml, "{}xmlns{colon}{prefix}={quote}{namespace}{quote}", random.of(&[" ", "\n  "]))
            .unwrap();
        scope.push((prefix, namespace));
    }
}

fn attributes(random: &mut Random, scope: &Scope, xml: &mut String) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for _ in 0..random.below(4) {
        let (prefix, local) = (random.of(&PREFIXES), random.of(&LOCALS));
        let namespace = if prefix.is_empty() { Some("") } else { bound(scope, prefix) };
        let Some(namespace) = namespace else { continue };
        if seen.contains(&(namespace, local)) {
            continue;
        }
        seen.push((namespace, local));
        let colon = if prefix.is_empty() { "" } else { ":" };
        let mut value = String::new();
        for _ in 0..random.below(4) {
            value.push_str(random.of(&PIECES));
        }
        write!(xml, " {prefix}{colon}{local} = \"{value}\"").unwrap();
    }
    if random.once_in(8) {
        xml.push_str(" xml:lang='fr'");
    }
}

/// What stands in an element.
fn content(random: &mut Random, scope: &Scope, depth: usize, xml: &mut String) {
    for _ in 0..random.below(6) {
        match random.below(8) {
            0 => xml.push_str("<!-- a - comment & <more> -->"),
            1 => xml.push_str("<?target some  data ?>"),
            2 => xml.push_str("<![CDATA[a < b && c]]>"),
            3 | 4 => {
                for _ in 0..random.below(4) {
                    xml.push_str(random.of(&PIECES));
                }
            }
            _ if depth < 4 => element(random, scope, depth + 1, xml),
            _ => xml.push_str("<leaf xmlns=''/>"),
        }
    }
}

fn element(random: &mut Random, scope: &Scope, depth: usize, xml: &mut String) {
    let mut scope = scope.clone();
    let mut declared = String::new();
    declarations(random, &mut scope, &mut declared);
    let prefix = random.of(&PREFIXES);
    let prefix = if prefix.is_empty() || bound(&scope, prefix).is_none() { "" } else { prefix };
    let colon = if prefix.is_empty() { "" } else { ":" };
    let local = random.of(&LOCALS);
    write!(xml, "<{prefix}{colon}{local}{declared}").unwrap();
    attributes(random, &scope, xml);
    if random.once_in(4) {
        xml.push_str("/>");
        return;
    }
    xml.push('>');
    content(random, &scope, depth, xml);
    write!(xml, "</{prefix}{colon}{local} >").unwrap();
}
