-- What long lists are sorted by. A list goes on from a value and, among equals, from an id: an index has both.
-- Where a list is sorted by what stands in another table (a home's name, the deadline of a bid's request, the price in force today),
-- or is never long (one provider's free places, one organisation's people), the rows of its scope are sorted.

CREATE INDEX organisations_by_name ON organisations (kind, lower(name), id);

CREATE INDEX homes_by_name ON homes (lower(name), id);
CREATE INDEX homes_by_places_open ON homes (places_open, id);

CREATE INDEX placement_requests_by_authority_deadline ON placement_requests (authority_id, bids_close_at, id);
CREATE INDEX placement_requests_by_authority_reference ON placement_requests (authority_id, reference);

CREATE INDEX awards_by_authority_first_day ON awards (authority_id, starts_on, id);
CREATE INDEX awards_by_provider_first_day ON awards (provider_id, starts_on, id);
CREATE INDEX due_items_by_authority_day ON due_items (authority_id, due_on, id);

-- The first day as it was, else as agreed.
CREATE INDEX placements_by_authority_first_day ON placements (authority_id, coalesce(started_on, starts_on), id);
CREATE INDEX placements_by_provider_first_day ON placements (provider_id, coalesce(started_on, starts_on), id);
