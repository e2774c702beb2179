//! Whole ways through the marketplace, as people would go them.

mod main_way;
