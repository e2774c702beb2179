//! Names and sentences of the demo. None of them is anybody's.

/// First words of providers' and homes' names.
pub(super) const TREES: &[&str] = &[
    "Alder",
    "Ash",
    "Aspen",
    "Beech",
    "Birch",
    "Blackthorn",
    "Bramble",
    "Briar",
    "Cedar",
    "Cherry",
    "Chestnut",
    "Clover",
    "Cypress",
    "Elder",
    "Elm",
    "Fern",
    "Foxglove",
    "Gorse",
    "Hawthorn",
    "Hazel",
    "Heather",
    "Holly",
    "Hornbeam",
    "Ivy",
    "Juniper",
    "Larch",
    "Laurel",
    "Lavender",
    "Lime",
    "Linden",
    "Maple",
    "Meadow",
    "Mulberry",
    "Myrtle",
    "Oak",
    "Orchard",
    "Pine",
    "Poplar",
    "Primrose",
    "Quince",
    "Rosemary",
    "Rowan",
    "Sorrel",
    "Spruce",
    "Sycamore",
    "Tansy",
    "Thistle",
    "Walnut",
    "Willow",
    "Yew",
];

/// Second words of providers' names.
pub(super) const FIRMS: &[&str] = &[
    "Care",
    "Children's Services",
    "Homes",
    "Residential",
    "Pathways",
    "Futures",
    "Support",
];

/// Second words of homes' names.
pub(super) const HOUSES: &[&str] = &["House", "Lodge", "Cottage", "View", "Barn", "Grange", "Place", "Gate"];

/// First names.
pub(super) const FIRST_NAMES: &[&str] = &[
    "Amara", "Asha", "Bryn", "Carys", "Dana", "Eilidh", "Farah", "Gethin", "Hana", "Imran", "Jo", "Kofi", "Leila",
    "Marek", "Nadia", "Owen", "Priya", "Quinn", "Rhys", "Saoirse", "Tariq", "Una", "Vikram", "Wren", "Yusuf", "Zoe",
];

/// Last names.
pub(super) const LAST_NAMES: &[&str] = &[
    "Abbott",
    "Begum",
    "Clarke",
    "Dhillon",
    "Evans",
    "Farrow",
    "Gill",
    "Hughes",
    "Iqbal",
    "Jarvis",
    "Kaur",
    "Lewis",
    "Mensah",
    "Nolan",
    "Okafor",
    "Pearce",
    "Quigley",
    "Rahman",
    "Shaw",
    "Tanner",
    "Underhill",
    "Vaughan",
    "Walsh",
    "Young",
];

/// What homes say of themselves.
pub(super) const STATEMENTS: &[&str] = &[
    "A small, steady home where young people have their own room, a garden and adults who stay. We work in a relational way, with weekly \
     consultation from a clinical psychologist.",
    "We care for children who have lived through loss and change. The team is trained in a therapeutic model, and mornings start slowly.",
    "A busy family-style home near school and the sea. Days have a rhythm; evenings are for cooking, sport and music.",
    "A calm house with a high ratio of staff, for young people who need a great deal of adult time before they can be with others again.",
];

/// What requests say of what is wanted.
pub(super) const BRIEFS: &[&str] = &[
    "A calm home near school, with staff who know how to keep a young person safe who sometimes goes missing.",
    "Somebody who needs adults to stay the same. Football every week matters; so does a place for family to visit.",
    "A home where settling in can take its time. School is going well and should go on.",
    "A placement that can hold strong feelings without moving on. Contact with a grandparent every other weekend.",
    "Support to learn to live alone, with somebody to ring at any hour. College on three days a week.",
];

/// What bids answer.
pub(super) const ANSWERS: &[&str] = &[
    "Our manager has led this home for six years. We would begin with two visits, and a key worker is named from the first day.",
    "The home's clinical lead would see the young person within a week, and reviews the plan with the team every month.",
    "We have cared for young people with the same needs; two of them moved on to live with family, one to college.",
    "Our education lead has spoken with the local school, which has a place. Transport is ours.",
];

/// What bids say on matching.
pub(super) const MATCHING: &[&str] = &[
    "The young people who live here were asked and would welcome somebody. We see no clash of needs, and have weighed the one risk that \
     they share.",
    "Two children live here. Both have settled; we would stagger the first week so that they keep their routines.",
];

/// Reasons for scores.
pub(super) const REASONS: &[&str] = &[
    "As the answer shows.",
    "Named people and times; little left open.",
    "Says what, less on how.",
    "Strong on what was asked for, with an example.",
];

/// What providers ask.
pub(super) const QUESTIONS: &[&str] = &[
    "Does the young person go to school now, and should that school go on?",
    "How often is contact with family, and who would travel?",
    "Would two visits before the first night be welcome?",
    "Is anything known about sharing a house with younger children?",
];

/// What authorities answer.
pub(super) const REPLIES: &[&str] = &[
    "Yes, and we would help to make it work.",
    "Every other week; the authority arranges the travel.",
    "That went well before, with a little time to settle.",
];
