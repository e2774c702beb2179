//! Names in a text: the words of the names that were given, whatever their case and accents, whole words only.

use std::ops::Range;

use super::fold::Folded;

/// Parts of names that tell nothing on their own: "van der Berg" is looked for as "berg".
const PARTICLES: &[&str] = &[
    "abu", "al", "an", "and", "ap", "bin", "bint", "da", "dal", "de", "del", "della", "den", "der", "di", "dos", "du",
    "el", "ibn", "la", "le", "mac", "mc", "of", "st", "the", "van", "von", "y", "zu",
];

/// Names that are everyday words too: written small they are taken for the word ("she will"), with a capital for the name.
const EVERYDAY: &[&str] = &[
    "amber",
    "angel",
    "april",
    "art",
    "ash",
    "august",
    "autumn",
    "bailey",
    "bay",
    "bill",
    "bird",
    "black",
    "blue",
    "brown",
    "carol",
    "chase",
    "christian",
    "close",
    "daisy",
    "dale",
    "day",
    "dawn",
    "dean",
    "drew",
    "earl",
    "eve",
    "faith",
    "field",
    "fox",
    "frank",
    "gene",
    "grace",
    "grant",
    "gray",
    "green",
    "grey",
    "hall",
    "hardy",
    "harmony",
    "heath",
    "hill",
    "holly",
    "home",
    "hope",
    "house",
    "hunt",
    "hunter",
    "iris",
    "ivy",
    "jack",
    "jade",
    "jay",
    "jewel",
    "joy",
    "june",
    "king",
    "lane",
    "lily",
    "little",
    "long",
    "love",
    "major",
    "mark",
    "mason",
    "may",
    "melody",
    "miles",
    "mike",
    "moon",
    "moss",
    "nick",
    "noble",
    "olive",
    "park",
    "pat",
    "patience",
    "pearl",
    "peace",
    "penny",
    "poppy",
    "price",
    "prince",
    "pride",
    "queen",
    "ray",
    "read",
    "rich",
    "river",
    "rob",
    "robin",
    "rose",
    "ruby",
    "savage",
    "sharp",
    "short",
    "sky",
    "small",
    "smart",
    "stone",
    "storm",
    "strong",
    "sue",
    "summer",
    "sunny",
    "swift",
    "trinity",
    "violet",
    "wade",
    "ward",
    "way",
    "west",
    "white",
    "will",
    "winter",
    "wise",
    "wood",
    "young",
];

/// The words of a name that a text is searched for, in plain form: "Aïsha O’Brien-Khan" gives `aisha`, `obrien`, `khan`.
///
/// Words of one letter and particles are left out unless the name has nothing else.
pub fn words_of_name(name: &str) -> Vec<String> {
    let all: Vec<String> = words(&Folded::of(name)).into_iter().map(|(_, word)| word).collect();
    let telling: Vec<String> = all
        .iter()
        .filter(|word| word.chars().count() > 1 && !PARTICLES.contains(&word.as_str()))
        .cloned()
        .collect();
    if telling.is_empty() { all } else { telling }
}

/// Where the text has a word of a name. Words that stand beside each other are one find: "Aisha Khan".
pub(super) fn find(folded: &Folded, is_name: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, word) in words(folded) {
        let everyday = !folded.is_capital(at.start) && EVERYDAY.contains(&word.as_str());
        // "Aishas" for "Aisha's", "the Khans": a last s may be no part of the name.
        let singular = word.strip_suffix('s').filter(|singular| singular.len() > 2);
        if everyday || !(is_name(&word) || singular.is_some_and(&is_name)) {
            continue;
        }
        match found.last_mut() {
            Some(last)
                if folded.text[last.end..at.start]
                    .trim_matches([' ', '-', '\n', '.'])
                    .is_empty() =>
            {
                last.end = at.end;
            }
            _ => found.push(at),
        }
    }
    found
}

/// The words of a plain text with their bytes. An apostrophe inside belongs to its word and is left out (`o'brien` is `obrien`),
/// the one of a genitive ends it (`aisha's` is `aisha`); a hyphen parts words.
fn words(folded: &Folded) -> Vec<(Range<usize>, String)> {
    let mut words = Vec::new();
    let mut word: Option<(Range<usize>, String)> = None;
    for (at, sign) in folded.text.char_indices() {
        let end = at + sign.len_utf8();
        if sign.is_alphabetic() {
            let (range, letters) = word.get_or_insert_with(|| (at..end, String::new()));
            range.end = end;
            letters.push(sign);
        } else if sign == '\'' && word.is_some() && inside_word(&folded.text[end..]) {
            // The letters after it go on with the same word.
        } else {
            words.extend(word.take());
        }
    }
    words.extend(word);
    words
}

/// Whether what follows an apostrophe goes on with the word: letters do, the lone s of a genitive does not.
fn inside_word(rest: &str) -> bool {
    let mut letters = rest.chars();
    let first = letters.next();
    let second_is_letter = letters.next().is_some_and(char::is_alphabetic);
    match first {
        Some('s') => second_is_letter,
        Some(letter) => letter.is_alphabetic(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_name() {
        for (name, expected) in [
            ("Aïsha O’Brien-Khan", vec!["aisha", "obrien", "khan"]),
            ("Jan van der Berg", vec!["jan", "berg"]),
            ("D'Angelo", vec!["dangelo"]),
            ("Al", vec!["al"]),
            ("J. Smith", vec!["smith"]),
            ("李伟", vec!["李伟"]),
            (" - ", vec![]),
        ] {
            assert_eq!(words_of_name(name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_is_found_as_a_whole_word_only() {
        let names: Vec<String> = ["Aïsha O'Brien", "Will King", "Jean-Luc"]
            .iter()
            .flat_map(|name| words_of_name(name))
            .collect();
        let finds = |text: &str| {
            let folded = Folded::of(text);
            let found = find(&folded, |word| names.iter().any(|name| name == word));
            found
                .into_iter()
                .map(|at| folded.text[at].to_owned())
                .collect::<Vec<_>>()
        };
        for (text, expected) in [
            ("AISHA likes drawing", vec!["aisha"]),
            ("Aisha O’Brien likes drawing", vec!["aisha o'brien"]),
            ("aisha's room, OBrien family", vec!["aisha", "obrien"]),
            ("the Aishas, the O'Briens", vec!["aishas", "o'briens"]),
            ("Jean-Luc", vec!["jean-luc"]),
            ("She will be king of the hill", vec![]),
            ("Will likes chess. The Kings too", vec!["will", "kings"]),
            ("Taishan, brienne, goodwill", vec![]),
        ] {
            assert_eq!(finds(text), expected, "{text}");
        }
    }
}
