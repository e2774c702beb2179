//! Numbers by which public registers know homes and providers.

use super::ValueError;
use super::parsed::parsed;

parsed! {
    /// The unique reference number of a registered service at Ofsted: `SC` and six digits, or seven digits.
    pub struct Urn by urn, example "SC123456", at most 8 characters, pattern "^(SC[0-9]{6}|[0-9]{7})$"
}

parsed! {
    /// The number of a company, partnership or society at Companies House: eight characters.
    pub struct CompanyNumber by company, example "01234567", at most 8 characters
}

parsed! {
    /// The number of a charity in England and Wales (six or seven digits, with the number of a linked charity perhaps),
    /// Scotland (`SC` and six digits) or Northern Ireland (`NIC` and six digits).
    pub struct CharityNumber by charity, example "1098765", at most 11 characters
}

const URN: ValueError = ValueError::new(
    "urn.invalid",
    "must be an Ofsted URN: SC and six digits, or seven digits",
);
const COMPANY: ValueError = ValueError::new(
    "company_number.invalid",
    "must be a company number, such as 01234567 or OC123456",
);
const CHARITY: ValueError = ValueError::new(
    "charity_number.invalid",
    "must be a charity number, such as 1098765, SC012345 or NIC101234",
);

fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn urn(text: &str) -> Result<String, ValueError> {
    let upper = text.to_ascii_uppercase();
    if upper
        .strip_prefix("SC")
        .map_or_else(|| digits(&upper, 7..=7), |number| digits(number, 6..=6))
    {
        Ok(upper)
    } else {
        Err(URN)
    }
}

/// Companies House prints numbers of digits with leading zeros, which people leave out; the register's own form is kept.
fn company(text: &str) -> Result<String, ValueError> {
    let upper = text.to_ascii_uppercase();
    if digits(&upper, 5..=8) {
        return Ok(format!("{upper:0>8}"));
    }
    let letters = upper.bytes().take_while(u8::is_ascii_uppercase).count();
    let in_form = upper.is_ascii()
        && upper.len() == 8
        && match letters {
            1 => upper.starts_with('R') && digits(&upper[1..], 7..=7),
            2 => digits(&upper[2..], 6..=6) || (digits(&upper[2..7], 5..=5) && upper.ends_with(['R', 'C'])),
            _ => false,
        };
    if in_form { Ok(upper) } else { Err(COMPANY) }
}

fn charity(text: &str) -> Result<String, ValueError> {
    let upper = text.to_ascii_uppercase();
    let in_form = if let Some(number) = upper.strip_prefix("SC").or_else(|| upper.strip_prefix("NIC")) {
        digits(number, 6..=6)
    } else if let Some((main, linked)) = upper.split_once('-') {
        digits(main, 6..=7) && digits(linked, 1..=3)
    } else {
        digits(&upper, 6..=7)
    };
    if in_form { Ok(upper) } else { Err(CHARITY) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urns() {
        assert_eq!(Urn::parse("sc123001").unwrap().as_str(), "SC123001");
        assert!(Urn::parse("1234567").is_ok());
        for bad in [
            "",
            "12",
            "SC12345",
            "SC1234567",
            "12345678",
            "SX123456",
            "SC12345a",
            "123456٧",
        ] {
            assert!(Urn::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn company_numbers() {
        assert_eq!(CompanyNumber::parse("1234567").unwrap().as_str(), "01234567");
        for good in [
            "01234567", "OC301234", "SC012345", "NI012345", "R0000123", "IP12345R", "CE012345",
        ] {
            assert!(CompanyNumber::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "1234", "123456789", "ABCDEFGH", "O1234567", "IPABCDER", "ÄÄ123456"] {
            assert!(CompanyNumber::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn charity_numbers() {
        for good in ["1098765", "210169", "1098765-1", "SC012345", "nic101234"] {
            assert!(CharityNumber::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "12345", "12345678", "1098765-", "SC12345", "NIC1"] {
            assert!(CharityNumber::parse(bad).is_err(), "{bad}");
        }
    }
}
