"""The rows: tables and queries, one module a noun. They flush and never commit, and they decide nothing."""
