//! The tables as diesel sees them, a section a migration of `migrations/common/`, in the same order.
//!
//! Written by hand and compared with both databases by `tests/it/schema.rs`. What a column means stands in the migration.

#![allow(missing_docs, reason = "the migrations say what each column means")]
#![allow(clippy::wildcard_imports, reason = "the way `table!` is written")]

// accounts

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    organisations (id) {
        id -> NativeId,
        kind -> Text,
        name -> Text,
        gss_code -> Nullable<Text>,
        company_number -> Nullable<Text>,
        charity_number -> Nullable<Text>,
        state -> Text,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    memberships (id) {
        id -> NativeId,
        cooperative_id -> NativeId,
        authority_id -> NativeId,
        from_date -> Date,
        to_date -> Nullable<Date>,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    people (id) {
        id -> NativeId,
        organisation_id -> NativeId,
        name -> Text,
        email -> Text,
        role -> Text,
        password_hash -> Nullable<Text>,
        state -> Text,
        totp_secret -> Nullable<Binary>,
        alert_preference -> Text,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    one_time_links (id) {
        id -> NativeId,
        token_hash -> Binary,
        person_id -> NativeId,
        purpose -> Text,
        subject -> Nullable<Text>,
        created_at -> NativeTs,
        expires_at -> NativeTs,
        used_at -> Nullable<NativeTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    sessions (id) {
        id -> NativeId,
        person_id -> NativeId,
        created_at -> NativeTs,
        last_used_at -> NativeTs,
        revoked_at -> Nullable<NativeTs>,
        revoked_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    refresh_tokens (id) {
        id -> NativeId,
        session_id -> NativeId,
        token_hash -> Binary,
        issued_at -> NativeTs,
        expires_at -> NativeTs,
        spent_at -> Nullable<NativeTs>,
        replaces -> Nullable<NativeId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::NativeTs;

    sign_in_attempts (key_hash) {
        key_hash -> Binary,
        window_started_at -> NativeTs,
        failures -> Integer,
        blocked_until -> Nullable<NativeTs>,
    }
}

// kernel

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    audit_events (seq) {
        seq -> BigInt,
        id -> NativeId,
        at -> NativeTs,
        person_id -> Nullable<NativeId>,
        organisation_id -> Nullable<NativeId>,
        role -> Nullable<Text>,
        verb -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        request_id -> Nullable<Text>,
        origin -> Nullable<Text>,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
        previous_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    audit_head (id) {
        id -> Integer,
        seq -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    events (id) {
        id -> NativeId,
        kind -> Text,
        payload -> Text,
        dedupe -> Nullable<Text>,
        state -> Text,
        attempts -> Integer,
        run_after -> NativeTs,
        last_error -> Nullable<Text>,
        created_at -> NativeTs,
        processed_at -> Nullable<NativeTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    mails (id) {
        id -> NativeId,
        person_id -> NativeId,
        event_id -> NativeId,
        cooperative_id -> Nullable<NativeId>,
        to_name -> Text,
        to_address -> Text,
        template -> Text,
        subject -> Text,
        text_body -> Text,
        html_body -> Text,
        link -> Text,
        sealed_token -> Nullable<Binary>,
        message_id -> Text,
        state -> Text,
        attempts -> Integer,
        next_attempt_at -> NativeTs,
        last_error -> Nullable<Text>,
        digest_mail_id -> Nullable<NativeId>,
        created_at -> NativeTs,
        sent_at -> Nullable<NativeTs>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::NativeTs;

    idempotency_answers (scope, key) {
        scope -> Text,
        key -> Text,
        body_hash -> Binary,
        status -> Integer,
        answer -> Binary,
        created_at -> NativeTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::NativeTs;

    settings (key) {
        key -> Text,
        value -> Text,
        updated_at -> NativeTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::NativeTs;

    postcodes (postcode) {
        postcode -> Text,
        easting -> Integer,
        northing -> Integer,
        local_authority_code -> Text,
        imported_at -> NativeTs,
    }
}

// frameworks

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    frameworks (id) {
        id -> NativeId,
        cooperative_id -> NativeId,
        reference -> Text,
        title -> Text,
        procurement_route -> Text,
        state -> Text,
        suspended_reason -> Nullable<Text>,
        starts_on -> Date,
        ends_on -> Date,
        admission -> Text,
        applications_open_on -> Nullable<Date>,
        applications_close_on -> Nullable<Date>,
        policy -> Text,
        opened_at -> Nullable<NativeTs>,
        closed_at -> Nullable<NativeTs>,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    lots (id) {
        id -> NativeId,
        framework_id -> NativeId,
        code -> Text,
        title -> Text,
        placement_type -> Text,
        provision_types -> Integer,
        weekly_ceiling -> Nullable<BigInt>,
        core_ceiling -> Nullable<BigInt>,
        additional_support_ceiling -> Nullable<BigInt>,
        education_ceiling -> Nullable<BigInt>,
        other_ceiling -> Nullable<BigInt>,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    quality_standards (id) {
        id -> NativeId,
        framework_id -> NativeId,
        code -> Text,
        title -> Text,
        requirement -> Text,
        applies_to -> Text,
        evidence -> Text,
        mandatory -> Bool,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    contract_versions (id) {
        id -> NativeId,
        framework_id -> NativeId,
        number -> Integer,
        title -> Text,
        text -> Text,
        sha256 -> Text,
        effective_on -> Date,
        published_by -> NativeId,
        created_at -> NativeTs,
    }
}

// providers

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::*;

    provider_profiles (provider_id) {
        provider_id -> NativeId,
        about -> Nullable<Text>,
        website -> Nullable<Text>,
        telephone -> Nullable<Text>,
        insurance_policy_number -> Nullable<Text>,
        insurance_cover -> Nullable<BigInt>,
        insurance_expires_on -> Nullable<Date>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    applications (id) {
        id -> NativeId,
        framework_id -> NativeId,
        provider_id -> NativeId,
        state -> Text,
        no_exclusion_grounds -> Bool,
        insurance_policy_number -> Nullable<Text>,
        insurance_cover -> Nullable<BigInt>,
        insurance_expires_on -> Nullable<Date>,
        accepted_contract_version_id -> Nullable<NativeId>,
        created_by -> NativeId,
        submitted_by -> Nullable<NativeId>,
        submitted_at -> Nullable<NativeTs>,
        decision_due_on -> Nullable<Date>,
        returned_reason -> Nullable<Text>,
        decided_by -> Nullable<NativeId>,
        decided_at -> Nullable<NativeTs>,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::NativeId;

    application_lots (application_id, lot_id) {
        application_id -> NativeId,
        lot_id -> NativeId,
        outcome -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::NativeId;

    application_answers (application_id, standard_id) {
        application_id -> NativeId,
        standard_id -> NativeId,
        statement -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    admissions (id) {
        id -> NativeId,
        provider_id -> NativeId,
        framework_id -> NativeId,
        lot_id -> NativeId,
        application_id -> NativeId,
        state -> Text,
        reason -> Nullable<Text>,
        suspended_until -> Nullable<NativeTs>,
        insurance_expires_on -> Date,
        admitted_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    admission_history (id) {
        id -> NativeId,
        admission_id -> NativeId,
        state -> Text,
        reason -> Nullable<Text>,
        suspended_until -> Nullable<NativeTs>,
        changed_by -> Nullable<NativeId>,
        created_at -> NativeTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    contract_acceptances (id) {
        id -> NativeId,
        provider_id -> NativeId,
        contract_version_id -> NativeId,
        accepted_by -> NativeId,
        accepted_at -> NativeTs,
    }
}

// homes

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    homes (id) {
        id -> NativeId,
        provider_id -> NativeId,
        name -> Text,
        ofsted_urn -> Text,
        provision_type -> Text,
        placement_type -> Text,
        postcode_district -> Text,
        local_authority_code -> Text,
        easting -> Integer,
        northing -> Integer,
        location_precision -> Text,
        registered_places -> Integer,
        places_open -> Integer,
        places_taken -> Integer,
        age_min -> Integer,
        age_max -> Integer,
        sexes_mask -> Integer,
        needs_mask -> Integer,
        risks_not_accepted_mask -> Integer,
        additional_support_mask -> Integer,
        solo_placements -> Bool,
        education_on_site -> Bool,
        step_free -> Bool,
        pets -> Bool,
        deprivation_of_liberty -> Bool,
        living_arrangement -> Nullable<Text>,
        statement -> Text,
        staffing -> Nullable<Text>,
        grade -> Text,
        active -> Bool,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::NativeId;

    home_addresses (home_id) {
        home_id -> NativeId,
        line1 -> Text,
        line2 -> Nullable<Text>,
        town -> Text,
        postcode -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    home_disclosures (home_id, authority_id) {
        home_id -> NativeId,
        authority_id -> NativeId,
        disclosed_at -> NativeTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    inspections (id) {
        id -> NativeId,
        home_id -> NativeId,
        event_number -> Text,
        inspected_on -> Date,
        grade -> Text,
        overall -> Nullable<Text>,
        protection -> Nullable<Text>,
        leadership -> Nullable<Text>,
        source -> Text,
        recorded_by -> Nullable<NativeId>,
        created_at -> NativeTs,
    }
}

// vacancies

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    vacancies (id) {
        id -> NativeId,
        home_id -> NativeId,
        places -> Integer,
        places_left -> Integer,
        available_from -> Date,
        age_min -> Nullable<Integer>,
        age_max -> Nullable<Integer>,
        sexes_mask -> Nullable<Integer>,
        confirmed_at -> NativeTs,
        reminded_at -> Nullable<NativeTs>,
        state -> Text,
        closed_at -> Nullable<NativeTs>,
        created_by -> NativeId,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    prices (id) {
        id -> NativeId,
        home_id -> NativeId,
        lot_id -> NativeId,
        effective_from -> Date,
        core -> BigInt,
        additional_support -> BigInt,
        education -> BigInt,
        other -> BigInt,
        over_ceiling -> Bool,
        created_by -> NativeId,
        created_at -> NativeTs,
    }
}

// placement_requests

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    placement_requests (id) {
        id -> NativeId,
        reference -> Text,
        framework_id -> NativeId,
        lot_id -> NativeId,
        authority_id -> NativeId,
        created_by -> NativeId,
        state -> Text,
        needed_by -> Text,
        starts_on -> Date,
        published_at -> Nullable<NativeTs>,
        bids_close_at -> NativeTs,
        questions_close_at -> NativeTs,
        price_weight -> Integer,
        child_age -> Integer,
        child_sex -> Nullable<Text>,
        siblings_to_place_with -> Integer,
        origin_district -> Text,
        origin_easting -> Integer,
        origin_northing -> Integer,
        origin_precision -> Text,
        origin_local_authority_code -> Text,
        max_distance_miles -> Nullable<Integer>,
        needs -> Text,
        brief -> Text,
        opened_at -> Nullable<NativeTs>,
        opened_by -> Nullable<NativeId>,
        ended_at -> Nullable<NativeTs>,
        ended_reason -> Nullable<Text>,
        created_at -> NativeTs,
        version -> BigInt,
        answered -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::NativeId;

    confidential_details (placement_request_id) {
        placement_request_id -> NativeId,
        sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::NativeId;

    criteria (id) {
        id -> NativeId,
        placement_request_id -> NativeId,
        position -> Integer,
        title -> Text,
        guidance -> Nullable<Text>,
        weight -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    deadline_extensions (id) {
        id -> NativeId,
        placement_request_id -> NativeId,
        previously_closing_at -> NativeTs,
        bids_close_at -> NativeTs,
        reason -> Text,
        extended_by -> NativeId,
        created_at -> NativeTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    questions (id) {
        id -> NativeId,
        placement_request_id -> NativeId,
        provider_id -> NativeId,
        asked_by -> NativeId,
        text -> Text,
        shown_as -> Nullable<Text>,
        answer -> Nullable<Text>,
        answered_by -> Nullable<NativeId>,
        answered_at -> Nullable<NativeTs>,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    screening_confirmations (id) {
        id -> NativeId,
        placement_request_id -> NativeId,
        question_id -> Nullable<NativeId>,
        field -> Text,
        finding -> Text,
        found_hash -> Text,
        reason -> Text,
        confirmed_by -> NativeId,
        created_at -> NativeTs,
    }
}

// matching

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    invitations (id) {
        id -> NativeId,
        placement_request_id -> NativeId,
        provider_id -> NativeId,
        rank -> Nullable<Integer>,
        created_at -> NativeTs,
        first_looked_at -> Nullable<NativeTs>,
        first_looked_by -> Nullable<NativeId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::NativeId;

    invitation_homes (invitation_id, home_id) {
        invitation_id -> NativeId,
        home_id -> NativeId,
        rank -> Integer,
        reasons -> Text,
    }
}

// bids

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    sealing_keys (placement_request_id) {
        placement_request_id -> NativeId,
        wrapped_key -> Binary,
        created_at -> NativeTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    bids (id) {
        id -> NativeId,
        placement_request_id -> NativeId,
        home_id -> NativeId,
        provider_id -> NativeId,
        state -> Text,
        sealed_version -> Integer,
        submitted_version -> Nullable<Integer>,
        submitted_at -> Nullable<NativeTs>,
        sha256 -> Nullable<Text>,
        withdrawn_at -> Nullable<NativeTs>,
        opened_at -> Nullable<NativeTs>,
        non_compliance_reason -> Nullable<Text>,
        created_by -> NativeId,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    bid_versions (bid_id, number) {
        bid_id -> NativeId,
        number -> Integer,
        sealed -> Binary,
        sealed_by -> NativeId,
        sealed_at -> NativeTs,
        submitted_at -> Nullable<NativeTs>,
        sha256 -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    opened_bids (bid_id) {
        bid_id -> NativeId,
        core -> BigInt,
        additional_support -> BigInt,
        education -> BigInt,
        other -> BigInt,
        weekly_total -> BigInt,
        starts_on -> Date,
        content -> Text,
        opened_at -> NativeTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    declines (id) {
        id -> NativeId,
        placement_request_id -> NativeId,
        home_id -> NativeId,
        provider_id -> NativeId,
        reason -> Text,
        note -> Nullable<Text>,
        declined_by -> NativeId,
        created_at -> NativeTs,
    }
}

// evaluation

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    conflict_declarations (bid_id, evaluator_id) {
        bid_id -> NativeId,
        evaluator_id -> NativeId,
        declared_at -> NativeTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    scores (bid_id, criterion_id, evaluator_id) {
        bid_id -> NativeId,
        criterion_id -> NativeId,
        evaluator_id -> NativeId,
        score -> Integer,
        reason -> Text,
        scored_at -> NativeTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    moderated_scores (bid_id, criterion_id) {
        bid_id -> NativeId,
        criterion_id -> NativeId,
        score -> Integer,
        reason -> Text,
        moderated_by -> NativeId,
        moderated_at -> NativeTs,
    }
}

// awards

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    awards (id) {
        id -> NativeId,
        placement_request_id -> NativeId,
        bid_id -> Nullable<NativeId>,
        lot_id -> NativeId,
        home_id -> NativeId,
        provider_id -> NativeId,
        authority_id -> NativeId,
        procurement_route -> Text,
        state -> Text,
        rank -> Nullable<Integer>,
        tied -> Bool,
        reason -> Nullable<Text>,
        characteristics -> Nullable<Text>,
        starts_on -> Date,
        places -> Integer,
        core -> BigInt,
        additional_support -> BigInt,
        education -> BigInt,
        other -> BigInt,
        area -> Text,
        out_of_area_reason -> Nullable<Text>,
        distance -> Integer,
        standstill_ends_at -> Nullable<NativeTs>,
        proposed_by -> NativeId,
        confirmed_by -> Nullable<NativeId>,
        confirmed_at -> Nullable<NativeTs>,
        vacancy_id -> Nullable<NativeId>,
        closed_by -> Nullable<NativeId>,
        closed_at -> Nullable<NativeTs>,
        closed_reason -> Nullable<Text>,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    approvals (id) {
        id -> NativeId,
        award_id -> NativeId,
        kind -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        decided_by -> Nullable<NativeId>,
        decided_at -> Nullable<NativeTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    letters (id) {
        id -> NativeId,
        award_id -> NativeId,
        recipient_id -> NativeId,
        bid_id -> Nullable<NativeId>,
        kind -> Text,
        subject -> Text,
        body -> Text,
        sent_at -> NativeTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    due_items (id) {
        id -> NativeId,
        award_id -> NativeId,
        authority_id -> NativeId,
        kind -> Text,
        area_gss_code -> Text,
        due_on -> Date,
        note -> Nullable<Text>,
        done_by -> Nullable<NativeId>,
        done_at -> Nullable<NativeTs>,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

// placements

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    placements (id) {
        id -> NativeId,
        award_id -> NativeId,
        placement_request_id -> NativeId,
        framework_id -> NativeId,
        lot_id -> NativeId,
        home_id -> NativeId,
        ofsted_urn -> Text,
        provider_id -> NativeId,
        authority_id -> NativeId,
        vacancy_id -> NativeId,
        places -> Integer,
        contract_version_id -> Nullable<NativeId>,
        state -> Text,
        starts_on -> Date,
        started_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        created_at -> NativeTs,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    placement_terms (id) {
        id -> NativeId,
        placement_id -> NativeId,
        number -> Integer,
        effective_on -> Date,
        core -> BigInt,
        additional_support -> BigInt,
        education -> BigInt,
        other -> BigInt,
        weekly_total -> BigInt,
        funding_social_care -> Integer,
        funding_education -> Integer,
        funding_health -> Integer,
        reason -> Nullable<Text>,
        agreement -> Text,
        sha256 -> Text,
        recorded_by -> NativeId,
        created_at -> NativeTs,
    }
}

// notifications

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    notifications (id) {
        id -> NativeId,
        person_id -> NativeId,
        event_id -> NativeId,
        kind -> Text,
        subject -> Text,
        link -> Text,
        created_at -> NativeTs,
        read_at -> Nullable<NativeTs>,
    }
}

// findings

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::{NativeId, NativeTs};

    application_findings (application_id, standard_id) {
        application_id -> NativeId,
        standard_id -> NativeId,
        outcome -> Text,
        note -> Nullable<Text>,
        of_earlier_answer -> Bool,
        found_by -> NativeId,
        found_at -> NativeTs,
    }
}

// Parents that a table names exactly once; other joins say their `on`.
diesel::joinable!(people -> organisations (organisation_id));
diesel::joinable!(one_time_links -> people (person_id));
diesel::joinable!(sessions -> people (person_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(audit_events -> people (person_id));
diesel::joinable!(audit_events -> organisations (organisation_id));
diesel::joinable!(mails -> people (person_id));
diesel::joinable!(mails -> events (event_id));
diesel::joinable!(frameworks -> organisations (cooperative_id));
diesel::joinable!(lots -> frameworks (framework_id));
diesel::joinable!(quality_standards -> frameworks (framework_id));
diesel::joinable!(contract_versions -> frameworks (framework_id));
diesel::joinable!(contract_versions -> people (published_by));
diesel::joinable!(provider_profiles -> organisations (provider_id));
diesel::joinable!(applications -> frameworks (framework_id));
diesel::joinable!(applications -> organisations (provider_id));
diesel::joinable!(applications -> contract_versions (accepted_contract_version_id));
diesel::joinable!(application_lots -> applications (application_id));
diesel::joinable!(application_lots -> lots (lot_id));
diesel::joinable!(application_answers -> applications (application_id));
diesel::joinable!(application_answers -> quality_standards (standard_id));
diesel::joinable!(application_findings -> applications (application_id));
diesel::joinable!(application_findings -> quality_standards (standard_id));
diesel::joinable!(application_findings -> people (found_by));
diesel::joinable!(admissions -> organisations (provider_id));
diesel::joinable!(admissions -> frameworks (framework_id));
diesel::joinable!(admissions -> lots (lot_id));
diesel::joinable!(admissions -> applications (application_id));
diesel::joinable!(admission_history -> admissions (admission_id));
diesel::joinable!(admission_history -> people (changed_by));
diesel::joinable!(contract_acceptances -> organisations (provider_id));
diesel::joinable!(contract_acceptances -> contract_versions (contract_version_id));
diesel::joinable!(contract_acceptances -> people (accepted_by));
diesel::joinable!(homes -> organisations (provider_id));
diesel::joinable!(home_addresses -> homes (home_id));
diesel::joinable!(home_disclosures -> homes (home_id));
diesel::joinable!(home_disclosures -> organisations (authority_id));
diesel::joinable!(inspections -> homes (home_id));
diesel::joinable!(inspections -> people (recorded_by));
diesel::joinable!(vacancies -> homes (home_id));
diesel::joinable!(vacancies -> people (created_by));
diesel::joinable!(prices -> homes (home_id));
diesel::joinable!(prices -> lots (lot_id));
diesel::joinable!(prices -> people (created_by));
diesel::joinable!(placement_requests -> frameworks (framework_id));
diesel::joinable!(placement_requests -> lots (lot_id));
diesel::joinable!(placement_requests -> organisations (authority_id));
diesel::joinable!(confidential_details -> placement_requests (placement_request_id));
diesel::joinable!(criteria -> placement_requests (placement_request_id));
diesel::joinable!(deadline_extensions -> placement_requests (placement_request_id));
diesel::joinable!(deadline_extensions -> people (extended_by));
diesel::joinable!(questions -> placement_requests (placement_request_id));
diesel::joinable!(questions -> organisations (provider_id));
diesel::joinable!(screening_confirmations -> placement_requests (placement_request_id));
diesel::joinable!(screening_confirmations -> questions (question_id));
diesel::joinable!(screening_confirmations -> people (confirmed_by));
diesel::joinable!(invitations -> placement_requests (placement_request_id));
diesel::joinable!(invitations -> organisations (provider_id));
diesel::joinable!(invitations -> people (first_looked_by));
diesel::joinable!(invitation_homes -> invitations (invitation_id));
diesel::joinable!(invitation_homes -> homes (home_id));
diesel::joinable!(sealing_keys -> placement_requests (placement_request_id));
diesel::joinable!(bids -> placement_requests (placement_request_id));
diesel::joinable!(bids -> homes (home_id));
diesel::joinable!(bids -> organisations (provider_id));
diesel::joinable!(bids -> people (created_by));
diesel::joinable!(bid_versions -> bids (bid_id));
diesel::joinable!(bid_versions -> people (sealed_by));
diesel::joinable!(opened_bids -> bids (bid_id));
diesel::joinable!(declines -> placement_requests (placement_request_id));
diesel::joinable!(declines -> homes (home_id));
diesel::joinable!(declines -> organisations (provider_id));
diesel::joinable!(declines -> people (declined_by));
diesel::joinable!(conflict_declarations -> bids (bid_id));
diesel::joinable!(conflict_declarations -> people (evaluator_id));
diesel::joinable!(scores -> bids (bid_id));
diesel::joinable!(scores -> criteria (criterion_id));
diesel::joinable!(scores -> people (evaluator_id));
diesel::joinable!(moderated_scores -> bids (bid_id));
diesel::joinable!(moderated_scores -> criteria (criterion_id));
diesel::joinable!(moderated_scores -> people (moderated_by));
diesel::joinable!(awards -> placement_requests (placement_request_id));
diesel::joinable!(awards -> bids (bid_id));
diesel::joinable!(awards -> lots (lot_id));
diesel::joinable!(awards -> homes (home_id));
diesel::joinable!(awards -> vacancies (vacancy_id));
diesel::joinable!(approvals -> awards (award_id));
diesel::joinable!(approvals -> people (decided_by));
diesel::joinable!(letters -> awards (award_id));
diesel::joinable!(letters -> organisations (recipient_id));
diesel::joinable!(letters -> bids (bid_id));
diesel::joinable!(due_items -> awards (award_id));
diesel::joinable!(due_items -> organisations (authority_id));
diesel::joinable!(due_items -> people (done_by));
diesel::joinable!(placements -> awards (award_id));
diesel::joinable!(placements -> placement_requests (placement_request_id));
diesel::joinable!(placements -> frameworks (framework_id));
diesel::joinable!(placements -> lots (lot_id));
diesel::joinable!(placements -> homes (home_id));
diesel::joinable!(placements -> vacancies (vacancy_id));
diesel::joinable!(placements -> contract_versions (contract_version_id));
diesel::joinable!(placement_terms -> placements (placement_id));
diesel::joinable!(placement_terms -> people (recorded_by));
diesel::joinable!(notifications -> people (person_id));
diesel::joinable!(notifications -> events (event_id));

diesel::allow_tables_to_appear_in_same_query!(
    organisations,
    memberships,
    people,
    one_time_links,
    sessions,
    refresh_tokens,
    sign_in_attempts,
    audit_events,
    audit_head,
    events,
    mails,
    idempotency_answers,
    settings,
    postcodes,
    frameworks,
    lots,
    quality_standards,
    contract_versions,
    provider_profiles,
    applications,
    application_lots,
    application_answers,
    application_findings,
    admissions,
    admission_history,
    contract_acceptances,
    homes,
    home_addresses,
    home_disclosures,
    inspections,
    vacancies,
    prices,
    placement_requests,
    confidential_details,
    criteria,
    deadline_extensions,
    questions,
    screening_confirmations,
    invitations,
    invitation_homes,
    sealing_keys,
    bids,
    bid_versions,
    opened_bids,
    declines,
    conflict_declarations,
    scores,
    moderated_scores,
    awards,
    approvals,
    letters,
    due_items,
    placements,
    placement_terms,
    notifications,
);
