-- Rows that are never rewritten: the engine itself refuses to change or delete them.

CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER audit_events_refuse_rewriting BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW
    EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER audit_events_refuse_truncate BEFORE TRUNCATE ON audit_events
    EXECUTE FUNCTION refuse_rewriting('is append-only');

CREATE TRIGGER contract_versions_refuse_rewriting BEFORE UPDATE OR DELETE ON contract_versions FOR EACH ROW
    EXECUTE FUNCTION refuse_rewriting('is never rewritten');
CREATE TRIGGER contract_versions_refuse_truncate BEFORE TRUNCATE ON contract_versions
    EXECUTE FUNCTION refuse_rewriting('is never rewritten');

CREATE TRIGGER admission_history_refuse_rewriting BEFORE UPDATE OR DELETE ON admission_history FOR EACH ROW
    EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER admission_history_refuse_truncate BEFORE TRUNCATE ON admission_history
    EXECUTE FUNCTION refuse_rewriting('is append-only');

CREATE TRIGGER contract_acceptances_refuse_rewriting BEFORE UPDATE OR DELETE ON contract_acceptances FOR EACH ROW
    EXECUTE FUNCTION refuse_rewriting('is never rewritten');
CREATE TRIGGER contract_acceptances_refuse_truncate BEFORE TRUNCATE ON contract_acceptances
    EXECUTE FUNCTION refuse_rewriting('is never rewritten');

CREATE TRIGGER prices_refuse_rewriting BEFORE UPDATE OR DELETE ON prices FOR EACH ROW
    EXECUTE FUNCTION refuse_rewriting('is never rewritten');
CREATE TRIGGER prices_refuse_truncate BEFORE TRUNCATE ON prices
    EXECUTE FUNCTION refuse_rewriting('is never rewritten');

CREATE TRIGGER deadline_extensions_refuse_rewriting BEFORE UPDATE OR DELETE ON deadline_extensions FOR EACH ROW
    EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER deadline_extensions_refuse_truncate BEFORE TRUNCATE ON deadline_extensions
    EXECUTE FUNCTION refuse_rewriting('is append-only');

CREATE TRIGGER screening_confirmations_refuse_rewriting BEFORE UPDATE OR DELETE ON screening_confirmations FOR EACH ROW
    EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER screening_confirmations_refuse_truncate BEFORE TRUNCATE ON screening_confirmations
    EXECUTE FUNCTION refuse_rewriting('is append-only');

CREATE TRIGGER bid_versions_refuse_rewriting BEFORE UPDATE OR DELETE ON bid_versions FOR EACH ROW
    WHEN (OLD.submitted_at IS NOT NULL)
    EXECUTE FUNCTION refuse_rewriting('is never rewritten once submitted');
CREATE TRIGGER bid_versions_refuse_truncate BEFORE TRUNCATE ON bid_versions
    EXECUTE FUNCTION refuse_rewriting('is never rewritten once submitted');

CREATE TRIGGER opened_bids_refuse_rewriting BEFORE UPDATE OR DELETE ON opened_bids FOR EACH ROW
    EXECUTE FUNCTION refuse_rewriting('is never rewritten');
CREATE TRIGGER opened_bids_refuse_truncate BEFORE TRUNCATE ON opened_bids
    EXECUTE FUNCTION refuse_rewriting('is never rewritten');

CREATE TRIGGER letters_refuse_rewriting BEFORE UPDATE OR DELETE ON letters FOR EACH ROW
    EXECUTE FUNCTION refuse_rewriting('is never rewritten');
CREATE TRIGGER letters_refuse_truncate BEFORE TRUNCATE ON letters
    EXECUTE FUNCTION refuse_rewriting('is never rewritten');

CREATE TRIGGER placement_terms_refuse_rewriting BEFORE UPDATE OR DELETE ON placement_terms FOR EACH ROW
    EXECUTE FUNCTION refuse_rewriting('is never rewritten');
CREATE TRIGGER placement_terms_refuse_truncate BEFORE TRUNCATE ON placement_terms
    EXECUTE FUNCTION refuse_rewriting('is never rewritten');
