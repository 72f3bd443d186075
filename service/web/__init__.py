"""HTTP: reads the request, calls one operation, writes the answer; `api/` speaks JSON, `desk/` pages. No rules."""
