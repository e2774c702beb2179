DROP TABLE declines;
DROP TABLE opened_bids;
DROP TABLE bid_versions;
DROP TABLE bids;
DROP TABLE sealing_keys;
