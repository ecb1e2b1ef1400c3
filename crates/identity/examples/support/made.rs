//! Made people whose truth is known.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::Path;

use rand::RngExt;
use rapport_identity::FieldKind;
use rapport_learn::rng;

/// Columns and their kinds.
pub(crate) const FIELDS: [(&str, FieldKind); 9] = [
    ("given_name", FieldKind::GivenName),
    ("surname", FieldKind::Surname),
    ("date_of_birth", FieldKind::BirthDate),
    ("street_number", FieldKind::HouseNumber),
    ("address_1", FieldKind::Street),
    ("suburb", FieldKind::City),
    ("postcode", FieldKind::Postcode),
    ("phone", FieldKind::Phone),
    ("email", FieldKind::Email),
];

const N_FIELDS: usize = FIELDS.len();
/// Share of records that are copies.
const COPIES: f64 = 0.3;

type Row = [String; N_FIELDS];

/// Records and whose they are.
pub(crate) struct People {
    rows: Vec<Row>,
    pub(crate) truth: Vec<u32>,
    seed: u64,
}

impl People {
    pub(crate) fn make(n_records: usize, seed: u64) -> Self {
        let mut chance = Chance(rng(seed, "people"));
        let n_people = (n_records as f64 * (1.0 - COPIES)) as usize;
        let words = Words::make(&mut chance);
        let mut rows: Vec<Row> = Vec::with_capacity(n_records);
        for person in 0..n_people {
            // A fifth live with the one before: one surname, one address.
            let household = (person > 0 && chance.happens(0.2)).then(|| rows[person - 1].clone());
            rows.push(words.person(&mut chance, household.as_ref()));
        }
        let mut truth: Vec<u32> = (0..n_people as u32).collect();
        while rows.len() < n_records {
            let original = chance.below(n_people);
            let copy = chance.spoiled(&rows[original]);
            rows.push(copy);
            truth.push(original as u32);
        }
        Self { rows, truth, seed }
    }

    /// People who each stand once in either of two sources, spoiled in the second, which follows the first.
    pub(crate) fn of_two_sources(n_people: usize, seed: u64) -> Self {
        let mut chance = Chance(rng(seed, "people"));
        let words = Words::make(&mut chance);
        let mut rows: Vec<Row> = Vec::with_capacity(2 * n_people);
        for person in 0..n_people {
            let household = (person > 0 && chance.happens(0.2)).then(|| rows[person - 1].clone());
            rows.push(words.person(&mut chance, household.as_ref()));
        }
        for person in 0..n_people {
            let copy = chance.spoiled(&rows[person]);
            rows.push(copy);
        }
        let people = 0..n_people as u32;
        let truth = people.clone().chain(people).collect();
        Self { rows, truth, seed }
    }

    pub(crate) fn column(&self, idx: usize) -> Vec<&str> {
        self.rows.iter().map(|row| row[idx].as_str()).collect()
    }

    /// New copies of records, each with the record that it is of.
    pub(crate) fn asked(&self, n: usize) -> Vec<(usize, Row)> {
        let mut chance = Chance(rng(self.seed, "asked"));
        let one = |_| {
            let original = chance.below(self.rows.len());
            (original, chance.spoiled(&self.rows[original]))
        };
        (0..n).map(one).collect()
    }

    /// Writes some of the records as CSV, with the truth in a column `cluster`.
    pub(crate) fn write(&self, path: &Path, records: Range<usize>) -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        writeln!(file, "unique_id,{},cluster", names.join(","))?;
        for at in records {
            writeln!(file, "{at},{},{}", self.rows[at].join(","), self.truth[at])?;
        }
        file.flush()
    }
}

struct Chance(rand_chacha::ChaCha8Rng);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    fn happens(&mut self, probability: f64) -> bool {
        self.0.random::<f64>() < probability
    }

    /// A place in a list whose first entries are common and whose last are rare (Zipf, exponent near 1).
    fn rank(&mut self, n: usize) -> usize {
        let drawn = (n as f64 + 1.0).powf(self.0.random::<f64>()) - 1.0;
        (drawn as usize).min(n - 1)
    }

    /// A copy with one to four things wrong with it.
    fn spoiled(&mut self, row: &Row) -> Row {
        let mut copy = row.clone();
        for _ in 0..1 + self.below(4) {
            match self.below(10) {
                0 => copy.swap(0, 1),
                1 | 2 => copy[self.0.random_range(0..N_FIELDS)].clear(),
                // Moved: another house in another street.
                3 => {
                    copy[3] = (1 + self.below(200)).to_string();
                    copy[4].clear();
                }
                _ => {
                    let field = self.below(N_FIELDS);
                    copy[field] = self.slip(&copy[field]);
                }
            }
        }
        copy
    }

    /// One slip of the keyboard.
    fn slip(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        if letters.len() < 2 {
            return text.to_owned();
        }
        let at = self.below(letters.len() - 1);
        let is_digit = letters[at].is_ascii_digit();
        let other = if is_digit {
            b'0' + self.below(10) as u8
        } else {
            b'a' + self.below(26) as u8
        };
        match self.below(4) {
            0 => letters.swap(at, at + 1),
            1 => {
                letters.remove(at);
            }
            2 => letters.insert(at, char::from(other)),
            _ => letters[at] = char::from(other),
        }
        letters.into_iter().collect()
    }
}

/// What names and places are made of.
struct Words {
    given: Vec<String>,
    surnames: Vec<String>,
    streets: Vec<String>,
    suburbs: Vec<String>,
}

impl Words {
    fn make(chance: &mut Chance) -> Self {
        let mut list = |n: usize, n_syllables: usize| -> Vec<String> {
            (0..n).map(|_| word(chance, n_syllables)).collect()
        };
        Self {
            given: list(3_000, 2),
            surnames: list(40_000, 3),
            streets: list(20_000, 3),
            suburbs: list(3_000, 3),
        }
    }

    fn person(&self, chance: &mut Chance, household: Option<&Row>) -> Row {
        let given = self.given[chance.rank(self.given.len())].clone();
        let surname = self.surnames[chance.rank(self.surnames.len())].clone();
        let place = chance.rank(self.suburbs.len());
        let kind = ["street", "road", "avenue", "close", "court"][chance.below(5)];
        let born = format!(
            "{}-{:02}-{:02}",
            1930 + chance.below(76),
            1 + chance.below(12),
            1 + chance.below(28)
        );
        let phone = format!("04{:08}", chance.below(100_000_000));
        let domain = ["mail.example", "post.example", "net.example"][chance.below(3)];
        let mut row = [
            given.clone(),
            surname.clone(),
            born,
            (1 + chance.below(200)).to_string(),
            format!("{} {kind}", self.streets[chance.rank(self.streets.len())]),
            self.suburbs[place].clone(),
            (2000 + place * 3 % 7000 + chance.below(3)).to_string(),
            phone,
            format!("{given}.{surname}{}@{domain}", chance.below(1000)),
        ];
        if let Some(other) = household {
            for field in [1, 3, 4, 5, 6] {
                row[field].clone_from(&other[field]);
            }
        }
        // Not everybody leaves everything.
        for (field, blank) in [(2, 0.1), (7, 0.3), (8, 0.3)] {
            if chance.happens(blank) {
                row[field].clear();
            }
        }
        row
    }
}

fn word(chance: &mut Chance, n_syllables: usize) -> String {
    const STARTS: [&str; 20] = [
        "b", "br", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "st", "t",
        "tr", "v", "w",
    ];
    const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ea", "ie", "ou"];
    const ENDS: [&str; 8] = ["", "", "n", "r", "l", "s", "th", "ck"];
    let n = 1 + chance.below(n_syllables) + usize::from(n_syllables > 2);
    (0..n)
        .map(|_| {
            [
                STARTS[chance.below(20)],
                VOWELS[chance.below(8)],
                ENDS[chance.below(8)],
            ]
            .concat()
        })
        .collect()
}
