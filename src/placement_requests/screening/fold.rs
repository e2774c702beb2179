//! A text as screening reads it: lower case, without accents, every kind of space, dash, quote and digit made plain, with the
//! way back from each byte to the character that was written.

use std::ops::Range;

/// A text made plain, byte by byte tied to the characters of the original.
pub(super) struct Folded {
    /// The plain text.
    pub text: String,
    /// For each byte of `text` the position of its character in the original.
    places: Vec<usize>,
    original: Vec<char>,
}

impl Folded {
    /// Folds the text. Signs that can't be seen (soft hyphens, zero-width signs, combining accents) leave nothing behind, so they
    /// hide nothing.
    pub fn of(written: &str) -> Self {
        let original: Vec<char> = written.chars().collect();
        let mut text = String::with_capacity(written.len());
        let mut places = Vec::with_capacity(written.len());
        for (place, &sign) in original.iter().enumerate() {
            let from = text.len();
            push_plain(&mut text, sign);
            places.extend(std::iter::repeat_n(place, text.len() - from));
        }
        Self { text, places, original }
    }

    /// The characters of the original that a range of plain bytes, which isn't empty, came from.
    pub fn place(&self, bytes: &Range<usize>) -> Range<usize> {
        self.places[bytes.start]..self.places[bytes.end - 1] + 1
    }

    /// Whether the byte's character was written as a capital.
    pub fn is_capital(&self, byte: usize) -> bool {
        self.original[self.places[byte]].is_uppercase()
    }
}

/// Adds the plain form of one character: of most letters and signs the character itself in lower case.
fn push_plain(text: &mut String, sign: char) {
    match sign {
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{0300}'..='\u{036F}' => {}
        '\u{2010}'..='\u{2015}' | '\u{2212}' => text.push('-'),
        '\u{2018}' | '\u{2019}' | '\u{02BC}' | '`' | '\u{00B4}' => text.push('\''),
        '\u{FF10}'..='\u{FF19}' => text.extend(char::from_digit(sign as u32 - 0xFF10, 10)),
        '\u{FF20}' => text.push('@'),
        '\u{FF0B}' => text.push('+'),
        // A line's end stays one: what stands on two lines belongs together less often than what stands on one.
        '\n' => text.push('\n'),
        _ if sign.is_whitespace() => text.push(' '),
        _ if sign.is_ascii() => text.push(sign.to_ascii_lowercase()),
        _ => {
            for lower in sign.to_lowercase() {
                match without_accent(lower) {
                    Some(plain) => text.push_str(plain),
                    None if ('\u{0300}'..='\u{036F}').contains(&lower) => {}
                    None => text.push(lower),
                }
            }
        }
    }
}

/// The Latin letters under the accents and ligatures of Europe's languages, Turkish, Vietnamese and the usual transcriptions.
fn without_accent(lower: char) -> Option<&'static str> {
    Some(match lower {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ'..='ặ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ' | 'ẻ' | 'ẽ' | 'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' => {
            "e"
        }
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' | 'ḥ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ỉ' | 'ị' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö'
        | 'ø'
        | 'ō'
        | 'ŏ'
        | 'ő'
        | 'ơ'
        | 'ọ'
        | 'ỏ'
        | 'ố'
        | 'ồ'
        | 'ổ'
        | 'ỗ'
        | 'ộ'
        | 'ớ'
        | 'ờ'
        | 'ở'
        | 'ỡ'
        | 'ợ' => "o",
        'œ' => "oe",
        'ŕ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ' | 'ủ' | 'ứ' | 'ừ' | 'ử' | 'ữ' | 'ự' => {
            "u"
        }
        'ŵ' | 'ẁ' | 'ẃ' | 'ẅ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::Folded;

    #[test]
    fn a_text_becomes_plain_and_every_byte_knows_where_it_came_from() {
        for (written, plain) in [
            ("Aïsha O’Brien", "aisha o'brien"),
            ("STRAßE", "strasse"),
            ("Łukasz Müller–Nguyễn", "lukasz muller-nguyen"),
            ("İpek", "ipek"),
            ("e\u{301}lan", "elan"),
            ("077\u{200B}00\u{A0}９", "07700 9"),
            ("李 Wei", "李 wei"),
        ] {
            assert_eq!(Folded::of(written).text, plain, "{written}");
        }
        let folded = Folded::of("Æon ßx");
        assert_eq!(folded.text, "aeon ssx");
        assert_eq!(folded.place(&(0..2)), 0..1);
        assert_eq!(folded.place(&(5..8)), 4..6);
        assert!(folded.is_capital(0) && folded.is_capital(1) && !folded.is_capital(2));
    }
}
