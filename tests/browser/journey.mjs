// The main way by clicks: from an open framework to a child's first day, by four people in four browsers.

import { check } from "./report.mjs";
import { Day, Hands, Moment } from "./hands.mjs";
import { pause } from "./program.mjs";

/** How long bids are taken at least, in seconds: two are written meanwhile, while other tests draw pages beside. */
const WINDOW = 100;

const PROVIDER = "bids@acorn.example";
const COMMISSIONER = "commissioner@reading.example";
const APPROVER = "director@reading.example";

/** Goes the way on an empty region; `way` is what it is called, whether scripts run, and whether by keyboard alone. */
export async function journey(browser, program, way) {
  const [operator, provider, commissioner, approver] = await Promise.all(
    ["operator", "provider", "commissioner", "approver"].map((who) => Hands.at(browser, program, way, who)),
  );
  await operator.signIn("operator@coop.example");
  await members(operator, commissioner, approver);
  await framework(operator);
  await admission(provider, operator);
  await homes(provider, operator);
  const closes = await request(commissioner);
  await competition(provider, commissioner);
  await bids(provider);
  await commissioner.follow("Requests");
  await pause(Math.max(0, closes - Date.now()) + 1_000);
  await scores(commissioner);
  await award(commissioner, approver, provider);
  await placement(commissioner, provider);
  for (const hands of [operator, provider, commissioner, approver]) await hands.leave();
}

async function members(operator, commissioner, approver) {
  await operator.follow("Authorities");
  await operator.follow("Add a member authority");
  await operator.fill({ Authority: { choose: "Reading" } });
  await operator.press("Add the authority");
  await operator.fill({ "Full name": "Com Missioner", "Work email address": COMMISSIONER, Role: ["Commissioner"] });
  await operator.press("Send the invitation");
  await operator.follow("Invite a person");
  await operator.fill({ "Full name": "Dir Ector", "Work email address": APPROVER, Organisation: { choose: "Reading" }, Role: ["Approver"] });
  await operator.press("Send the invitation");
  await commissioner.join(COMMISSIONER);
  await approver.join(APPROVER);
}

async function framework(operator) {
  await operator.follow("Frameworks");
  await operator.follow("Make a framework");
  await operator.fill({
    Reference: "SE-RES-1",
    Title: "South East residential care",
    "Procurement route": ["Open framework (PA 2023 s.49)"],
    "First day of the term": new Day(-1),
    "Last day of the term": new Day(1400),
    "When providers may apply": ["At any time"],
    "Least weight of price": "20",
    "Greatest weight of price": "60",
    "Shortest time for bids where a home is needed today": "0",
    "Shortest time for bids where a home is needed within five days": "0",
    "Shortest time for bids where a home is needed later": "0",
    "Worst overall grade with which a home may bid": ["Requires improvement to be good"],
    "Who is invited to a competition": ["Providers with a matching home"],
    "What becomes of a price above a lot’s ceiling": ["Refused"],
    "Weekly price above which an award needs an approver": "9,000",
    "Standstill, in working days": "0",
  });
  await operator.press("Make a draft");
  await operator.follow("Add a lot");
  await operator.fill({
    Code: "R1",
    Title: "Children's homes",
    "What it places children in": ["Residential"],
    "Registrations that it takes": ["Children's home"],
    "Ceiling of the whole weekly price": "12000",
  });
  await operator.press("Add the lot");
  await backTo(operator, "framework");
  await operator.follow("Add a quality standard");
  await operator.fill({
    Code: "QS7",
    Title: "The protection of children",
    "What must be shown": "Say how children are kept safe.",
    "Of whom it asks": ["The provider"],
    "How it is shown": ["A statement"],
    "Must every applicant answer it?": ["Yes"],
  });
  await operator.press("Add the standard");
  await backTo(operator, "framework");
  await operator.follow("Publish a contract version");
  await operator.fill({ Title: "Regional contract", "First day on which it is in force": new Day(-1), "Terms": "# Terms\n\nThe same for everybody." });
  await operator.press("Publish this version for good");
  await backTo(operator, "framework");
  await operator.follow("Open it");
  await operator.press("Open this framework");
  await operator.reads("The framework is open.");
}

async function backTo(hands, what) {
  if (new RegExp(`/${what}s/[0-9a-f-]{36}$`).test(new URL(hands.page.url()).pathname)) return;
  await hands.follow(`Back to the ${what}`);
}

async function admission(provider, operator) {
  await provider.open("/");
  await provider.follow(/register/i);
  await provider.fill({
    "Name of the provider": "Acorn Care Ltd",
    "Company number": "01234567",
    "Your full name": "Pro Vider",
    "Your work email address": PROVIDER,
  });
  await provider.press("Register");
  await provider.join(PROVIDER);
  await provider.follow("Frameworks");
  await provider.follow("SE-RES-1");
  await provider.follow("Apply to join");
  await provider.fill({ "Which lots do you apply for?": ["R1, Children's homes"] });
  await provider.press("Begin the application");
  const task = async (name, answers, button) => {
    await provider.follow(name);
    await provider.fill(answers);
    await provider.press(button);
  };
  await task("Answer QS7", { "Your answer": "A named safeguarding lead, and a weekly review." }, "Save your answer");
  await task("Name your insurance", { "Number of the policy": "P-1", "Sum that it covers": "10,000,000", "Last day on which it covers": new Day(300) }, "Save the insurance");
  await task("Declare", { "I declare that no ground for exclusion applies to us": true }, "Save the declaration");
  await task("Read and accept", { "We accept this version of the contract when we submit the application": true }, "Save");
  await provider.follow("Check your answers and submit");
  await provider.press("Submit the application");
  await provider.reads("Application submitted");

  await operator.follow("Applications");
  await operator.follow("Acorn Care Ltd");
  await operator.follow("Decide it");
  await operator.fill({ "What you find of QS7": ["Met"], "Lot R1, Children's homes": ["Admit the provider"] });
  await operator.press("Decide this application");
  check(`${provider.name} is told of the admission by email`, await provider.program.mailed(PROVIDER, "SE-RES-1", "admi"));
}

/** What both homes say; the second lies outside the authority's area. */
const HOMES = [
  { name: "Near House", urn: "SC123001", postcode: "RG2 0AA", core: "4,800.00", support: "350.00" },
  { name: "Guildford House", urn: "SC123004", postcode: "GU1 1AA", core: "5,200.00", support: "0" },
];

async function homes(provider, operator) {
  for (const home of HOMES) {
    await provider.follow("Homes");
    await provider.follow("Register a home");
    await provider.fill({
      "Name of the home": home.name,
      "Ofsted URN": home.urn,
      "Registered as": ["Children's home"],
      "Registered places": "3",
      "Address line 1": "1 Example Lane",
      "Town or city": "Exampleton",
      Postcode: home.postcode,
      "Youngest age": "10",
      "Oldest age": "17",
      "Whom it takes": ["Female", "Male"],
      "Needs that it is registered for": ["Emotional and behavioural difficulties"],
      "Can it look after one child alone?": ["No"],
      "Are children taught there?": ["No"],
      "Can it be used without steps?": ["Yes"],
      "Are there pets?": ["No"],
      "Can it look after a child under a deprivation of liberty order?": ["No"],
      "Statement of purpose, in words": "A small home for older children.",
    });
    await provider.press("Register the home");
    await provider.follow("Homes");
    await provider.follow(home.name);
    await provider.follow("Open free places");
    await provider.fill({ "How many places are free?": "1", "From which day?": new Day() });
    await provider.press("Open the free places");
    await provider.follow("Homes");
    await provider.follow(home.name);
    await provider.follow("New price");
    await provider.fill({ Lot: { choose: "R1" }, "From which day?": new Day(), Core: home.core, "Additional support": home.support, Education: "0", Other: "0" });
    await provider.press("List this price");

    await operator.follow("Homes");
    await operator.follow(home.name);
    await operator.follow("All inspections");
    await operator.fill({ "Ofsted's number of the inspection": `E${home.urn}`, "Day of the inspection": new Day(-60), "Overall grade": ["Good"] });
    await operator.press("Record the inspection");
  }
}

async function request(commissioner) {
  await commissioner.follow("Requests");
  await commissioner.follow("New placement request");
  await commissioner.fill({
    Lot: { choose: "SE-RES-1 R1" },
    "How soon a home is needed": ["Within five days"],
    "First day of the placement": new Day(4),
    "Age of the child": "14",
    "Postcode that the child comes from": "RG1 1AF",
  });
  await commissioner.press("Begin the draft");
  const task = async (name, answers, button = "Save") => {
    await commissioner.follow(name);
    await commissioner.fill(answers);
    await commissioner.press(button);
    await toTheTasks(commissioner);
  };
  await task("The child", { Age: "14", "Sex, where it matters": ["Female"], "Brothers and sisters to live in the same home": "0" });
  await task("Where the child comes from", { "Most miles away that the home may be": "40" });
  await task("Care and support", { "Categories of need": ["Emotional and behavioural difficulties"] });
  await task("How the child should live", {
    "With whom should the child live?": ["No preference"],
    "Should there be pets?": ["No wish for pets"],
    "Must the child live with no other child?": ["No"],
    "Must the home be step-free?": ["No"],
    "Does a court allow the child to be deprived of liberty?": ["No"],
  });
  await task("Which type of placement suits", { Residential: ["Preferred"], Foster: ["Suitable but not preferred"], "Supported accommodation": ["Unsuitable"] });
  await task("The brief", { "The brief": "A calm home near school, with staff who know how to keep a young person safe who sometimes goes missing." });
  await commissioner.follow("Price and quality");
  await commissioner.fill({ "Weight of the price": "40" });
  await commissioner.press("Save");
  for (const [title, weight] of CRITERIA) {
    await toTheTasks(commissioner);
    await commissioner.follow("Price and quality");
    await commissioner.follow("Add a criterion");
    await commissioner.fill({ "What is asked": title, Weight: weight });
    await commissioner.press("Save criterion");
  }
  await toTheTasks(commissioner);
  await commissioner.follow("Risks");
  for (const legend of await commissioner.page.locator("legend").allInnerTexts()) {
    await commissioner.fill({ [legend.trim()]: [legend.trim() === "Going missing" ? "Risk present" : "No known risk"] });
  }
  await commissioner.press("Save");
  await toTheTasks(commissioner);
  // Deadlines are to the minute.
  const closes = Math.ceil((Date.now() + WINDOW * 1_000) / 60_000) * 60_000;
  await task("Deadlines", { "When bids close": new Moment(closes) });
  await commissioner.reads("2 homes fit");
  await commissioner.follow("Check everything and publish");
  await commissioner.press("Publish and invite 1 provider");
  await commissioner.reads("Published.");
  return closes;
}

const CRITERIA = [["How the home meets this child's needs", "40"], ["Education", "20"]];

async function toTheTasks(commissioner) {
  if (!/\/draft$/.test(new URL(commissioner.page.url()).pathname)) await commissioner.follow("Back to the tasks");
}

async function competition(provider, commissioner) {
  await provider.follow("Requests");
  await byReference(provider);
  await provider.reads("Near House", "Guildford House", "2 homes fit");
  await provider.follow("Ask a question");
  await provider.fill({ "Your question": "Does she attend a mainstream school?" });
  await provider.press("Ask the authority");

  await commissioner.follow("Requests");
  await byReference(commissioner);
  await commissioner.follow("Questions and answers");
  await commissioner.follow("Answer");
  await commissioner.fill({ "Your answer": "Yes, and it should go on." });
  await commissioner.press("Answer everybody");
  await commissioner.reads("Yes, and it should go on.");
}

/** Whatever the list has by the request's reference: there is one. */
async function byReference(hands) {
  await hands.follow(/^PR-\d{4}-/);
}

async function bids(provider) {
  for (const { name, core, support } of HOMES) {
    await provider.follow("Requests");
    await byReference(provider);
    await provider.reads("Yes, and it should go on.");
    await provider.follow(`Bid with ${name}`);
    await provider.choose("With which home?", name);
    await provider.press("Begin the bid");
    await provider.fill({
      "First day the child could live there": new Day(4),
      Core: core === "4,800.00" ? "4,800.17" : core,
      "Additional support": support,
      Education: "0",
      Other: "0",
      "Matching statement": "The three young people living here have been asked and would welcome her.",
      ...Object.fromEntries(CRITERIA.map(([title, weight]) => [`${title} (weight ${weight} of 100)`, `Our answer on ${title}.`])),
    });
    await provider.press("Save, and check the bid");
    await provider.press("Submit the bid");
    await provider.reads("Your bid is submitted", "It is the same");
    const fingerprint = (await provider.page.locator("dd code").first().innerText()).trim();
    check(`${provider.name}: the receipt of ${name} comes by email`, await provider.program.mailed(PROVIDER, fingerprint));
  }
}

async function scores(commissioner) {
  await commissioner.follow("Requests");
  await byReference(commissioner);
  await commissioner.follow("Bids");
  await commissioner.reads("2 bids are submitted, and sealed");
  await commissioner.follow("Open the bids");
  await commissioner.press("Open all 2 bids");
  await commissioner.reads("£5,150.17", "£5,200.00", "Our answer on Education.");
  for (const [name, ...given] of [["Near House", 3, 3], ["Guildford House", 5, 4]]) {
    await commissioner.follow("Score the bids");
    await commissioner.follow(new RegExp(`^Score the bid of ${name}`));
    await commissioner.unfold("The matching statement");
    await commissioner.reads("have been asked and would welcome her");
    await commissioner.fill({ "I have no conflict of interest with this bid: no tie to the provider, the home or its people": true });
    for (const [at, [title]] of CRITERIA.entries()) {
      await commissioner.choose(`Score for “${title}”`, `${given[at]},`);
      await commissioner.fill({ [`Why #${at + 1}`]: "As the answer shows." });
    }
    await commissioner.press("Save my scores");
    await commissioner.follow("Bids side by side");
  }
  await commissioner.follow("Ranking sheet");
  // Quality 40·3/5 + 20·3/5 = 36, price 40; quality 40·5/5 + 20·4/5 = 56, price 40·5150.17/5200 = 39.62.
  await commissioner.reads("76.00", "95.62");
}

async function award(commissioner, approver, provider) {
  await commissioner.follow("Go on to the award");
  await commissioner.choose("Which bid", "Rank 1: Guildford House");
  await commissioner.press("Continue to the check");
  await commissioner.press("Propose the award");
  await commissioner.reads("waits for approval");

  await approver.follow("Awards");
  await byReference(approver);
  await approver.follow("Approve");
  await approver.fill({ Why: "No closer home fits." });
  await approver.press("Approve");
  await approver.reads("Approved.");

  await commissioner.follow("Awards");
  await byReference(commissioner);
  await commissioner.follow("Confirm");
  await commissioner.press("Confirm the award");

  await provider.follow("Awards");
  await byReference(provider);
  await provider.follow("Accept");
  await provider.press("Accept the award");
}

async function placement(commissioner, provider) {
  await commissioner.follow("Placements");
  await byReference(commissioner);
  await commissioner.reads("£5,200.00 a week");
  await commissioner.follow("Note that it has started");
  await commissioner.fill({ "First day": new Day() });
  await commissioner.press("Note the start");
  await commissioner.reads("Started");
  await provider.follow("Placements");
  await provider.reads("Guildford House", "Started");
  await provider.follow("Homes");
  await provider.follow("Guildford House");
  await provider.reads("No place is free.", "1 taken through Hearth");
}
