//! Messages as a mailbox file (RFC 4155), which importers read.

use std::io::{self, Write};

use chrono::DateTime;

use crate::Letter;

/// Writes a message so that it is read back as it is: lines that begin like a separator are guarded.
///
/// # Errors
/// Those of the writer.
pub fn write_mbox(letter: &Letter, mut out: impl Write) -> io::Result<()> {
    let came = DateTime::parse_from_str(&letter.came_at, "%d-%b-%Y %H:%M:%S %z");
    let came = came.map(|at| at.to_utc()).unwrap_or_default();
    writeln!(
        out,
        "From MAILER-DAEMON {}",
        came.format("%a %b %d %H:%M:%S %Y")
    )?;
    for line in letter.bytes.split_inclusive(|&byte| byte == b'\n') {
        let n_brackets = line.iter().take_while(|&&byte| byte == b'>').count();
        if line[n_brackets..].starts_with(b"From ") {
            out.write_all(b">")?;
        }
        out.write_all(line)?;
    }
    out.write_all(if letter.bytes.ends_with(b"\n") {
        b"\n"
    } else {
        b"\n\n"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_begin_like_a_separator_are_guarded() {
        let letter = Letter {
            uid: 1,
            came_at: "27-Nov-2026 09:30:00 +0100".to_owned(),
            bytes: b"Subject: x\r\n\r\nFrom here\r\n>From there".to_vec(),
            is_cut: false,
        };
        let mut out = Vec::new();

        write_mbox(&letter, &mut out).unwrap();

        assert_eq!(
            String::from_utf8(out).unwrap(),
            "From MAILER-DAEMON Fri Nov 27 08:30:00 2026\nSubject: x\r\n\r\n>From here\r\n>>From there\n\n"
        );
    }
}
