//! A bar chart, with the numbers behind it as a table.

use askama::Template;

/// How wide the longest bar is, in the chart's own units.
const WIDTH: i64 = 280;

/// The most bars in a chart; the table has them all.
const MOST: usize = 12;

/// A chart of horizontal bars.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/bars.html")]
pub(super) struct Bars {
    /// Names the chart in its page.
    pub id: &'static str,
    pub title: &'static str,
    /// The heads of the table: what the rows are, then a column each.
    pub heads: Vec<&'static str>,
    pub rows: Vec<Bar>,
}

/// One bar, and its row of the table.
#[derive(Debug, Clone)]
pub(super) struct Bar {
    pub label: String,
    /// What the bar shows.
    pub value: i64,
    /// The numbers of the row.
    pub numbers: Vec<i64>,
}

impl askama::filters::HtmlSafe for Bars {}

/// A bar with its place in the drawing.
struct Placed<'a> {
    bar: &'a Bar,
    text_y: usize,
    bar_y: usize,
    width: i64,
    value_x: i64,
}

impl Bars {
    fn is_empty(&self) -> bool {
        self.rows
            .iter()
            .all(|bar| bar.numbers.iter().all(|number| *number == 0))
    }

    fn height(&self) -> usize {
        self.rows.len().min(MOST) * 40
    }

    fn placed(&self) -> Vec<Placed<'_>> {
        let longest = self.rows.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
        let place = |(at, bar)| {
            let bar: &Bar = bar;
            let width = bar.value * WIDTH / longest;
            Placed {
                bar,
                text_y: at * 40 + 13,
                bar_y: at * 40 + 18,
                width,
                value_x: width + 6,
            }
        };
        self.rows.iter().take(MOST).enumerate().map(place).collect()
    }

    /// How many rows the drawing leaves out.
    fn left_out(&self) -> usize {
        self.rows.len().saturating_sub(MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(values: &[i64]) -> Bars {
        let bar = |value: &i64| Bar {
            label: format!("<{value}>"),
            value: *value,
            numbers: vec![*value],
        };
        Bars {
            id: "sample",
            title: "A sample",
            heads: vec!["Row", "Number"],
            rows: values.iter().map(bar).collect(),
        }
    }

    #[test]
    fn the_longest_bar_is_as_wide_as_there_is_room_and_the_table_has_every_row() {
        let html = bars(&[2, 4]).render().unwrap();
        assert!(
            html.contains(r#"width="280""#) && html.contains(r#"width="140""#),
            "{html}"
        );
        assert!(html.contains("&#60;2&#62;") && !html.contains("<2>"));
        let many = bars(&(1..=20).collect::<Vec<_>>());
        let html = many.render().unwrap();
        assert_eq!((html.matches("<rect").count(), html.matches("<tr>").count()), (12, 21));
        assert!(html.contains("8 more"));
    }

    #[test]
    fn nothing_to_draw_is_said_in_words() {
        assert!(!bars(&[0, 0]).render().unwrap().contains("<svg"));
    }
}
