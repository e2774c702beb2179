-- Rows that are never rewritten: the engine itself refuses to change or delete them.

CREATE TRIGGER audit_events_refuse_update BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;
CREATE TRIGGER audit_events_refuse_delete BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;

CREATE TRIGGER contract_versions_refuse_update BEFORE UPDATE ON contract_versions
BEGIN SELECT RAISE(ABORT, 'contract_versions is never rewritten'); END;
CREATE TRIGGER contract_versions_refuse_delete BEFORE DELETE ON contract_versions
BEGIN SELECT RAISE(ABORT, 'contract_versions is never rewritten'); END;

CREATE TRIGGER admission_history_refuse_update BEFORE UPDATE ON admission_history
BEGIN SELECT RAISE(ABORT, 'admission_history is append-only'); END;
CREATE TRIGGER admission_history_refuse_delete BEFORE DELETE ON admission_history
BEGIN SELECT RAISE(ABORT, 'admission_history is append-only'); END;

CREATE TRIGGER contract_acceptances_refuse_update BEFORE UPDATE ON contract_acceptances
BEGIN SELECT RAISE(ABORT, 'contract_acceptances is never rewritten'); END;
CREATE TRIGGER contract_acceptances_refuse_delete BEFORE DELETE ON contract_acceptances
BEGIN SELECT RAISE(ABORT, 'contract_acceptances is never rewritten'); END;

CREATE TRIGGER prices_refuse_update BEFORE UPDATE ON prices
BEGIN SELECT RAISE(ABORT, 'prices is never rewritten'); END;
CREATE TRIGGER prices_refuse_delete BEFORE DELETE ON prices
BEGIN SELECT RAISE(ABORT, 'prices is never rewritten'); END;

CREATE TRIGGER deadline_extensions_refuse_update BEFORE UPDATE ON deadline_extensions
BEGIN SELECT RAISE(ABORT, 'deadline_extensions is append-only'); END;
CREATE TRIGGER deadline_extensions_refuse_delete BEFORE DELETE ON deadline_extensions
BEGIN SELECT RAISE(ABORT, 'deadline_extensions is append-only'); END;

CREATE TRIGGER screening_confirmations_refuse_update BEFORE UPDATE ON screening_confirmations
BEGIN SELECT RAISE(ABORT, 'screening_confirmations is append-only'); END;
CREATE TRIGGER screening_confirmations_refuse_delete BEFORE DELETE ON screening_confirmations
BEGIN SELECT RAISE(ABORT, 'screening_confirmations is append-only'); END;

CREATE TRIGGER bid_versions_refuse_update BEFORE UPDATE ON bid_versions
    WHEN OLD.submitted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'bid_versions is never rewritten once submitted'); END;
CREATE TRIGGER bid_versions_refuse_delete BEFORE DELETE ON bid_versions
    WHEN OLD.submitted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'bid_versions is never rewritten once submitted'); END;

CREATE TRIGGER opened_bids_refuse_update BEFORE UPDATE ON opened_bids
BEGIN SELECT RAISE(ABORT, 'opened_bids is never rewritten'); END;
CREATE TRIGGER opened_bids_refuse_delete BEFORE DELETE ON opened_bids
BEGIN SELECT RAISE(ABORT, 'opened_bids is never rewritten'); END;

CREATE TRIGGER letters_refuse_update BEFORE UPDATE ON letters
BEGIN SELECT RAISE(ABORT, 'letters is never rewritten'); END;
CREATE TRIGGER letters_refuse_delete BEFORE DELETE ON letters
BEGIN SELECT RAISE(ABORT, 'letters is never rewritten'); END;

CREATE TRIGGER placement_terms_refuse_update BEFORE UPDATE ON placement_terms
BEGIN SELECT RAISE(ABORT, 'placement_terms is never rewritten'); END;
CREATE TRIGGER placement_terms_refuse_delete BEFORE DELETE ON placement_terms
BEGIN SELECT RAISE(ABORT, 'placement_terms is never rewritten'); END;

-- INSERT OR REPLACE deletes without firing a delete trigger, so a row that is there can't be inserted over either.
CREATE TRIGGER audit_events_refuse_replace BEFORE INSERT ON audit_events
    WHEN EXISTS (SELECT 1 FROM audit_events WHERE seq = NEW.seq OR id = NEW.id OR hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;
