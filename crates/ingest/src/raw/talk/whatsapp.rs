//! The text that WhatsApp exports of a chat: `27/11/2026, 09:30 - Ada: Hello` on Android,
//! `[2026/11/27 09:30:15] 王小明: 你好` on iPhones, a message going on over the lines below it.

use std::collections::HashSet;
use std::io::Read;

use super::super::MAX_ROW_BYTES;
use super::super::window::Window;
use super::Piece;
use super::said::{Said, Speaker};
use crate::source::{Source, TextSource};
use crate::{FileFormat, IngestError};

/// People of a chat who are kept; groups have at most 1,024.
const PEOPLE_KEPT: usize = 2_000;

/// Messages of a chat, one by one.
#[derive(Debug)]
pub(super) struct WhatsApp<R: Read> {
    window: Window<R>,
    people: Vec<Speaker>,
}

impl<R: Read> WhatsApp<R> {
    pub(super) fn open(text: TextSource<R>, people: Vec<Speaker>) -> Self {
        Self {
            window: Window::new(text),
            people,
        }
    }

    pub(super) fn n_bytes(&self) -> u64 {
        self.window.n_bytes()
    }

    pub(super) fn n_bytes_taken(&self) -> f64 {
        self.window.n_bytes_taken()
    }

    /// The next message, or what is none; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Piece>, IngestError> {
        let mut text: Vec<u8> = Vec::new();
        let mut is_too_long = false;
        loop {
            let n = self.window.line_len()?;
            let line = &self.window.text()[..n.unwrap_or(self.window.text().len())];
            let is_over = n == Some(0) || (!text.is_empty() && begins(line));
            if is_over {
                break;
            }
            is_too_long |= n.is_none() || text.len() + line.len() > MAX_ROW_BYTES;
            if text.len() + line.len() <= MAX_ROW_BYTES && !(text.is_empty() && is_blank(line)) {
                text.extend_from_slice(line);
            }
            match n {
                Some(n) => self.window.take(n),
                None => self.window.skip_line()?,
            }
        }
        Ok((!text.is_empty() || is_too_long).then(|| self.piece(text, is_too_long)))
    }

    fn piece(&self, text: Vec<u8>, is_too_long: bool) -> Piece {
        let bad = |text: Vec<u8>, why: &str| Piece::Bad {
            text,
            why: why.to_owned(),
        };
        if is_too_long {
            return bad(
                text,
                "the message is longer than 1 MiB; only its beginning is kept",
            );
        }
        let Ok(whole) = std::str::from_utf8(&text) else {
            return bad(
                text,
                "the message holds bytes that are no text in the file's encoding",
            );
        };
        let Some((at, rest)) = head(whole) else {
            let why = "the text stands before the first message; remove it";
            return bad(text, why);
        };
        let Some((author, said)) = author(rest) else {
            return Piece::Note;
        };
        let said = said.trim();
        Piece::Said(Box::new(Said {
            at,
            author: speaker(author),
            others: self.people.clone(),
            text: said.replace('\u{200e}', ""),
            attachments: attachment(said).unwrap_or_default(),
            channel: "whatsapp".to_owned(),
            ..Said::default()
        }))
    }
}

/// Everybody who speaks in a chat.
pub(super) fn people<R: Source>(
    source: &mut R,
    format: &FileFormat,
) -> Result<Vec<Speaker>, IngestError> {
    let mut window = Window::new(TextSource::open(source, format)?);
    let mut known = HashSet::new();
    let mut people = Vec::new();
    loop {
        let n = match window.line_len()? {
            Some(0) => return Ok(people),
            None => {
                window.skip_line()?;
                continue;
            }
            Some(n) => n,
        };
        let line = std::str::from_utf8(&window.text()[..n]).unwrap_or_default();
        let said = head(line).and_then(|(_, rest)| author(rest));
        if let Some((name, _)) = said
            && people.len() < PEOPLE_KEPT
            && known.insert(name.to_owned())
        {
            people.push(speaker(name));
        }
        window.take(n);
    }
}

/// Whether a file begins like a chat, with somebody who says something in its first lines.
pub(crate) fn is_whatsapp(text: &[u8]) -> bool {
    let lines = text.split(|&byte| byte == b'\n').take(50);
    let lines = lines.map(|line| String::from_utf8_lossy(line).into_owned());
    let lines: Vec<String> = lines.filter(|line| !is_blank(line.as_bytes())).collect();
    let is_begun = lines.first().is_some_and(|line| head(line).is_some());
    let is_said = |line: &String| head(line).and_then(|(_, rest)| author(rest)).is_some();
    is_begun && lines.iter().any(is_said)
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

fn begins(line: &[u8]) -> bool {
    let line = &line[..line.len().min(200)];
    head(&String::from_utf8_lossy(line)).is_some()
}

/// When a message was said, and what follows; none where no message begins here.
fn head(line: &str) -> Option<(String, &str)> {
    // Marks of the direction of writing stand before the bracket and before attachments.
    let line = line.trim_start_matches(['\u{200e}', '\u{200f}', '\u{feff}']);
    let (at, rest) = match line.strip_prefix('[') {
        Some(line) => line.split_once("] ")?,
        None => line.split_once(" - ")?,
    };
    let first = at.chars().next()?;
    let is_short = at.len() <= 60 && first.is_ascii_digit();
    let n_digits = at.chars().filter(char::is_ascii_digit).count();
    let has_date = at.contains(['/', '.', '-', '年']);
    let has_time = at.contains([':', '点', '時', '时']) || at.matches('.').count() > 2;
    if !(is_short && has_date && has_time && n_digits >= 6) {
        return None;
    }
    let at = at.replace(['\u{202f}', '\u{a0}'], " ").replace(',', "");
    Some((at, rest))
}

/// Who said what follows; none of a note of the program.
fn author(rest: &str) -> Option<(&str, &str)> {
    let (name, said) = rest.split_once(": ").or_else(|| {
        let rest = rest.trim_end();
        Some((rest.strip_suffix(':')?, ""))
    })?;
    let name = name.trim_matches(['\u{200e}', '\u{200f}', '\u{202a}', '\u{202c}', ' ', '~']);
    let is_name = !name.is_empty() && name.chars().count() <= 100 && !name.contains('\n');
    is_name.then_some((name, said))
}

/// Somebody whom the phone knows by name is called so, everybody else by number.
fn speaker(name: &str) -> Speaker {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let is_mark = |c: char| c.is_ascii_digit() || " +-()\u{a0}\u{2011}".contains(c);
    if name.starts_with('+') && digits >= 7 && name.chars().all(is_mark) {
        let phone = name.chars().filter(|c| c.is_ascii_digit() || *c == '+');
        return Speaker {
            phone: phone.collect(),
            ..Speaker::default()
        };
    }
    Speaker {
        name: name.to_owned(),
        ..Speaker::default()
    }
}

/// The name of a file that was sent.
fn attachment(said: &str) -> Option<String> {
    let said = said.trim_start_matches('\u{200e}');
    if let Some(named) = said.strip_prefix("<attached: ") {
        return Some(named.split_once('>')?.0.to_owned());
    }
    let (name, _) = said.lines().next()?.rsplit_once(" (")?;
    let is_file = name.rsplit_once('.').is_some_and(|(_, end)| end.len() <= 5);
    (is_file && !name.contains(' ')).then(|| name.to_owned())
}
