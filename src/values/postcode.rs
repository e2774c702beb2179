//! Postcodes: the whole, its sector, its district.

use super::ValueError;
use super::parsed::parsed;

parsed! {
    /// A full postcode in its canonical form, `RG1 1AF`. Of a home or a child it is confidential; the district may be shown.
    pub struct Postcode by canonical, example "RG1 1AF", at most 8 characters,
        pattern "^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}$"
}

parsed! {
    /// A postcode district, `RG1`: some 8,000 households, so it may be shown where the postcode may not.
    pub struct District by outward, example "RG1", at most 4 characters, pattern "^[A-Za-z]{1,2}[0-9][A-Za-z0-9]?$"
}

const POSTCODE: ValueError = ValueError::new("postcode.invalid", "must be a full postcode, such as RG1 1AF");
const DISTRICT: ValueError = ValueError::new("district.invalid", "must be a postcode district, such as RG1");

impl Postcode {
    /// The district, `RG1`.
    pub fn district(&self) -> District {
        District(self.0[..self.0.len() - 4].to_owned())
    }

    /// The sector, `RG1 1`: what the carried table knows.
    pub fn sector(&self) -> &str {
        &self.0[..self.0.len() - 2]
    }
}

/// One or two letters, a digit, then perhaps a digit or a letter (Royal Mail's forms A9, A99, A9A, AA9, AA99, AA9A).
fn outward(text: &str) -> Result<String, ValueError> {
    let upper = text.to_ascii_uppercase();
    let letters = upper.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = upper.as_bytes().get(letters..).unwrap_or_default();
    let in_form = matches!(letters, 1 | 2)
        && match rest {
            [digit] => digit.is_ascii_digit(),
            [digit, last] => digit.is_ascii_digit() && last.is_ascii_alphanumeric(),
            _ => false,
        };
    if in_form { Ok(upper) } else { Err(DISTRICT) }
}

/// An outward code, then a digit and two letters, of which Royal Mail never uses C, I, K, M, O and V.
fn canonical(text: &str) -> Result<String, ValueError> {
    let close: String = text.chars().filter(|char| *char != ' ').collect();
    if !close.is_ascii() || close.len() < 5 {
        return Err(POSTCODE);
    }
    let (district, inward) = close.split_at(close.len() - 3);
    let inward = inward.to_ascii_uppercase();
    let letter = |byte: u8| byte.is_ascii_uppercase() && !b"CIKMOV".contains(&byte);
    match inward.as_bytes() {
        [digit, first, second] if digit.is_ascii_digit() && letter(*first) && letter(*second) => {
            Ok(format!("{} {inward}", outward(district).map_err(|_| POSTCODE)?))
        }
        _ => Err(POSTCODE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_every_spelling() {
        for spelling in ["RG1 1AF", "rg11af", " rg1  1af "] {
            assert_eq!(Postcode::parse(spelling).unwrap().as_str(), "RG1 1AF");
        }
        for (text, sector, district) in [
            ("M1 1AE", "M1 1", "M1"),
            ("B33 8TH", "B33 8", "B33"),
            ("EC1A 1BB", "EC1A 1", "EC1A"),
            ("W1A 0AX", "W1A 0", "W1A"),
            ("DN55 1PT", "DN55 1", "DN55"),
        ] {
            let postcode = Postcode::parse(text).unwrap();
            assert_eq!((postcode.sector(), postcode.district().as_str()), (sector, district));
            assert_eq!(District::parse(district).unwrap(), postcode.district());
        }
    }

    #[test]
    fn what_is_no_postcode_is_refused() {
        for bad in [
            "",
            "NOWHERE",
            "RG1",
            "RG1 1A",
            "RG1 1AC",
            "1RG 1AF",
            "RGG1 1AF",
            "R 1AF",
            "RG1 AAF",
            "RG1-1AF",
            "ÄG1 1AF",
            "RG1 1\u{1F600}",
            "RG111 1AF",
        ] {
            assert!(Postcode::parse(bad).is_err(), "{bad:?}");
        }
        for bad in ["", "RG", "RG1 1", "RG1A1", "1RG", "\u{1F600}"] {
            assert!(District::parse(bad).is_err(), "{bad:?}");
        }
    }
}
