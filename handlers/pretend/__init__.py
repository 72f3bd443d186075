"""A pretend case-management system for demonstrations and tests. It knows nothing of Towpath; only HTTP joins them."""
