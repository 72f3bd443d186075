"""HTTP: reads the request, calls one operation, writes the answer; `api/` speaks JSON, `desk/` speaks pages. No rules."""
