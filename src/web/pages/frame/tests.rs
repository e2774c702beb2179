use super::*;
use crate::error::{FieldErrors, RefusalKind, Refused};
use crate::web::pages::assert_shows;
use crate::web::pages::posted::FormRefused;
use crate::web::problem::ProblemBody;

const LINKS: [NavLink; 2] = [
    NavLink {
        path: "/",
        label: "Home",
    },
    NavLink {
        path: "/homes",
        label: "Homes",
    },
];

fn visited(path: &str) -> Layout<'_> {
    Layout {
        title: "Homes & schools",
        is_wrong: false,
        wide: false,
        content: "<h1>Homes</h1>",
        path,
        menu: Menu::default(),
        who: None,
        token: "t.oken",
        said: None,
        unsaid: None,
        css: "/assets/hearth.css",
        js: "/assets/hearth.js",
    }
}

#[test]
fn a_visitor_can_sign_in_and_has_no_navigation() {
    let seen = [
        "<title>Homes &#38; schools – Hearth</title>",
        "<a class=\"skip\" href=\"#main\">",
        "<a href=\"/sign-in\">Sign in</a>",
        "<main id=\"main\" class=\"width\" tabindex=\"-1\"> <h1>Homes</h1> </main>",
        "href=\"/assets/hearth.css\"",
        "src=\"/assets/hearth.js\" defer",
        "<a href=\"/help\">Help</a>",
    ];
    assert_shows(
        &visited("/homes"),
        &seen,
        &["<nav", "Sign out", "role=\"alert\"", "role=\"status\""],
    );
}

#[test]
fn who_is_signed_in_sees_their_name_their_links_and_where_they_are() {
    let who = Introduction {
        person: "Jo O'Neil".to_owned(),
        organisation: "Acorn <Care>".to_owned(),
        role: "Bidder",
    };
    let page = |path: &'static str| Layout {
        menu: Menu {
            links: &LINKS,
            unread: 0,
        },
        who: Some(&who),
        wide: true,
        ..visited(path)
    };
    let seen = [
        "Jo O&#39;Neil, Bidder, Acorn &#60;Care&#62;",
        "<a href=\"/me\">Your account</a>",
        "action=\"/sign-out\"><input type=\"hidden\" name=\"_token\" value=\"t.oken\"><button class=\"plain\">Sign out</button>",
        "<a href=\"/\">Home</a>",
        "<a href=\"/homes\" aria-current=\"page\">Homes</a>",
        "class=\"width wide\"",
    ];
    let nobody = "<a href=\"/sign-in\">";
    assert_shows(&page("/homes/1"), &seen, &[nobody]);
    let elsewhere = "<a href=\"/homes\">Homes</a>";
    assert_shows(&page("/homeseekers"), &[elsewhere], &["aria-current"]);
    assert_shows(
        &page("/"),
        &[elsewhere, "<a href=\"/\" aria-current=\"page\">Home</a>"],
        &[],
    );
}

#[test]
fn the_menu_says_how_much_is_not_read() {
    let links = [NavLink {
        path: "/notifications",
        label: "Notifications",
    }];
    let page = |unread| Layout {
        menu: Menu { links: &links, unread },
        ..visited("/")
    };
    let many = "<a href=\"/notifications\">Notifications <span class=\"tag yellow\">3<span class=\"unseen\"> not read</span></span></a>";
    assert_shows(&page(3), &[many], &[]);
    assert_shows(
        &page(0),
        &["<a href=\"/notifications\">Notifications</a>"],
        &["tag yellow"],
    );
}

#[test]
fn what_was_done_and_what_was_refused_is_said_over_the_page() {
    let done = Layout {
        said: Some("Birch <House> is saved."),
        ..visited("/")
    };
    let saved = "role=\"status\"><p>Birch &#60;House&#62; is saved.</p>";
    assert_shows(&done, &[saved], &["There is a problem", "<title>Error"]);
    let refused = Layout {
        is_wrong: true,
        unsaid: Some("The home is \"closed\"."),
        ..visited("/")
    };
    let seen = [
        "<title>Error: Homes &#38; schools – Hearth</title>",
        "role=\"alert\" tabindex=\"-1\" autofocus><h2>There is a problem</h2><p>The home is &#34;closed&#34;.</p>",
    ];
    assert_shows(&refused, &seen, &["role=\"status\""]);
}

/// The page for an error says this and not that, and always has the way home and the reference.
fn assert_refusal_says(error: &Error, seen: &[&str], unseen: &[&str]) {
    let body = ProblemBody::of(error, "req-17");
    let page = RefusedPage::of(&body);
    assert_shows(&page, seen, unseen);
    assert_shows(
        &page,
        &["<code>req-17</code>", "<a href=\"/\">Go to your home page</a>"],
        &[],
    );
}

#[test]
fn each_refusal_says_what_to_do_next() {
    for (error, title, next) in [
        (Error::NotFound("home"), "Page not found", "another organisation’s"),
        (
            Error::Forbidden("an operator"),
            "You may not do this",
            "for the role that it takes",
        ),
        (
            Error::Unavailable,
            "Sorry, Hearth is not available just now",
            "Nothing you had saved is lost",
        ),
        (
            Error::from(FormRefused::TokenWrong),
            "You may not do this",
            "load the page again",
        ),
        (Error::TooMany { retry_after: 9 }, "Too many requests", "Wait a little"),
        (
            Error::internal("disk full"),
            "Sorry, something went wrong",
            "Nothing was half done",
        ),
    ] {
        let title = format!("<h1>{title}</h1>");
        assert_refusal_says(&error, &[title.as_str(), next], &["<li>", "disk full"]);
        let asks_for_a_role = matches!(error, Error::Forbidden(_));
        let page = RefusedPage::of(&ProblemBody::of(&error, "")).render().unwrap();
        assert_eq!(page.contains("the role that it takes"), asks_for_a_role, "{error}");
    }
}

#[test]
fn a_refusal_names_every_field_and_is_no_markup() {
    let mut errors = FieldErrors::new();
    errors.add("places", "range", "must be at least 1");
    errors.add("name", "required", "must be filled in, <b>say</b>");
    let refused = Error::Refused(Refused {
        kind: RefusalKind::Unprocessable,
        code: "home.wrong",
        detail: "The home \"Birch\" can't be registered.".to_owned(),
        errors,
    });
    let seen = [
        "<h1>Something you sent is not right</h1>",
        "<p>The home &#34;Birch&#34; can&#39;t be registered.</p>",
        "<ul><li>places must be at least 1</li><li>name must be filled in, &#60;b&#62;say&#60;/b&#62;</li></ul>",
    ];
    assert_refusal_says(&refused, &seen, &["<b>"]);
    assert_refusal_says(&Error::Stale, &["Somebody changed this meanwhile"], &["<ul>"]);
}

#[test]
fn a_refusal_that_the_request_has_no_id_for_asks_for_none() {
    let body = ProblemBody::of(&Error::NotFound("home"), "");
    assert_shows(
        &RefusedPage::of(&body),
        &["There is no such home."],
        &["Reference for asking us"],
    );
}

#[test]
fn what_was_typed_goes_sealed_through_the_sign_in() {
    let page = SignInAgain {
        kept: "c2VhbGVk",
        token: "t.oken",
    };
    let seen = [
        "<h1>Sign in again to continue</h1>",
        "What you wrote is kept in this page",
        "<form method=\"post\" action=\"/sign-in\"",
        "name=\"_token\" value=\"t.oken\"",
        "name=\"kept\" value=\"c2VhbGVk\"",
        "<label for=\"f-email\">",
        "autocomplete=\"current-password\"",
    ];
    assert_shows(&page, &seen, &[]);
}

#[test]
fn what_was_kept_is_ready_to_be_sent_and_is_no_markup() {
    let kept = Kept {
        person: crate::ids::PersonId::new("2026-11-22T12:00:00Z".parse().unwrap()),
        path: "/homes/1/edit".to_owned(),
        fields: vec![
            ("name".to_owned(), "Birch \"<b>House\"".to_owned()),
            ("sexes".to_owned(), "F".to_owned()),
        ],
    };
    let page = KeptForm {
        kept: &kept,
        token: "t.oken",
    };
    let seen = [
        "<h1>You are signed in again</h1>",
        "<form method=\"post\" action=\"/homes/1/edit\">",
        "name=\"_token\" value=\"t.oken\"",
        "name=\"name\" value=\"Birch &#34;&#60;b&#62;House&#34;\"",
        "name=\"sexes\" value=\"F\"",
        "<button>Send what you wrote</button>",
    ];
    assert_shows(&page, &seen, &["<b>"]);
}
