//! What the reader of workbooks would hold in memory of a part, told from the part's bytes before the
//! reader sees them.
//!
//! The reader keeps some elements for as long as the workbook is open, and gathers one cell or one tag
//! before it lets go of it. Both can be made as large as a part unpacks to: one cell of two gigabytes,
//! or a name of a font that a hundred thousand formats copy. Here a part is taken apart just far enough
//! to add that up. Whatever a part can be doubtful about counts as held, so that a part made to mislead
//! is refused and not read.

use std::str;

/// Bytes before the first tag that are looked at to tell text from a picture and its like.
const LEAD_BYTES: usize = 1024;

/// The longest name of an element that is told apart; a longer one is nobody's.
const NAME_BYTES: usize = 64;

/// How deep elements may stand within a cell, by the bytes of their names.
const DEPTH_BYTES: usize = 4096;

/// What one element costs beyond its bytes where the reader keeps it; none where it does not.
fn kept_bytes(name: &[u8]) -> Option<u64> {
    match name {
        b"si" => Some(32),
        b"Relationship" => Some(256),
        b"xf" | b"font" | b"fill" | b"border" | b"numFmt" | b"definedName" | b"sheet" => Some(512),
        _ => None,
    }
}

/// Where in a part the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first tag: a picture is not text even here.
    Lead,
    /// After the first tag of what the reader refuses for not being text.
    Foreign,
    Text,
    /// Just after `<`.
    Opened,
    StartTag {
        quote: Option<u8>,
    },
    EndTag,
    /// After `<!`.
    Bang,
    /// In a comment, an instruction or a section of characters, up to what ends it.
    Until(&'static [u8]),
    /// Nobody can say for certain how this goes on: all the rest is one piece.
    Stuck,
}

/// A part on its way past.
#[derive(Debug)]
pub(super) struct Markup {
    place: Place,
    lead: Vec<u8>,
    /// The first bytes of the tag, or the last ones of what lasts until some others.
    seen: Vec<u8>,
    last_byte: u8,
    n_tag: u64,
    n_longest_tag: u64,
    /// Names of the element that is gathered, and of those open within it.
    open: Vec<u8>,
    open_lens: Vec<u8>,
    is_open_kept: bool,
    /// Bytes that are gathered before the reader lets go of them.
    n_piece: u64,
    n_longest_piece: u64,
    n_held: u64,
}

impl Default for Markup {
    fn default() -> Self {
        Self {
            place: Place::Lead,
            lead: Vec::new(),
            seen: Vec::new(),
            last_byte: 0,
            n_tag: 0,
            n_longest_tag: 0,
            open: Vec::new(),
            open_lens: Vec::new(),
            is_open_kept: false,
            n_piece: 0,
            n_longest_piece: 0,
            n_held: 0,
        }
    }
}

impl Markup {
    /// Bytes of the longest piece so far: a tag, a text, a cell or another element that is gathered
    /// whole.
    pub(super) fn n_longest_piece(&self) -> u64 {
        self.n_longest_piece.max(self.n_piece)
    }

    /// About how many bytes the reader keeps of the part so far.
    pub(super) fn n_held(&self) -> u64 {
        self.n_held
    }

    /// Takes the next bytes of the part.
    pub(super) fn read(&mut self, block: &[u8]) {
        let mut rest = block;
        while !rest.is_empty() {
            let n = self.step(rest);
            rest = &rest[n..];
        }
    }

    /// Takes some bytes, at least one, and says how many.
    fn step(&mut self, rest: &[u8]) -> usize {
        match self.place {
            Place::Foreign => rest.len(),
            Place::Lead | Place::Text => self.text(rest),
            Place::Opened => self.opened(rest[0]),
            Place::StartTag { quote } => self.start_tag(rest, quote),
            Place::EndTag => self.end_tag(rest[0]),
            Place::Bang => self.bang(rest[0]),
            Place::Until(end) => self.until(rest, end),
            Place::Stuck => self.gather(rest.len()),
        }
    }

    fn gather(&mut self, n: usize) -> usize {
        self.n_piece += n as u64;
        n
    }

    fn text(&mut self, rest: &[u8]) -> usize {
        let tag_at = rest.iter().position(|&b| b == b'<');
        let n = tag_at.unwrap_or(rest.len());
        self.gather(n);
        let is_lead = self.place == Place::Lead;
        if is_lead {
            let n_wanted = LEAD_BYTES.saturating_sub(self.lead.len());
            self.lead.extend_from_slice(&rest[..n.min(n_wanted)]);
        }
        if tag_at.is_none() {
            return n;
        }
        if is_lead && !is_text(&self.lead) {
            self.let_go();
            self.place = Place::Foreign;
            return n + 1;
        }
        self.end_piece();
        self.place = Place::Opened;
        self.seen.clear();
        self.n_tag = 1;
        n + self.gather(1)
    }

    fn opened(&mut self, byte: u8) -> usize {
        self.last_byte = byte;
        self.place = match byte {
            b'/' => Place::EndTag,
            b'!' => Place::Bang,
            b'?' => Place::Until(b"?>"),
            // The name is taken with the rest of the tag.
            _ => {
                self.place = Place::StartTag { quote: None };
                return self.start_tag(&[byte], None);
            }
        };
        self.n_tag += 1;
        self.gather(1)
    }

    fn start_tag(&mut self, rest: &[u8], mut quote: Option<u8>) -> usize {
        for (at, &byte) in rest.iter().enumerate() {
            match quote {
                Some(open) if byte == open => quote = None,
                Some(_) => {}
                None if byte == b'>' => {
                    self.n_tag += at as u64 + 1;
                    self.gather(at + 1);
                    let is_empty = self.last_byte == b'/';
                    self.start(is_empty);
                    return at + 1;
                }
                None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
                None => {}
            }
            if self.seen.len() <= NAME_BYTES {
                self.seen.push(byte);
            }
            self.last_byte = byte;
        }
        self.n_tag += rest.len() as u64;
        self.place = Place::StartTag { quote };
        self.gather(rest.len())
    }

    /// An element begins; where it is empty, it ends too.
    fn start(&mut self, is_empty: bool) {
        self.place = Place::Text;
        self.n_longest_tag = self.n_longest_tag.max(self.n_tag);
        let name = name_of(&self.seen);
        let local = local_name(name);
        let cost = kept_bytes(local);
        self.n_held += cost.unwrap_or(0);
        if local == b"xf" {
            // A format has a copy of its font and of its number format.
            self.n_held += 2 * self.n_longest_tag;
        }
        let is_within = !self.open_lens.is_empty();
        if !is_within && (cost.is_none() && local != b"c" || is_empty) {
            if cost.is_some() {
                self.n_held += self.n_tag;
            }
            return self.end_piece();
        }
        if is_empty {
            return;
        }
        if name.len() > NAME_BYTES || self.open.len() > DEPTH_BYTES {
            self.place = Place::Stuck;
            return;
        }
        if !is_within {
            self.is_open_kept = cost.is_some();
        }
        self.open_lens.push(name.len() as u8);
        self.open.extend_from_slice(name);
    }

    fn end_tag(&mut self, byte: u8) -> usize {
        self.gather(1);
        match byte {
            b'>' => self.end(),
            b'"' | b'\'' => self.place = Place::Stuck,
            _ if self.seen.len() <= NAME_BYTES => self.seen.push(byte),
            _ => {}
        }
        1
    }

    /// An element ends.
    fn end(&mut self) {
        self.place = Place::Text;
        let Some(&n_name) = self.open_lens.last() else {
            return self.end_piece();
        };
        let at = self.open.len() - usize::from(n_name);
        if self.open[at..] != *name_of(&self.seen) {
            self.place = Place::Stuck;
            return;
        }
        self.open.truncate(at);
        self.open_lens.pop();
        if self.open_lens.is_empty() && self.is_open_kept {
            self.n_held += self.n_piece;
        }
        self.end_piece();
    }

    fn bang(&mut self, byte: u8) -> usize {
        self.seen.push(byte);
        let seen = self.seen.as_slice();
        self.place = if seen == b"--" {
            Place::Until(b"-->")
        } else if seen == b"[CDATA[" {
            Place::Until(b"]]>")
        } else if b"--".starts_with(seen) || b"[CDATA[".starts_with(seen) {
            Place::Bang
        } else {
            // The type of a document may hold whatever it likes.
            Place::Stuck
        };
        if self.place != Place::Bang {
            self.seen.clear();
        }
        self.gather(1)
    }

    fn until(&mut self, rest: &[u8], end: &'static [u8]) -> usize {
        for (at, &byte) in rest.iter().enumerate() {
            self.seen.push(byte);
            if byte == b'>' {
                if self.seen.ends_with(end) {
                    self.gather(at + 1);
                    self.place = Place::Text;
                    self.end_piece();
                    return at + 1;
                }
                // Others may take `<!-->` for a whole comment, and `<?>` for a whole instruction.
                let is_odd = end != b"]]>" && end[1..].ends_with(&self.seen);
                if is_odd {
                    self.place = Place::Stuck;
                    return self.gather(at + 1);
                }
            }
            if self.seen.len() > 2 * end.len() {
                self.seen.remove(0);
            }
        }
        self.gather(rest.len())
    }

    /// A token is over: what was gathered is let go of, unless it stands within an element that is
    /// gathered whole.
    fn end_piece(&mut self) {
        if self.open_lens.is_empty() {
            self.let_go();
        }
    }

    fn let_go(&mut self) {
        self.n_longest_piece = self.n_longest_piece.max(self.n_piece);
        self.n_piece = 0;
    }
}

/// Whether the reader takes the bytes before the first tag for text; it refuses a part otherwise.
fn is_text(lead: &[u8]) -> bool {
    let lead = [&b"\xFF\xFE"[..], b"\xFE\xFF"]
        .iter()
        .find_map(|mark| lead.strip_prefix(*mark))
        .unwrap_or(lead);
    match str::from_utf8(lead) {
        Ok(_) => true,
        // The last character is cut.
        Err(error) => lead.len() >= LEAD_BYTES - 2 && error.error_len().is_none(),
    }
}

/// The name that a tag begins with.
fn name_of(tag: &[u8]) -> &[u8] {
    let is_end = |b: &u8| b.is_ascii_whitespace() || *b == b'/' || *b == b'>';
    &tag[..tag.iter().position(is_end).unwrap_or(tag.len())]
}

/// The name without its namespace.
fn local_name(name: &[u8]) -> &[u8] {
    let colon = name.iter().position(|&b| b == b':');
    colon.map_or(name, |at| &name[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The longest piece and what is held of a part, wherever its blocks end.
    fn measured(part: &[u8]) -> (u64, u64) {
        let measured = |n_block: usize| {
            let mut markup = Markup::default();
            for block in part.chunks(n_block) {
                markup.read(block);
            }
            (markup.n_longest_piece(), markup.n_held())
        };
        let whole = measured(part.len().max(1));
        for n_block in [1, 2, 3, 7] {
            assert_eq!(measured(n_block), whole, "blocks of {n_block}");
        }
        whole
    }

    fn longest(part: &str) -> u64 {
        measured(part.as_bytes()).0
    }

    fn held(part: &str) -> u64 {
        measured(part.as_bytes()).1
    }

    #[test]
    fn a_cell_is_gathered_whole_and_a_row_is_not() {
        let cell = "<c r=\"A1\" t=\"inlineStr\"><is><t>ab</t><t>cd</t></is></c>";
        let rows = format!("<sheetData><row>{}</row></sheetData>", cell.repeat(50));

        assert_eq!(longest(&rows), cell.len() as u64);
        assert_eq!(held(&rows), 0);
    }

    #[test]
    fn texts_tags_and_comments_are_pieces() {
        let text = "x".repeat(500);

        assert_eq!(longest(&format!("<a>{text}</a>")), 500);
        assert_eq!(longest(&format!("<a b=\">'{text}\"/>")), 511);
        assert_eq!(longest(&format!("<!-- <c> {text}-->")), 512);
        assert_eq!(longest(&format!("<a><![CDATA[<c>]{text}]]></a>")), 516);
        assert_eq!(longest(&format!("<?xml {text}?>")), 508);
    }

    #[test]
    fn what_the_reader_keeps_is_added_up() {
        assert_eq!(held("<sst><si><t>ab</t></si><si/></sst>"), 32 + 18 + 32 + 5);
        assert_eq!(held("<x:font><name val=\"a\"/></x:font>"), 512 + 32);
        let font = format!("<font><name val=\"{}\"/></font>", "n".repeat(1000));
        let formats = "<xf/>".repeat(10);

        let styles = held(&format!(
            "<fonts>{font}</fonts><cellXfs>{formats}</cellXfs>"
        ));

        let n_copies = 10 * 2 * (1000 + 14);
        assert_eq!(styles, 512 + font.len() as u64 + n_copies + 10 * (512 + 5));
    }

    #[test]
    fn a_part_that_is_made_to_mislead_is_one_piece_to_its_end() {
        let rest = "<t>a</t>".repeat(200);
        for begun in [
            "<c><is></x></c>",
            "<c><is></c></is>",
            "<a/></b \">",
            "<!DOCTYPE a [",
            "<!-->",
            "<!--->",
            "<?>",
            "<![DATA[",
        ] {
            let n = longest(&format!("{begun}{rest}"));
            assert!(n >= rest.len() as u64, "{begun}: {n}");
        }
    }

    #[test]
    fn a_cell_within_a_cell_does_not_end_it() {
        let part = format!("<c><is><c></c>{}</is></c>", "<t>a</t>".repeat(200));

        assert_eq!(longest(&part), part.len() as u64);
    }

    #[test]
    fn a_picture_is_not_taken_apart() {
        let picture = [b"\x89PNG<c><".as_slice(), &[b'x'; 5000]].concat();

        assert_eq!(measured(&picture), (4, 0));
    }

    #[test]
    fn a_picture_without_a_bracket_counts_all_the_same() {
        assert_eq!(measured(&[0xFF; 5000]).0, 5000);
    }
}
