//! The pages, as somebody without JavaScript uses them.

mod everybody;
mod notifications;
mod operator;
mod people;
mod admissions;
mod applications;
mod frameworks;
mod matches;
mod opening;
mod requests;
mod scoring;
mod approver;
mod awards;
mod placements;
mod signing_in;
mod story;
mod typing;
mod bids;
mod homes;
mod provider_requests;
mod vacancies;
